import { holdersOf, type Holders } from '#contract'
import type { InboundChat } from '../inbound-chat.ts'

/** Whose settings apply to a request there; nobody's where the platform did not say where. */
export const holdersAt = <Destination>(
  chat: Pick<InboundChat<never, Destination>, 'originInThread'>,
  userId: string,
  destination: Destination | null,
): Holders =>
  destination === null
    ? { channel: null, workspace: null, person: null }
    : holdersOf(chat.originInThread(destination, userId))
