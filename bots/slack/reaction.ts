import type { ReactionPayload } from '../core/on-reaction.ts'
import { isBotUser } from './actor.ts'
import { scopeOfChannel, type SlackInbound } from './inbound.ts'
import { ReactionAdded } from './payloads.ts'

/** A reaction with :x: to a message. Null for any other. */
export function reactionPayload(slack: SlackInbound, body: unknown): ReactionPayload | null {
  const { event } = ReactionAdded.parse(body)
  const { item, user: userId } = event
  if (event.reaction !== 'x' || item.type !== 'message' || item.channel == null || item.ts == null)
    return null
  return {
    // Only a requester's reaction counts, and requesters are members.
    actor: { userId, external: false, isBot: isBotUser(userId) },
    caller: slack.callerOf(userId),
    scope: scopeOfChannel(item.channel),
    place: `slack:${slack.identity.teamId}:${item.channel}:${item.ts}`,
  }
}
