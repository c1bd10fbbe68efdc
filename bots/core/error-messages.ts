import type { JobView } from '#contract'
import { makeReply, buttonsFor, text, type Reply } from './reply.ts'
import { ApiError, ApiUnreachableError } from '../api-client.ts'
import { isOpen, stateText } from './job-messages.ts'

/* Why something is not done, in words for the person who asked. */

export const cannotReplyHere = makeReply([
  text('This job was not asked for here. Ask for it anew where you want its answer.'),
])

export const jobNotFound = makeReply([text('This job is not known any more: it was deleted, or never was.')])

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
    [text('There is nothing to cancel: job ', { code: view.jobId }, ` is ${stateText(view)} already.`)],
    buttonsFor(view),
  )
}

export function notRetryable(view: JobView): Reply {
  const why = isOpen(view) ? 'has not ended yet' : 'was completed, so there is nothing to try again'
  return makeReply([text('Job ', { code: view.jobId }, ` ${why}.`)], buttonsFor(view))
}

/** The API's own words where it has any; never silence, and never a promise that cannot be known. */
export function errorReply(error: unknown): { retry: boolean; reply: Reply } {
  if (error instanceof ApiUnreachableError && error.notSent) {
    return {
      retry: true,
      reply: makeReply([
        text('The service cannot be reached at the moment, and nothing was started. Try again in a moment.'),
      ]),
    }
  }
  // Away for a moment, or somebody has used up what they may use.
  if (error instanceof ApiError && (error.status === 503 || error.status === 429)) {
    return { retry: true, reply: makeReply([text(`${error.message} Nothing was started.`)]) }
  }
  if (error instanceof ApiError && error.status === 401) {
    return {
      retry: false,
      reply: makeReply([
        text('The bot is not let in by the service. Whoever runs it must give the bot an API key (API_KEY).'),
      ]),
    }
  }
  if (error instanceof ApiError && error.status < 500) {
    if (error.code === 'job_not_found') return { retry: false, reply: jobNotFound }
    const details = error.details.map(({ message }) => message)
    return {
      retry: false,
      reply: makeReply((details.length > 0 ? details : [error.message]).map((line) => text(line))),
    }
  }
  // An answer that was lost on its way: the idempotency key makes it safe to ask again.
  return {
    retry: true,
    reply: makeReply([
      text(
        'The service did not answer as it should, so it is not known whether this took effect. It is safe to try again.',
      ),
    ]),
  }
}
