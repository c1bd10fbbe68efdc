import { JobId } from '#contract'
import type { Answer } from './reply.ts'
import { denied } from './allow-list.ts'
import { askForBackend } from './ask.ts'
import { answering, working, type Handled } from './handled.ts'
import type { InboundChat } from './inbound-chat.ts'
import { STALE } from './messages.ts'
import type { ButtonPayload } from './payloads.ts'
import { replyDestination } from './reply-destination.ts'

/** A button was pressed. Whatever comes of it, the person who pressed it gets an answer. */
export function onButton<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  payload: ButtonPayload<Target, Destination>,
): Handled<Destination> {
  const { story } = chat
  const { action, jobId, actor, asker, target, request } = payload
  const say = (verb: () => Promise<Answer>) => working(async () => chat.reply(target, await verb()))
  switch (action) {
    case 'cancel_job':
      return say(() => story.cancel(asker, jobId))
    case 'retry_job':
      return say(() => story.retry(asker, jobId, replyDestination(chat, actor.userId, payload.thread)))
    case 'job_details':
      return say(() => story.details(asker, jobId))
    case 'refine_job':
      if (!JobId.safeParse(jobId).success) return answering(STALE)
      return { kind: 'form', form: { refines: jobId, destination: payload.destination, filled: null } }
    case 'edit_request': {
      if (request === null) return answering(STALE)
      const { refines, destination, prompt, options } = request
      return { kind: 'form', form: { refines, destination, filled: { prompt, options } } }
    }
    case 'send_again':
    case 'send_in_dm': {
      if (request === null) return answering(STALE)
      const wanted =
        action === 'send_again' ? request : { ...request, destination: null, key: `${request.key}:dm` }
      // The list of channels counts for where the answer goes.
      const denial = denied(chat, { actor, scope: chat.scopeOf(wanted.destination) })
      if (denial !== null) return denial
      return working(() => askForBackend(chat, { request: wanted, actor, asker, target, via: action }))
    }
    default:
      return answering(STALE)
  }
}
