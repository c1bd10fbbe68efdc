import type { JobId, JobSummary, JobView } from '#contract'
import type { Reply } from './reply.ts'

/** The result of submitting a request. A queued one gets no reply here: the notifier takes over. */
export type SubmitResult =
  | { readonly kind: 'queued'; readonly jobId: JobId; readonly replayed: boolean }
  /** A change that waits for the version that is being made. */
  | { readonly kind: 'noted'; readonly reply: Reply }
  /** A newer version exists than the one that was to be refined: the person chooses. */
  | { readonly kind: 'outdated'; readonly asked: JobView; readonly newest: JobSummary }
  | ({ readonly kind: 'refused' } & Refusal)

/** Why nothing was started, and what may help. */
export type Refusal = {
  readonly reply: Reply
  /** `retry`: the same request may succeed soon; it starts at most one job. `none`: no button would change anything. */
  readonly help: 'retry' | 'edit' | 'none'
}
