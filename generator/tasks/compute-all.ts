import type { Compute } from '../compute/compute.ts'
import { computeInProcess } from '../compute/in-process.ts'
import type { TASKS } from './tasks.ts'

export type ComputeAll = Compute<typeof TASKS>
/** In this very process; see `computeHere`. */
export const computeAllInProcess: ComputeAll = computeInProcess(
  async () => (await import('./tasks.ts')).TASKS,
)
