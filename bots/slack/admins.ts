import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import type { DisplayNames } from '../core/permissions.ts'
import type { SlackConfig } from './config.ts'
import { makeTtlCache } from '../core/ttl-cache.ts'
import { errorSummary } from './error-summary.ts'

/** Cache time for group members, in milliseconds. */
const GROUP_TTL_MS = 5 * 60_000

/** Admins, who may manage every job: configured users and members of configured user groups. */
export function makeAdmins(deps: {
  readonly web: WebClient
  readonly config: Pick<SlackConfig, 'admins' | 'adminGroups'>
  readonly log: Logger
}) {
  const { web, config, log } = deps
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

  return {
    async isAdmin(userId: string): Promise<boolean> {
      if (config.admins.includes(userId)) return true
      const groups = await Promise.all(config.adminGroups.map(membersOf))
      return groups.some((users) => users.includes(userId))
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
