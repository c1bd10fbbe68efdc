import type { JobId, JobState, Stage } from '#contract'

/*
 * What a chat is told of a job, without a word of how a platform shows it. Made by the files beside this one, which are
 * pure: equal views give equal messages, so that comparing them tells whether there is anything to edit.
 */

export type Notification =
  | { readonly kind: 'parent-message'; readonly parent: ParentMessage }
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'mention'; readonly mention: Mention }

/** The message in the channel that the thread hangs on. */
export type ParentMessage = {
  readonly jobId: JobId
  /** Null while nobody is to be notified: a new message that names a person calls that person, an edit does not. */
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
  /** Why it failed and what can be done; a line each. */
  readonly notes: readonly string[]
  readonly actions: readonly CardAction[]
}
export type CardAction = 'cancel' | 'retry' | 'refine' | 'details'
export type CardStage = {
  readonly stage: Stage
  readonly label: string
  /** `stopped`: it was under way when the job ended. */
  readonly status: 'pending' | 'active' | 'done' | 'failed' | 'stopped'
  /** How long it took: "1.2 s". Null until it has ended. */
  readonly took: string | null
  readonly detail: string | null
}

export type Summary = {
  readonly title: string
  readonly archive: SummaryArchive
  readonly sections: readonly SummarySection[]
}
/** `lines` may be many: whoever renders cuts, and says that the rest is in the archive's GENERATION_REPORT.md. */
export type SummarySection = {
  readonly heading: string
  readonly style: 'list' | 'code'
  readonly lines: readonly string[]
}
/** Where the archive is: in the thread, behind an address, with the API, or nowhere any more. */
export type SummaryArchive = { readonly filename: string; readonly facts: string } & (
  | { readonly at: 'thread' }
  | { readonly at: 'link'; readonly url: string; readonly why: string }
  | { readonly at: 'api'; readonly path: string; readonly why: string }
  | { readonly at: 'nowhere'; readonly why: string }
)

/** The last message, and the only one that calls somebody. */
export type Mention = { readonly requester: string; readonly text: string; readonly notes: readonly string[] }
