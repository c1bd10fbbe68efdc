import type { Rng } from './rng.ts'

/** The decisions on the plans of a job, in order. */
const COURSES = [
  ['approve'],
  ['approve twice'],
  ['change', 'approve'],
  ['change twice', 'approve'],
  ['change', 'change', 'approve twice'],
  ['change and approve at once', 'approve'],
  ['cancel'],
  ['change', 'cancel'],
  ['approve and cancel at once'],
] as const
type Step = (typeof COURSES)[number][number]

export type PlanCourse = {
  readonly steps: readonly Step[]
  /** Decides on what the thread shows; otherwise over REST, as soon as the job waits. */
  readonly reads: boolean
}

export const drawCourse = (rng: Rng): PlanCourse => ({ steps: rng.oneOf(COURSES), reads: rng.hits(0.6) })
