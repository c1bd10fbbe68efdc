import type { Compute } from '../../compute/compute.ts'
import { computeHere } from '../../compute/here.ts'
import type { WRITE_TASKS } from './tasks.ts'

export type ComputeWrite = Compute<typeof WRITE_TASKS>
/** In this very process; see `computeHere`. */
export const computeWriteHere: ComputeWrite = computeHere(
  async () => (await import('./tasks.ts')).WRITE_TASKS,
)
