import { checkAllowList } from './allow-list.ts'
import type { HandlerResult } from './handler-result.ts'
import type { InboundChat } from './inbound-chat.ts'
import { onButton } from './on-button.ts'
import { onCommand } from './on-command.ts'
import { onPlanForm } from './plan/on-plan.ts'
import { onSubmit } from './on-submit.ts'
import type { Payload } from './payloads.ts'

/** Dispatches a command, a button or a form synchronously. Messages go to `onMessage`, which needs lookups first. */
export function handle<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  payload: Payload<Target, Destination>,
): HandlerResult<Destination> {
  const denial = checkAllowList(chat, payload)
  if (denial !== null) return denial
  switch (payload.kind) {
    case 'command':
      return onCommand(chat, payload)
    case 'button':
      return onButton(chat, payload)
    case 'submit':
      return onSubmit(chat, payload)
    case 'plan':
      return onPlanForm(chat, payload)
    case 'platform':
      return payload.handle()
  }
}
