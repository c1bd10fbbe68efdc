import type { Compute } from '../compute/compute.ts'
import { computeHere } from '../compute/here.ts'
import type { TASKS } from './tasks.ts'

export type ComputeAll = Compute<typeof TASKS>
/** In this very process; see `computeHere`. */
export const computeAllHere: ComputeAll = computeHere(async () => (await import('./tasks.ts')).TASKS)
