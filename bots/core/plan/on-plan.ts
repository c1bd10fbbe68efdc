import { setTimeout as sleep } from 'node:timers/promises'
import type { Origin } from '#contract'
import { replyWith, runInBackground, type FormOrReply, type HandlerResult } from '../handler-result.ts'
import type { InboundChat } from '../inbound-chat.ts'
import { EXPIRED_BUTTON } from '../messages.ts'
import type { ButtonPayload, PlanPayload } from '../payloads.ts'
import type { Reply } from '../reply.ts'
import { readPlanSubject } from './plan-subject.ts'

/** A form must open within three seconds. After this time it opens unchecked; what is sent is checked anyway. */
const FORM_CHECK_MS = 1_500

/** Handles the buttons of a plan. */
export function onPlanButton<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  payload: ButtonPayload<Target, Destination>,
): HandlerResult<Destination> {
  const { planCommands } = chat.jobCommands
  const { action, actor, caller, target, destination } = payload
  const subject = readPlanSubject(payload.jobId)
  if (subject === null) return replyWith(EXPIRED_BUTTON)
  const { jobId, version, answer } = subject
  const originOf = (origin: Origin) => chat.originOnBehalfOf(origin, actor.userId)
  const say = (verb: () => Promise<Reply>) => runInBackground(async () => chat.reply(target, await verb()))
  switch (action) {
    case 'approve_plan':
      return say(() => planCommands.approve(caller, jobId, version, originOf))
    case 'answer_plan':
      if (answer === null) return replyWith(EXPIRED_BUTTON)
      return say(() => planCommands.answer(caller, { jobId, version, ...answer }, originOf))
    case 'change_plan':
      return checkedForm(
        async () => {
          const { refusal, questions } = await planCommands.formOf(caller, jobId, version)
          if (refusal !== null) return { reply: refusal }
          return { form: { refines: jobId, plan: { version, questions }, destination, initial: null } }
        },
        { form: { refines: jobId, plan: { version, questions: [] }, destination, initial: null } },
      )
    default:
      return replyWith(EXPIRED_BUTTON)
  }
}

/** `unchecked` opens when the check takes too long. */
export const checkedForm = <Destination>(
  check: () => Promise<FormOrReply<Destination>>,
  unchecked: FormOrReply<Destination>,
): HandlerResult<Destination> => ({
  kind: 'checked_form',
  load: () => Promise.race([check(), sleep(FORM_CHECK_MS, unchecked, { ref: false })]),
})

/** Handles submitted changes to a plan. */
export function onPlanForm<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  { jobId, version, change, key, actor, caller, target }: PlanPayload<Target, Destination>,
): HandlerResult<Destination> {
  const originOf = (origin: Origin) => chat.originOnBehalfOf(origin, actor.userId)
  return runInBackground(async () =>
    chat.reply(
      target,
      await chat.jobCommands.planCommands.change(caller, jobId, version, change, {
        originOf,
        idempotencyKey: key,
      }),
    ),
  )
}
