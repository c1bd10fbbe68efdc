import type { Origin } from '#contract'
import type { InboundChat } from './inbound-chat.ts'

/**
 * A job that is retried or refined in a thread replies in that thread; otherwise it replies where it was requested, with
 * this person as the requester. Null if this chat cannot reply there.
 */
export const replyDestination =
  <Destination>(
    chat: Pick<InboundChat<never, Destination>, 'originInThread' | 'originOnBehalfOf'>,
    userId: string,
    thread: Destination | null,
  ) =>
  (origin: Origin): Origin | null =>
    thread === null ? chat.originOnBehalfOf(origin, userId) : chat.originInThread(thread, userId)
