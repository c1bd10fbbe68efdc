import type { Compute } from '../compute/compute.ts'
import { computeHere } from '../compute/here.ts'
import type { DESIGN_TASKS } from './tasks.ts'

export type ComputeDesign = Compute<typeof DESIGN_TASKS>
/** Runs in this process; see `computeHere`. */
export const computeDesignHere: ComputeDesign = computeHere(
  async () => (await import('./tasks.ts')).DESIGN_TASKS,
)
