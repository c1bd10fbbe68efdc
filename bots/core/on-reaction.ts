import { checkAllowList } from './allow-list.ts'
import type { InboundChat } from './inbound-chat.ts'
import type { Actor, Scope } from './payloads.ts'
import type { Caller } from './permissions.ts'

/** A reaction to a message. */
export type ReactionPayload = {
  readonly actor: Actor
  readonly caller: Caller
  readonly scope: Scope
  /** The message, as `placeOf` of the contract names it. */
  readonly place: string
}

/**
 * ❌ cancels the job of a parent message or a card, for its requester. Anybody may react to anything, so nothing is said
 * to others; the card shows that the job is cancelled.
 */
export async function onReaction(
  chat: Pick<InboundChat<never, never>, 'jobCommands' | 'allowList' | 'log' | 'errorSummary'>,
  payload: ReactionPayload,
): Promise<void> {
  if (checkAllowList(chat, payload) !== null) return
  try {
    await chat.jobCommands.cancelOwn(payload.caller, payload.place)
  } catch (error) {
    chat.log.warn({ reason: chat.errorSummary(error) }, 'failed to cancel a job by a reaction')
  }
}
