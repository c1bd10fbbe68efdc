import type { JobView } from '#contract'
import { truncate } from './truncate.ts'

/** What can be pressed under an answer; `value` of a job's button is its id. */
export type Button =
  | { readonly action: 'cancel_job' | 'retry_job' | 'refine_job' | 'job_details'; readonly jobId: string }
  /** The request that could not be sent, to be sent, sent as a direct message, or changed. */
  | { readonly action: 'send_again' | 'send_in_dm' | 'edit_request' }

/** A piece of text: plain (to be escaped), code, or somebody who is named without being called. */
export type Piece =
  | string
  | { readonly code: string }
  | { readonly user: string }
  | { readonly group: string }
  | { readonly channel: string }
export type Line = {
  readonly as: 'title' | 'text' | 'item' | 'small'
  readonly text: readonly Piece[]
}

/**
 * What a person is told, and nobody else sees. Neutral: a chat turns lines and buttons into its own blocks, escapes
 * every plain piece and keeps to its own limits.
 */
export type Reply = {
  readonly lines: readonly Line[]
  readonly buttons: readonly Button[]
}

export const text = (...pieces: Piece[]): Line => ({ as: 'text', text: pieces })
export const item = (...pieces: Piece[]): Line => ({ as: 'item', text: pieces })
export const title = (...pieces: Piece[]): Line => ({ as: 'title', text: pieces })
export const small = (...pieces: Piece[]): Line => ({ as: 'small', text: pieces })

export const makeReply = (lines: readonly Line[], buttons: readonly Button[] = []): Reply => ({
  lines,
  buttons,
})

/** One line of a person's text, at most `max` UTF-16 code units. */
export function truncateLine(words: string, max: number): string {
  // eslint-disable-next-line no-control-regex -- that is what is taken out
  const line = words.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim()
  return truncate(line, max)
}

/** What makes sense to press on a job as it is now. */
export function buttonsFor({ jobId, state }: Pick<JobView, 'jobId' | 'state'>): Button[] {
  switch (state) {
    case 'waiting':
    case 'active':
      return [
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
