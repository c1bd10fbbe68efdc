import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { ThreadButton } from '../core/inbound-chat.ts'
import type { SlackDestination } from './destination.ts'
import { typedText } from './unescape.ts'

/** One page: what Slack lets an app outside of its Marketplace read in a minute. */
const PAGE_SIZE = 15

/** An app without the scope to read threads works without. */
const orIfNotAllowed =
  <T>(value: T) =>
  (error: unknown): T => {
    if (error instanceof WebAPIPlatformError && error.data.error === 'missing_scope') return value
    throw error
  }

const Replies = z.array(
  z.object({
    user: z.string().optional(),
    blocks: z
      .array(
        z.object({
          elements: z
            .array(z.object({ action_id: z.string().optional(), value: z.string().optional() }))
            .optional()
            .catch(undefined),
        }),
      )
      .optional()
      .catch(undefined),
  }),
)

/** The buttons of the bot's own messages in the first page of a thread, oldest first. Throws Web API errors. */
export async function* readButtons(
  deps: { readonly web: WebClient; readonly botUserId: string },
  { channelId, threadTs }: SlackDestination,
): AsyncGenerator<ThreadButton> {
  const messages = await deps.web.conversations
    .replies({ channel: channelId, ts: threadTs ?? '', limit: PAGE_SIZE })
    .then(({ messages }) => messages ?? [])
    .catch(orIfNotAllowed([]))
  for (const { user, blocks } of Replies.parse(messages)) {
    if (user !== deps.botUserId) continue
    for (const { elements } of blocks ?? [])
      for (const { action_id: action = '', value } of elements ?? []) yield { action, value }
  }
}

/** Messages that one request reads where Slack does not allow less. */
const MAX_MESSAGES = 100

const Said = z.array(
  z.object({
    user: z.string().optional(),
    bot_id: z.string().nullish(),
    ts: z.string(),
    text: z.string().default(''),
  }),
)

/** What people wrote in a thread, oldest first, without the message with this key. Throws Web API errors. */
export async function readMessages(
  deps: { readonly web: WebClient; readonly botUserId: string },
  { channelId, threadTs }: SlackDestination,
  key: string,
): Promise<readonly string[]> {
  const messages = await deps.web.conversations
    .replies({ channel: channelId, ts: threadTs ?? '', limit: MAX_MESSAGES })
    .then(({ messages }) => messages ?? [])
    .catch(orIfNotAllowed([]))
  return Said.parse(messages)
    .filter(
      ({ user, bot_id: botId, ts }) => user !== deps.botUserId && botId == null && !key.endsWith(`:${ts}`),
    )
    .map(({ text }) => typedText(text, deps.botUserId))
    .filter((text) => text !== '')
}
