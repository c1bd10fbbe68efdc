import type { Compute } from '../compute/compute.ts'
import { computeInProcess } from '../compute/in-process.ts'
import type { VERIFY_TASKS } from './tasks.ts'

export type ComputeVerify = Compute<typeof VERIFY_TASKS>
/** Runs in this process; see `computeInProcess`. */
export const computeVerifyInProcess: ComputeVerify = computeInProcess(
  async () => (await import('./tasks.ts')).VERIFY_TASKS,
)
