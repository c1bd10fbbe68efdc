import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { makeTtlCache } from '../core/ttl-cache.ts'
import { errorSummary } from './error-summary.ts'

/** Whether the bot can post in a channel. `unknown` if Slack does not say; then posting is attempted anyway. */
export type Membership = 'member' | 'outside' | 'closed' | 'unknown'

/** Cache time for a membership, in milliseconds; non-membership is never cached. */
const MEMBER_TTL_MS = 60_000
const DM_TTL_MS = 3_600_000

/** Looks up which channels the bot is in, and people's direct message channels. */
export function makeChannelAccess(deps: { readonly web: WebClient; readonly log: Logger }) {
  const { web, log } = deps
  const memberships = makeTtlCache<true>({ ttlMs: MEMBER_TTL_MS, max: 1_000 })
  const dmChannels = makeTtlCache<string>({ ttlMs: DM_TTL_MS, max: 1_000 })

  /** The direct message channel with a person. Throws Web API errors. */
  async function openDm(userId: string): Promise<string> {
    const known = dmChannels.get(userId)
    if (known !== undefined) return known
    const { channel } = await web.conversations.open({ users: userId })
    if (channel?.id === undefined) throw new Error('conversations.open returned no channel')
    return dmChannels.set(userId, channel.id)
  }

  return {
    directWith: openDm,

    /** `closed`: a direct message between people, which the bot cannot join. */
    async membership(channelId: string, userId: string): Promise<Membership> {
      try {
        if (channelId.startsWith('D')) return (await openDm(userId)) === channelId ? 'member' : 'closed'
        if (memberships.get(channelId)) return 'member'
        const { channel } = await web.conversations.info({ channel: channelId })
        if (channel?.is_member === false) return 'outside'
        memberships.set(channelId, true)
        return 'member'
      } catch (error) {
        if (error instanceof WebAPIPlatformError && error.data.error === 'channel_not_found') return 'outside'
        log.warn({ reason: errorSummary(error), channelId }, 'could not check channel membership')
        return 'unknown'
      }
    },
  }
}
