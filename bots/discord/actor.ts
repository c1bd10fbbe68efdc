import { PermissionFlagsBits } from 'discord.js'
import type { Actor, Scope } from '../core/payloads.ts'
import type { DiscordConfig } from './config.ts'
import type { Caller, DisplayNames } from '../core/permissions.ts'

/** A user, with their roles and permissions where they acted. */
export type DiscordActor = Actor & {
  readonly guildId: string | null
  /** The channel that the allow-list checks: for a thread, its parent. */
  readonly channelId: string | null
  readonly roles: readonly string[]
  /** Their permissions in the channel as a bit set; null when unknown. */
  readonly permissions: bigint | null
}

/**
 * Requesters own their jobs. Users with Manage Threads or a configured admin role are admins on their server, users in
 * `DISCORD_ADMINS` on every server.
 */
export const callerOf = (
  actor: DiscordActor,
  config: Pick<DiscordConfig, 'admins' | 'adminRoles' | 'refineBy'>,
): Caller => ({
  requester: `discord:${actor.userId}`,
  isInSameWorkspace: (origin) =>
    origin.kind === 'discord' &&
    // Jobs from direct messages have no server: only their requester and the configured admins see them.
    (config.admins.includes(actor.userId) || (origin.guildId !== null && origin.guildId === actor.guildId)),
  mayRefine: (origin) =>
    config.refineBy === 'team' &&
    origin.kind === 'discord' &&
    origin.guildId !== null &&
    origin.guildId === actor.guildId,
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

export const discordDisplayNames = (config: Pick<DiscordConfig, 'admins' | 'adminRoles'>): DisplayNames => ({
  person(requester) {
    const [platform, userId] = requester.split(':')
    return platform === 'discord' && userId !== undefined ? { user: userId } : null
  },
  admins: [
    ...config.admins.map((user) => ({ user })),
    ...config.adminRoles.map((group) => ({ group })),
    'people who can manage threads here',
  ],
})

/** The server and channel that the allow-list checks. */
export const scopeOf = ({ guildId, channelId }: DiscordActor): Scope => ({
  server: guildId,
  channel: guildId === null ? 'dm' : (channelId ?? ''),
})
