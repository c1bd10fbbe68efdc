import type { JobId, JobState, Stage } from '#contract'
import type { Piece } from '../reply.ts'

/*
 * Platform-neutral messages about a job. The builders beside this file are pure: equal views give equal messages, so
 * comparing messages shows whether an edit is needed.
 */

export type Notification =
  | { readonly kind: 'parent-message'; readonly parent: ParentMessage }
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'plan'; readonly plan: PlanCard }
  | { readonly kind: 'result'; readonly result: Result }

/** The channel message that the job's thread is attached to. */
export type ParentMessage = {
  readonly jobId: JobId
  /** Null while no one should be notified: mentioning a person notifies them in a new message, but not in an edit. */
  readonly requester: string | null
  readonly prompt: string
  readonly state: JobState
  readonly headline: string
}

/** The live card. It has stages while the job runs, and is one line before and after. */
export type Card = {
  readonly jobId: JobId
  readonly title: string
  readonly state: JobState
  readonly headline: string
  /** How settings changed the job: "Plan: always, set for #backend". */
  readonly settings: readonly (readonly Piece[])[]
  readonly stages: readonly CardStage[]
  readonly actions: readonly CardAction[]
}
export type CardAction = 'cancel' | 'retry' | 'refine' | 'details'
export type CardStage = {
  readonly stage: Stage
  readonly label: string
  readonly status: 'pending' | 'active' | 'done' | 'failed'
  /** Duration, such as "1.2 s". Null until it has ended. */
  readonly duration: string | null
  readonly detail: string | null
}

/**
 * The message that asks for a decision on a plan, which notifies the requester; afterwards it says which one was taken.
 * It fits on a phone, as the result does.
 */
export type PlanCard = {
  readonly jobId: JobId
  readonly version: number
  /** Whom it asks, and mentions; null once that is decided. */
  readonly requester: string | null
  readonly title: string
  /** What follows the title, and who did it: "was approved by", the person. */
  readonly says: string
  readonly by: PlanAuthor | null
  /** For the colour. */
  readonly state: JobState
  readonly lines: readonly ResultLine[]
  /** The diagram, as the platform names it: the ID or the name of a file. */
  readonly picture: string | null
  /** Answers to the only question, for one tap each; by the place of the choice. */
  readonly answers: readonly { readonly label: string; readonly choice: number }[]
  readonly actions: readonly PlanAction[]
}
export type PlanAction = 'approve' | 'change' | 'cancel' | 'details'
export type PlanAuthor = { readonly userId: string }

/**
 * The result message, which notifies the requester. It fits on a phone without "see more": what is left
 * out is behind Details.
 */
export type Result = {
  readonly jobId: JobId
  /** Null for people who do not want to be mentioned. */
  readonly requester: string | null
  readonly state: JobState
  /** The name of the project, and what became of it: "Todo list", "is ready". */
  readonly title: string
  readonly says: string
  readonly lines: readonly ResultLine[]
  /** Null where there is none, such as after a failure. */
  readonly archive: ResultArchive | null
  readonly actions: readonly CardAction[]
}
export type ResultLine = { readonly as: 'text' | 'heading' | 'item' | 'small'; readonly text: string }

/** Where the archive is. */
export type ResultArchive = { readonly filename: string } & (
  | { readonly at: 'message' }
  /** In a message of its own above. */
  | { readonly at: 'thread' }
  | { readonly at: 'link'; readonly url: string; readonly until: string; readonly why: string }
  /** Only an admin can hand it over. */
  | { readonly at: 'api'; readonly why: string }
  | { readonly at: 'nowhere'; readonly why: string }
)
