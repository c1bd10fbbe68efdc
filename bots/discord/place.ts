import { isThread } from './permissions-needed.ts'
import { personOf, type Heard } from './heard.ts'
import type { DiscordDestination } from './destination.ts'
import type { Target } from './reply.ts'
import type { Who } from './who.ts'

/** Where an interaction came from, as a place for its answer. Null: Discord named no channel. */
export function placeOf(heard: Heard): DiscordDestination | null {
  const channelId = heard.channel?.id ?? heard.channel_id ?? null
  if (channelId === null) return null
  const guildId = heard.guild_id ?? null
  const type = heard.channel?.type
  const inThread = isThread(type)
  return {
    guildId,
    channelId: inThread ? (heard.channel?.parent_id ?? channelId) : channelId,
    threadId: inThread ? channelId : null,
    channelType: type,
    // In a direct conversation with the bot itself it is always there; between other people it is not.
    present: guildId === null ? type === undefined || type === DM : isInstalledIn(heard, guildId),
    permissions: BigInt(heard.app_permissions),
    uploadLimit: heard.attachment_size_limit ?? null,
  }
}

const DM = 1
/** In `authorizing_integration_owners`, '0' names the server that has the app, and '1' a person who brought it along. */
const isInstalledIn = ({ authorizing_integration_owners: owners }: Heard, guildId: string) =>
  owners['0'] === guildId || owners['1'] === undefined

/** Null where Discord does not say who it was. */
export function whoOf(heard: Heard): Who | null {
  const person = personOf(heard)
  if (person === null) return null
  const place = placeOf(heard)
  return {
    userId: person.id,
    external: false,
    machine: person.bot === true,
    guildId: heard.guild_id ?? null,
    channelId: place?.channelId ?? null,
    roles: heard.member?.roles ?? [],
    permissions: heard.member?.permissions == null ? null : BigInt(heard.member.permissions),
  }
}

export const targetOf = (heard: Heard, userId: string): Target => ({
  userId,
  interaction: { applicationId: heard.application_id, token: heard.token },
  channelId: heard.channel_id ?? null,
  messageId: null,
})
