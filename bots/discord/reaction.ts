import type { ReactionPayload } from '../core/on-reaction.ts'
import type { DiscordActor } from './actor.ts'
import type { DiscordInbound } from './inbound.ts'
import { ReactionAdd } from './payloads.ts'

/** A reaction with ❌ to a message. Null for any other. */
export function reactionPayload(discord: DiscordInbound, payload: unknown): ReactionPayload | null {
  const { emoji, user_id: userId, guild_id: guildId = null, ...reaction } = ReactionAdd.parse(payload)
  // With an ID it is an emoji of a server that looks like anything.
  if (emoji.id != null || emoji.name !== '❌') return null
  const actor: DiscordActor = {
    userId,
    external: false,
    isBot: reaction.member?.user.bot === true,
    guildId,
    channelId: reaction.channel_id,
    roles: reaction.member?.roles ?? [],
    permissions: null,
  }
  // Its job passed the allow-list of channels when it was requested.
  const scope = { server: guildId, channel: null }
  return { actor, caller: discord.callerOf(actor), scope, place: `discord:${reaction.message_id}` }
}
