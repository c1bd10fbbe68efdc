import type { Compute } from '../compute/compute.ts'
import { computeInProcess } from '../compute/in-process.ts'
import type { TASKS } from './tasks.ts'

export type ComputeAll = Compute<typeof TASKS>
/** Runs in this process; see `computeInProcess`. */
export const computeAllInProcess: ComputeAll = computeInProcess(
  async () => (await import('./tasks.ts')).TASKS,
)
