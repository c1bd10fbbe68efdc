import type { Compute } from '../../compute/compute.ts'
import { computeInProcess } from '../../compute/in-process.ts'
import type { WRITE_TASKS } from './tasks.ts'

export type ComputeWrite = Compute<typeof WRITE_TASKS>
/** Runs in this process; see `computeInProcess`. */
export const computeWriteInProcess: ComputeWrite = computeInProcess(
  async () => (await import('./tasks.ts')).WRITE_TASKS,
)
