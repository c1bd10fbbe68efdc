import { submitRequest } from './submit-request.ts'
import { runInBackground, type HandlerResult } from './handler-result.ts'
import type { InboundChat } from './inbound-chat.ts'
import type { SubmitPayload } from './payloads.ts'

/** Handles a submitted form. */
export const onSubmit = <Target, Destination>(
  chat: InboundChat<Target, Destination>,
  { request, actor, caller, target }: SubmitPayload<Target, Destination>,
): HandlerResult<Destination> =>
  runInBackground(() => submitRequest(chat, { request, actor, caller, target, via: 'submit' }))
