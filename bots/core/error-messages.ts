import type { JobView } from '#contract'
import { makeReply, buttonsFor, text, type Reply } from './reply.ts'
import { ApiError, ApiUnreachableError } from '../api-client.ts'
import { isOpen, stateText } from './job-messages.ts'

/* Error messages for users. */

export const cannotReplyHere = makeReply([
  text('This job was requested in another chat. Send the request again where you want the reply.'),
])

export const jobNotFound = makeReply([text('Job not found. It may have been deleted.')])

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
  return makeReply(
    [text('Nothing to cancel: job ', { code: view.jobId }, ` is already ${stateText(view)}.`)],
    buttonsFor(view),
  )
}

export function notRetryable(view: JobView): Reply {
  const why = isOpen(view) ? 'is still running' : 'completed, so there is nothing to retry'
  return makeReply([text('Job ', { code: view.jobId }, ` ${why}.`)], buttonsFor(view))
}

/** Prefers the API's own message. `retry`: the same request may succeed later. */
export function errorReply(error: unknown): { retry: boolean; reply: Reply } {
  if (error instanceof ApiUnreachableError && error.notSent) {
    return {
      retry: true,
      reply: makeReply([text('The service is unavailable and nothing was started. Try again in a moment.')]),
    }
  }
  // Temporarily unavailable, or the user's rate limit or quota is exhausted.
  if (error instanceof ApiError && (error.status === 503 || error.status === 429)) {
    return { retry: true, reply: makeReply([text(`${error.message} Nothing was started.`)]) }
  }
  if (error instanceof ApiError && error.status === 401) {
    return {
      retry: false,
      reply: makeReply([text('The bot isn’t authorized. Ask your admin to set its API key (API_KEY).')]),
    }
  }
  if (error instanceof ApiError && error.status < 500) {
    if (error.code === 'job_not_found') return { retry: false, reply: jobNotFound }
    // A message was edited after it had started a job.
    if (error.code === 'idempotency_conflict') return { retry: false, reply: alreadyStarted }
    const details = error.details.map(({ message }) => message)
    return {
      retry: false,
      reply: makeReply((details.length > 0 ? details : [error.message]).map((line) => text(line))),
    }
  }
  // The response was lost; the idempotency key makes a retry safe.
  return {
    retry: true,
    reply: makeReply([
      text(
        'The service didn’t respond as expected, so this may or may not have taken effect. It is safe to try again.',
      ),
    ]),
  }
}
