import type { JobView } from '#contract'
import { makeReply, buttonsFor, text, type Reply } from './reply.ts'
import { ApiError, ApiUnreachableError } from '../api-client.ts'
import { isOpen, stateText } from './job-messages.ts'
import type { Refusal } from './submit-result.ts'

/* Error messages for users. */

export const cannotReplyHere = makeReply([
  text('This job was requested in another chat. Send the request again where you want the reply.'),
])

export const jobNotFound = makeReply([text('Job not found. It may have been deleted.')])

const COST_UNKNOWN =
  'What this bot spends today can’t be checked, so it starts nothing more. An admin of it has to fix that.'

const alreadyStarted = makeReply([
  text(
    'This message already started a backend, and editing it changes nothing. Describe the change in the thread of the backend.',
  ),
])

export const noJobWithId = (id: string) =>
  makeReply([
    text(
      'No job has the id ',
      { code: id.slice(0, 40) },
      '. It may have been deleted; see your jobs with ',
      { code: 'list' },
      '.',
    ),
  ])

export function alreadyEnded(view: JobView): Reply {
  return makeReply([text(`Nothing to cancel: this job is already ${stateText(view)}.`)], buttonsFor(view))
}

export function notRetryable(view: JobView): Reply {
  const why = isOpen(view) ? 'is still running' : 'completed, so there is nothing to retry'
  return makeReply([text(`This job ${why}.`)], buttonsFor(view))
}

/** A limit that is reached for longer than this is not worth a button to try again, in seconds. */
const SOON_S = 15 * 60

/** Prefers the API's own message, where it is for the person who asked. */
export function errorReply(error: unknown): Refusal {
  if (error instanceof ApiUnreachableError && error.notSent) {
    return {
      help: 'retry',
      reply: makeReply([text('The service is unavailable and nothing was started. Try again in a moment.')]),
    }
  }
  // Temporarily unavailable, or the user's rate limit or quota is exhausted.
  if (error instanceof ApiError && (error.status === 503 || error.status === 429)) {
    const isSoon = (error.retryAfterSeconds ?? 0) <= SOON_S
    const why = error.code === 'cost_unknown' ? COST_UNKNOWN : error.message
    return { help: isSoon ? 'retry' : 'none', reply: makeReply([text(`${why} Nothing was started.`)]) }
  }
  if (error instanceof ApiError && error.status === 401) {
    return {
      help: 'none',
      reply: makeReply([
        text('The service doesn’t accept this bot. An admin of it has to fix that. Nothing was started.'),
      ]),
    }
  }
  if (error instanceof ApiError && error.status < 500) {
    if (error.code === 'job_not_found') return { help: 'none', reply: jobNotFound }
    // A message was edited after it had started a job.
    if (error.code === 'idempotency_conflict') return { help: 'none', reply: alreadyStarted }
    // A chat has no fields with names.
    const details = error.details.map(({ message }) => message.replace(/^prompt\b/, 'Your description'))
    return {
      // Another text changes nothing about the state of a job.
      help: error.status === 400 ? 'edit' : 'none',
      reply: makeReply((details.length > 0 ? details : [error.message]).map((line) => text(line))),
    }
  }
  // The response was lost; the idempotency key makes a retry safe.
  return {
    help: 'retry',
    reply: makeReply([
      text(
        'The service didn’t respond as expected, so this may or may not have taken effect. It is safe to try again.',
      ),
    ]),
  }
}
