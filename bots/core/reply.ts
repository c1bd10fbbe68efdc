import type { JobSummary, JobView } from '#contract'
import { truncate } from './truncate.ts'

/** What a button does with the request that it carries; see `on-button.ts`. */
export const REQUEST_ACTIONS = [
  'send_again',
  'send_in_dm',
  'edit_request',
  'refine_newest',
  'refine_branch',
  'build_request',
  'answer_question',
] as const
export type RequestAction = (typeof REQUEST_ACTIONS)[number]

export const REQUEST_LABELS: Readonly<Record<RequestAction, string>> = {
  send_again: 'Try again',
  send_in_dm: 'Send it as a direct message',
  edit_request: 'Change it',
  refine_newest: 'Change the newest',
  refine_branch: 'Start a branch',
  build_request: 'Build it',
  answer_question: 'Just a question',
}

/** A button under a reply. The `value` of a job's button is its ID. */
export type Button =
  | {
      readonly action: 'cancel_job' | 'retry_job' | 'refine_job' | 'job_details'
      readonly jobId: string
      /** Instead of the usual one, to tell the buttons of several jobs apart. */
      readonly label?: string
    }
  /** Decides on this version of a plan. */
  | { readonly action: 'approve_plan' | 'change_plan'; readonly jobId: string; readonly version: number }
  /** Turns to another page of a job's details, counted from 0. */
  | { readonly action: 'previous_page' | 'next_page'; readonly jobId: string; readonly page: number }
  /** Opens a form for the settings that are shown beside it. */
  | { readonly action: 'change_settings' | 'change_house_rules'; readonly holder: string }
  /** Has the request that was not sent: resubmits it as it is or in another way. */
  | { readonly action: RequestAction }

/** A piece of text: plain (to be escaped), code, or a person, group or channel named without notifying anyone. */
export type Piece =
  | string
  | { readonly code: string }
  | { readonly user: string }
  | { readonly group: string }
  | { readonly channel: string }
/** `code`: a line of a block of code, which the lines around it may belong to as well. */
export type Line = {
  readonly as: 'title' | 'text' | 'item' | 'small' | 'code'
  readonly text: readonly Piece[]
}

/**
 * An ephemeral reply to one person. Platform-neutral: each chat renders lines and buttons as its own blocks, escapes
 * plain pieces and enforces its own limits.
 */
export type Reply = {
  readonly lines: readonly Line[]
  readonly buttons: readonly Button[]
  /** For its reader alone, such as their list of jobs. A chat that cannot hide it in a channel sends it directly. */
  readonly isPrivate?: boolean
}

export const text = (...pieces: Piece[]): Line => ({ as: 'text', text: pieces })
export const item = (...pieces: Piece[]): Line => ({ as: 'item', text: pieces })
export const title = (...pieces: Piece[]): Line => ({ as: 'title', text: pieces })
export const code = (words: string): Line => ({ as: 'code', text: [words] })
export const small = (...pieces: Piece[]): Line => ({ as: 'small', text: pieces })

export const makeReply = (lines: readonly Line[], buttons: readonly Button[] = []): Reply => ({
  lines,
  buttons,
})

/** The same reply, for its reader alone. */
export const privately = (reply: Reply): Reply => ({ ...reply, isPrivate: true })

/** Collapses user text to one line of at most `max` UTF-16 code units. */
export function truncateLine(words: string, max: number): string {
  // eslint-disable-next-line no-control-regex -- these characters are removed
  const line = words.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim()
  return truncate(line, max)
}

/** The version of the plan that a job waits with, of a view or a summary; undefined for every other job. */
export const waitingPlan = (job: {
  readonly needs?: JobView['needs'] | undefined
  readonly planVersion?: number | undefined
}): number | undefined => job.needs?.plan.version ?? job.planVersion

/** The buttons that apply to a job in its current state. */
export function buttonsFor(
  job: Pick<JobView, 'jobId' | 'state' | 'needs'> & Pick<JobSummary, 'planVersion'>,
): Button[] {
  const { jobId, state } = job
  const version = waitingPlan(job)
  switch (state) {
    case 'waiting':
    case 'active':
      return [
        ...(version === undefined
          ? []
          : [
              { action: 'approve_plan' as const, jobId, version },
              { action: 'change_plan' as const, jobId, version },
            ]),
        { action: 'job_details', jobId },
        { action: 'cancel_job', jobId },
      ]
    case 'failed':
    case 'cancelled':
      return [
        { action: 'retry_job', jobId },
        { action: 'job_details', jobId },
      ]
    case 'completed':
      return [
        { action: 'refine_job', jobId },
        { action: 'job_details', jobId },
      ]
  }
}
