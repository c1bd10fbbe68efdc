import type { JobRecord, Progress } from '#contract'
import type { Logger } from '#lib/log'
import type { InSpan } from '#lib/telemetry'
import type { JobStore } from '#store/job-store'
import type { Account, AccountInput } from '../llm/account.ts'
import type { PackProject, RenderProject, VerifyProject } from '../ports.ts'
import type { TestingTests } from '../stages/mutants.ts'
import type { Designers } from '../stages/intake.ts'
import type { Planning } from '../stages/plan.ts'
import type { Repair } from '../stages/repair.ts'
import type { Review } from '../stages/review.ts'
import type { Write } from '../stages/write-handlers.ts'
import type { ComputeAll } from '../tasks/compute-all.ts'

export type PipelineDeps = {
  readonly store: JobStore
  readonly designers: Designers
  readonly render: RenderProject
  readonly verify: VerifyProject
  readonly pack: PackProject
  /** Writes and repairs custom operations; without it each is a stub. */
  readonly writer: Writer | null
  /** Compares the result with the request; null or absent to leave that out. */
  readonly review?: Review | null
  /** Tries faults in model-written code. Default: nothing is tried. */
  readonly tests?: TestingTests | null
  /** How plans are made; absent where no job waits for a decision. */
  readonly planning?: Planning
  /** Opens the account that a job's model calls are charged to, with the limits of this installation and the job's own. */
  readonly openAccount: (kept: Pick<AccountInput, 'initial' | 'save'>, limitUsd: number | null) => Account
  /** A notice about the model, for the reports of jobs that used it. Default: none. */
  readonly modelNotice?: () => string | null
  readonly log: Logger
  /** Runs work whose duration depends on user input, off the main thread. Default: in place. */
  readonly compute?: ComputeAll
  /** Traces each stage. Default: no traces. */
  readonly inSpan?: InSpan
  /** Milliseconds since 1970; never goes backwards within a run. Default: a monotonic clock for each run. */
  readonly now?: () => number
}

export type Writer = {
  readonly write: Write
  readonly repair: Repair
}

/** A run that stored a plan and waits for a decision; the next run goes on from there. */
export type PlanWait = {
  readonly state: 'waiting'
  readonly planVersion: number
  /** When the plan expires, ISO 8601. */
  readonly expiresAt: string
} & Omit<Progress, 'attempt'>

export type Attempt = {
  readonly record: JobRecord
  readonly attempt: number
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => Promise<void>
}
