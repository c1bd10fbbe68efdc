import { askForBackend } from './ask.ts'
import { working, type Handled } from './handled.ts'
import type { InboundChat } from './inbound-chat.ts'
import type { SubmitPayload } from './payloads.ts'

/** A form was sent and has closed. */
export const onSubmit = <Target, Destination>(
  chat: InboundChat<Target, Destination>,
  { request, actor, asker, target }: SubmitPayload<Target, Destination>,
): Handled<Destination> =>
  working(() => askForBackend(chat, { request, actor, asker, target, via: 'submit' }))
