import { isThread } from './required-permissions.ts'
import { userOf, type InteractionFields } from './payloads.ts'
import type { DiscordDestination } from './destination.ts'
import type { Target } from './reply.ts'
import type { DiscordActor } from './actor.ts'

/** The channel or thread of an interaction. Null when Discord sent no channel. */
export function destinationOf(interaction: InteractionFields): DiscordDestination | null {
  const channelId = interaction.channel?.id ?? interaction.channel_id ?? null
  if (channelId === null) return null
  const guildId = interaction.guild_id ?? null
  const type = interaction.channel?.type
  const inThread = isThread(type)
  return {
    guildId,
    channelId: inThread ? (interaction.channel?.parent_id ?? channelId) : channelId,
    threadId: inThread ? channelId : null,
    channelType: type,
    // The bot is always part of its own direct messages, and never of those between other people.
    installed: guildId === null ? type === undefined || type === DM : isInstalledIn(interaction, guildId),
    permissions: BigInt(interaction.app_permissions),
    uploadLimit: interaction.attachment_size_limit ?? null,
  }
}

const DM = 1
/** In `authorizing_integration_owners`, '0' is the server that installed the app and '1' the user who did. */
const isInstalledIn = ({ authorizing_integration_owners: owners }: InteractionFields, guildId: string) =>
  owners['0'] === guildId || owners['1'] === undefined

/** The user behind an interaction. Null when Discord sent no user. */
export function actorOf(interaction: InteractionFields): DiscordActor | null {
  const person = userOf(interaction)
  if (person === null) return null
  const destination = destinationOf(interaction)
  return {
    userId: person.id,
    external: false,
    isBot: person.bot === true,
    guildId: interaction.guild_id ?? null,
    channelId: destination?.channelId ?? null,
    roles: interaction.member?.roles ?? [],
    permissions: interaction.member?.permissions == null ? null : BigInt(interaction.member.permissions),
  }
}

export const targetOf = (interaction: InteractionFields, userId: string): Target => ({
  userId,
  interaction: { applicationId: interaction.application_id, token: interaction.token },
  channelId: interaction.channel_id ?? null,
  isShared: interaction.guild_id != null,
  messageId: null,
})
