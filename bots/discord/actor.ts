import { PermissionFlagsBits } from 'discord.js'
import type { PreferenceHolder } from '#contract'
import type { Actor, Scope } from '../core/payloads.ts'
import type { DiscordConfig } from './config.ts'
import type { Caller, DisplayNames } from '../core/permissions.ts'

const { Administrator, ManageChannels, ManageGuild } = PermissionFlagsBits

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
  configureRefusal: async (holder) => configureRefusal(actor, config, holder),
})

/** Permissions are those of the channel where the person acted: they say nothing about another one. */
function configureRefusal(
  { userId, guildId, channelId, permissions }: DiscordActor,
  { admins }: Pick<DiscordConfig, 'admins'>,
  holder: PreferenceHolder,
): string | null {
  const [kind, , server, channel] = holder.split(':')
  if (kind === 'person')
    return holder === `person:discord:${userId}` ? null : 'Only they can change their own settings.'
  if (admins.includes(userId)) return null
  if (guildId === null || server !== guildId) return 'These settings belong to another server.'
  const has = (bits: bigint) => permissions !== null && (permissions & (bits | Administrator)) !== 0n
  if (kind === 'workspace')
    return has(ManageGuild) ? null : 'Only people with Manage Server can change the settings of this server.'
  if (channel !== channelId) return 'Change the settings of a channel in that channel.'
  return has(ManageGuild | ManageChannels)
    ? null
    : 'Only people with Manage Channels can change the settings of this channel. Use /backend settings, so that I know what you may do.'
}

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
