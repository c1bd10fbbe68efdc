import type { types } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { errorSummary } from './error-summary.ts'

/** Where to reply to a user. `responseUrl` works anywhere, up to five times within 30 minutes. */
export type Target = {
  readonly userId: string
  readonly channelId: string | null
  readonly threadTs: string | null
  readonly responseUrl: string | null
  /** The request came from App Home, which then shows the reply. */
  readonly home: boolean
}
export type Ephemeral = { readonly text: string; readonly blocks: types.KnownBlock[] }

const RESPONSE_TIMEOUT_MS = 10_000

/** In a direct message nobody else reads, and what is ephemeral would be gone after a reload. */
const isDirect = (channelId: string) => channelId.startsWith('D')

/**
 * Sends an ephemeral reply through the response URL, else in the channel, else as a direct message. Never throws;
 * failures are logged.
 */
export function makeReplySender(deps: { readonly web: WebClient; readonly log: Logger }) {
  const { web, log } = deps
  return async function reply(target: Target, message: Ephemeral): Promise<void> {
    const { userId, channelId, threadTs, responseUrl } = target
    const thread = threadTs === null ? {} : { thread_ts: threadTs }
    const post = (channel: string, into: object = {}) =>
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- not a window's postMessage
      web.chat.postMessage({ channel, ...into, ...message, unfurl_links: false, unfurl_media: false })
    const channels = [
      ...(responseUrl === null ? [] : [() => respond(responseUrl, threadTs, message)]),
      ...(channelId === null
        ? []
        : isDirect(channelId)
          ? [() => post(channelId, thread)]
          : [() => web.chat.postEphemeral({ channel: channelId, user: userId, ...thread, ...message })]),
      () => post(userId),
    ]
    for (const way of channels) {
      try {
        await way()
        return
      } catch (error) {
        log.info({ reason: errorSummary(error) }, 'reply failed, trying the next channel')
      }
    }
    log.warn({ userId }, 'reply could not be delivered')
  }
}

async function respond(url: string, threadTs: string | null, message: Ephemeral): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      response_type: 'ephemeral',
      replace_original: false,
      // Without it, the answer to a button in a thread appears outside of it.
      ...(threadTs !== null && { thread_ts: threadTs }),
      ...message,
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`response_url answered ${response.status}`)
}
