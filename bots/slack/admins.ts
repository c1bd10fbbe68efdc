import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import type { DisplayNames } from '../core/permissions.ts'
import type { SlackConfig } from './config.ts'
import { makeTtlCache } from '../core/ttl-cache.ts'
import { errorSummary } from './error-summary.ts'

/** How long a group's members are believed, in milliseconds. */
const GROUP_TTL_MS = 5 * 60_000

/** Who may act on everybody's jobs: listed people, and members of listed groups. */
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
      // Whoever cannot be shown to be an admin is none; it is looked up again the next time.
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

/** Names people by their ids: a mention that only its reader sees calls nobody. */
export const slackDisplayNames = (config: Pick<SlackConfig, 'admins' | 'adminGroups'>): DisplayNames => ({
  person(requester) {
    const [platform, , userId] = requester.split(':')
    return platform === 'slack' && userId !== undefined ? { user: userId } : null
  },
  admins: [...config.admins.map((user) => ({ user })), ...config.adminGroups.map((group) => ({ group }))],
})
