import { PermissionFlagsBits } from 'discord.js'
import { answer, text, type Answer } from '../answer.ts'
import type { DiscordConfig } from './config.ts'
import type { Asker, Naming } from '../permissions.ts'

/** A person in a place, as Discord tells of them. */
export type Who = {
  readonly userId: string
  /** A bot or a webhook. */
  readonly machine: boolean
  readonly guildId: string | null
  /** The channel that counts for the list of allowed ones: of a thread, the one it hangs in. */
  readonly channelId: string | null
  readonly roles: readonly string[]
  /** What they may do in the channel, as a bit set; null where Discord did not say. */
  readonly permissions: bigint | null
}

/**
 * Whoever asked for a job is its owner; those with Manage Threads or a configured role are admins of their server, and those
 * on the list of every server.
 */
export const askerOf = (who: Who, config: Pick<DiscordConfig, 'admins' | 'adminRoles'>): Asker => ({
  requester: `discord:${who.userId}`,
  sees: (origin) =>
    origin.kind === 'discord' &&
    // Whoever is listed is listed for every server; what people ask for directly is theirs.
    (config.admins.includes(who.userId) || (origin.guildId !== null && origin.guildId === who.guildId)),
  async isAdmin() {
    const manages = who.permissions !== null && (who.permissions & PermissionFlagsBits.ManageThreads) !== 0n
    return (
      manages || config.admins.includes(who.userId) || who.roles.some((id) => config.adminRoles.includes(id))
    )
  },
})

export const discordNaming = (config: Pick<DiscordConfig, 'admins' | 'adminRoles'>): Naming => ({
  person(requester) {
    const [platform, userId] = requester.split(':')
    return platform === 'discord' && userId !== undefined ? { user: userId } : null
  },
  admins: [
    ...config.admins.map((user) => ({ user })),
    ...config.adminRoles.map((group) => ({ group })),
    'whoever may manage threads here',
  ],
})

/** Why somebody is not heard; `silent` where an answer could start two machines talking. Null: they are. */
export type Closed = { readonly silent: true } | { readonly silent: false; readonly answer: Answer }

/** The first look at everything that comes in; `anywhere` where the channel does not matter, such as for buttons. */
export function closedTo(
  config: Pick<DiscordConfig, 'allowedGuilds' | 'allowedChannels' | 'allowedUsers'>,
  who: Who,
  options: { readonly anywhere?: boolean } = {},
): Closed | null {
  const { allowedGuilds, allowedChannels, allowedUsers } = config
  if (who.machine) return { silent: true }
  if (allowedUsers.length > 0 && !allowedUsers.includes(who.userId))
    return refused('You are not on the list of people who may use this app. Whoever runs it can add you.')
  if (who.guildId !== null && allowedGuilds.length > 0 && !allowedGuilds.includes(who.guildId))
    return refused('This app may not be used on this server. Whoever runs it can allow that.')
  if (options.anywhere || allowedChannels.length === 0) return null
  const here = who.guildId === null ? 'dm' : (who.channelId ?? '')
  if (allowedChannels.includes(here)) return null
  const places = allowedChannels.map((id) => (id === 'dm' ? 'direct messages with the app' : { channel: id }))
  const listed = places.flatMap((place, index) => (index === 0 ? [place] : [', ', place]))
  return {
    silent: false,
    answer: answer([text('This app may not be used here. These are the places where it may: ', ...listed)]),
  }
}

const refused = (why: string): Closed => ({ silent: false, answer: answer([text(why)]) })
