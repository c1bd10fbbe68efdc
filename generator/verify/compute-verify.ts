import type { Compute } from '../compute/compute.ts'
import { computeHere } from '../compute/here.ts'
import type { VERIFY_TASKS } from './tasks.ts'

export type ComputeVerify = Compute<typeof VERIFY_TASKS>
/** In this very process; see `computeHere`. */
export const computeVerifyHere: ComputeVerify = computeHere(
  async () => (await import('./tasks.ts')).VERIFY_TASKS,
)
