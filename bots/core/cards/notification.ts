import type { JobId, JobState, Stage } from '#contract'

/*
 * Platform-neutral messages about a job. The builders beside this file are pure: equal views give equal messages, so
 * comparing messages shows whether an edit is needed.
 */

export type Notification =
  | { readonly kind: 'parent-message'; readonly parent: ParentMessage }
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'mention'; readonly mention: Mention }

/** The channel message that the job's thread is attached to. */
export type ParentMessage = {
  readonly jobId: JobId
  /** Null while no one should be notified: mentioning a person notifies them in a new message, but not in an edit. */
  readonly requester: string | null
  readonly prompt: string
  readonly state: JobState
  readonly headline: string
}

/** The live card. */
export type Card = {
  readonly jobId: JobId
  readonly title: string
  readonly state: JobState
  readonly headline: string
  readonly stages: readonly CardStage[]
  /** Why it failed and what to do about it, one per line. */
  readonly notes: readonly string[]
  readonly actions: readonly CardAction[]
}
export type CardAction = 'cancel' | 'retry' | 'refine' | 'details'
export type CardStage = {
  readonly stage: Stage
  readonly label: string
  /** `stopped`: it was running when the job ended. */
  readonly status: 'pending' | 'active' | 'done' | 'failed' | 'stopped'
  /** Duration, such as "1.2 s". Null until it has ended. */
  readonly duration: string | null
  readonly detail: string | null
}

export type Summary = {
  readonly title: string
  readonly archive: SummaryArchive
  readonly sections: readonly SummarySection[]
}
/** `lines` is unbounded: renderers truncate it and refer to the archive's GENERATION_REPORT.md for the rest. */
export type SummarySection = {
  readonly heading: string
  readonly style: 'list' | 'code'
  readonly lines: readonly string[]
}
/** Where the archive is: in the thread, behind a URL, at the API, or deleted. */
export type SummaryArchive = { readonly filename: string; readonly facts: string } & (
  | { readonly at: 'thread' }
  | { readonly at: 'link'; readonly url: string; readonly why: string }
  | { readonly at: 'api'; readonly path: string; readonly why: string }
  | { readonly at: 'nowhere'; readonly why: string }
)

/** The result message, and the only one that notifies the requester. */
export type Mention = { readonly requester: string; readonly text: string; readonly notes: readonly string[] }
