import type { PreferenceHolder } from '#contract'
import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import type { DisplayNames } from '../core/permissions.ts'
import type { SlackConfig } from './config.ts'
import { makeTtlCache } from '../core/ttl-cache.ts'
import { errorSummary } from './error-summary.ts'

/** Cache time for group members, in milliseconds. */
const GROUP_TTL_MS = 5 * 60_000
/** The same for whether a person is an admin of the workspace. */
const PERSON_TTL_MS = 60_000

/** Admins, who may manage every job: configured users and members of configured user groups. */
export function makeAdmins(deps: {
  readonly web: WebClient
  readonly config: Pick<SlackConfig, 'admins' | 'adminGroups'>
  readonly log: Logger
  readonly teamId: string
}) {
  const { web, config, log, teamId } = deps
  const people = makeTtlCache<boolean>({ ttlMs: PERSON_TTL_MS, max: 1_000 })
  const members = makeTtlCache<readonly string[]>({ ttlMs: GROUP_TTL_MS, max: 100 })

  async function membersOf(group: string): Promise<readonly string[]> {
    const known = members.get(group)
    if (known) return known
    try {
      return members.set(group, (await web.usergroups.users.list({ usergroup: group })).users ?? [])
    } catch (error) {
      // Fail closed. Not cached, so that the next check looks it up again.
      log.warn(
        { reason: errorSummary(error), group },
        'could not list user group members; check the usergroups:read scope',
      )
      return []
    }
  }

  /** An admin or owner of the workspace itself. False where the app may not know, and for guests. */
  async function isWorkspaceAdmin(userId: string): Promise<boolean> {
    const known = people.get(userId)
    if (known !== undefined) return known
    try {
      const { user } = await web.users.info({ user: userId })
      const isManager = user?.is_admin === true || user?.is_owner === true
      return people.set(userId, isManager && user?.team_id === teamId && user.deleted !== true)
    } catch (error) {
      // Fail closed. Not cached, so that the next check looks it up again.
      log.warn({ reason: errorSummary(error) }, 'could not look up a person; check the users:read scope')
      return false
    }
  }

  async function isCreator(userId: string, channel: string): Promise<boolean> {
    try {
      const { channel: found } = await web.conversations.info({ channel })
      return found?.creator === userId
    } catch (error) {
      log.warn({ reason: errorSummary(error), channel }, 'could not look up a channel')
      return false
    }
  }

  async function isAdmin(userId: string): Promise<boolean> {
    if (config.admins.includes(userId)) return true
    const groups = await Promise.all(config.adminGroups.map(membersOf))
    return groups.some((users) => users.includes(userId))
  }

  return {
    isAdmin,

    /** Why a person may not change these settings; null if they may. */
    async configureRefusal(userId: string, holder: PreferenceHolder): Promise<string | null> {
      const [kind, , team, id] = holder.split(':')
      if (kind === 'person')
        return holder === `person:slack:${teamId}:${userId}`
          ? null
          : 'Only they can change their own settings.'
      if (team !== teamId || !holder.includes(':slack:')) return 'These settings belong to another workspace.'
      if ((await isAdmin(userId)) || (await isWorkspaceAdmin(userId))) return null
      if (kind !== 'channel' || id === undefined)
        return 'Only admins and owners of the workspace can change its settings.'
      if (await isCreator(userId, id)) return null
      return 'Only the creator of the channel and admins of the workspace can change its settings.'
    },
  }
}

/** Displays people as mentions: in ephemeral messages these notify no one. */
export const slackDisplayNames = (config: Pick<SlackConfig, 'admins' | 'adminGroups'>): DisplayNames => ({
  person(requester) {
    const [platform, , userId] = requester.split(':')
    return platform === 'slack' && userId !== undefined ? { user: userId } : null
  },
  admins: [...config.admins.map((user) => ({ user })), ...config.adminGroups.map((group) => ({ group }))],
})
