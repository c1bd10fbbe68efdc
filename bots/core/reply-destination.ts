import type { Origin } from '#contract'
import type { InboundChat } from './inbound-chat.ts'

/**
 * A job is tried again or refined in the thread where a person says so; elsewhere it answers where it was requested, on
 * behalf of that person. Gives null for a job that cannot be answered from here.
 */
export const replyDestination =
  <Destination>(
    chat: Pick<InboundChat<never, Destination>, 'originInThread' | 'originOnBehalfOf'>,
    userId: string,
    thread: Destination | null,
  ) =>
  (origin: Origin): Origin | null =>
    thread === null ? chat.originOnBehalfOf(origin, userId) : chat.originInThread(thread, userId)
