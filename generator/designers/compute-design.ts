import type { Compute } from '../compute/compute.ts'
import { computeInProcess } from '../compute/in-process.ts'
import type { DESIGN_TASKS } from './tasks.ts'

export type ComputeDesign = Compute<typeof DESIGN_TASKS>
/** Runs in this process; see `computeInProcess`. */
export const computeDesignInProcess: ComputeDesign = computeInProcess(
  async () => (await import('./tasks.ts')).DESIGN_TASKS,
)
