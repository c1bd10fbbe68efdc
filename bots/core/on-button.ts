import { JobId } from '#contract'
import { readPageSubject } from './details/pages.ts'
import type { Reply } from './reply.ts'
import { checkAllowList } from './allow-list.ts'
import { submitRequest } from './submit-request.ts'
import { replyWith, runInBackground, type HandlerResult } from './handler-result.ts'
import type { InboundChat } from './inbound-chat.ts'
import { EXPIRED_BUTTON } from './messages.ts'
import type { ButtonPayload } from './payloads.ts'
import { checkedForm, onPlanButton } from './plan/on-plan.ts'
import { replyDestination } from './reply-destination.ts'

/** Handles a button click. The person who clicked it always gets a reply. */
export function onButton<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  payload: ButtonPayload<Target, Destination>,
): HandlerResult<Destination> {
  const { jobCommands } = chat
  const { action, jobId, actor, caller, target, request } = payload
  const say = (verb: () => Promise<Reply>) => runInBackground(async () => chat.reply(target, await verb()))
  switch (action) {
    case 'cancel_job':
      return say(() => jobCommands.cancel(caller, jobId))
    case 'retry_job':
      return say(() => jobCommands.retry(caller, jobId, replyDestination(chat, actor.userId, payload.thread)))
    case 'job_details':
    case 'previous_page':
    case 'next_page': {
      const asked = readPageSubject(jobId)
      const load = () => jobCommands.details(caller, asked.jobId, asked.page)
      return { kind: 'details', load, work: async () => chat.reply(target, await load()) }
    }
    case 'change_settings':
    case 'change_house_rules': {
      const view = jobCommands.settings.recall(jobId)
      if (view === undefined) return replyWith(EXPIRED_BUTTON)
      return { kind: 'settings', view, form: action === 'change_settings' ? 'settings' : 'house_rules' }
    }
    case 'refine_job': {
      if (!JobId.safeParse(jobId).success) return replyWith(EXPIRED_BUTTON)
      const form = { refines: jobId, destination: payload.destination, initial: null }
      return checkedForm(
        async () => {
          const refusal = await jobCommands.refineRefusal(caller, jobId)
          return refusal === null ? { form } : { reply: refusal }
        },
        { form },
      )
    }
    case 'approve_plan':
    case 'change_plan':
    case 'answer_plan':
      return onPlanButton(chat, payload)
    case 'edit_request': {
      if (request === null) return replyWith(EXPIRED_BUTTON)
      const { refines, destination, prompt, options } = request
      return { kind: 'form', form: { refines, destination, initial: { prompt, options } } }
    }
    case 'send_again':
    case 'send_in_dm': {
      if (request === null) return replyWith(EXPIRED_BUTTON)
      const wanted =
        action === 'send_again' ? request : { ...request, destination: null, key: `${request.key}:dm` }
      // The allow-list applies to the channel where the reply goes.
      const denial = checkAllowList(chat, { actor, scope: chat.scopeOf(wanted.destination) })
      if (denial !== null) return denial
      return runInBackground(() =>
        submitRequest(chat, { request: wanted, actor, caller, target, via: action }),
      )
    }
    case 'build_request':
      if (request === null) return replyWith(EXPIRED_BUTTON)
      return runInBackground(() => submitRequest(chat, { request, actor, caller, target, via: 'send_again' }))
    case 'answer_question': {
      const about = request?.refines ?? null
      return about === null
        ? replyWith(jobCommands.help())
        : say(async () => jobCommands.details(caller, about, 0))
    }
    case 'refine_newest':
    case 'refine_branch': {
      if (request === null) return replyWith(EXPIRED_BUTTON)
      const wanted = {
        ...request,
        base: action === 'refine_newest' ? ('newest' as const) : ('this' as const),
      }
      return runInBackground(() =>
        submitRequest(chat, { request: wanted, actor, caller, target, via: 'send_again' }),
      )
    }
    default:
      return replyWith(EXPIRED_BUTTON)
  }
}
