import { PermissionFlagsBits } from 'discord.js'
import type { Actor, Scope } from '../core/payloads.ts'
import type { DiscordConfig } from './config.ts'
import type { Caller, DisplayNames } from '../core/permissions.ts'

/** A person in a place, as Discord tells of them. */
export type DiscordActor = Actor & {
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
export const callerOf = (
  actor: DiscordActor,
  config: Pick<DiscordConfig, 'admins' | 'adminRoles'>,
): Caller => ({
  requester: `discord:${actor.userId}`,
  isInSameWorkspace: (origin) =>
    origin.kind === 'discord' &&
    // Whoever is listed is listed for every server; what people ask for directly is theirs.
    (config.admins.includes(actor.userId) || (origin.guildId !== null && origin.guildId === actor.guildId)),
  async isAdmin() {
    const manages =
      actor.permissions !== null && (actor.permissions & PermissionFlagsBits.ManageThreads) !== 0n
    return (
      manages ||
      config.admins.includes(actor.userId) ||
      actor.roles.some((id) => config.adminRoles.includes(id))
    )
  },
})

export const discordMentions = (config: Pick<DiscordConfig, 'admins' | 'adminRoles'>): DisplayNames => ({
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

/** Where they are, as the allow-list counts it. */
export const scopeOf = ({ guildId, channelId }: DiscordActor): Scope => ({
  server: guildId,
  channel: guildId === null ? 'dm' : (channelId ?? ''),
})
