import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { ThreadButton } from '../core/inbound-chat.ts'
import type { SlackDestination } from './destination.ts'

/** Limits for reading a thread: messages per page, and pages. */
const PAGE_SIZE = 200
const MAX_PAGES = 10

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

/** The buttons of the bot's own messages in a thread, oldest first. Throws Web API errors. */
export async function* readThread(
  deps: { readonly web: WebClient; readonly botUserId: string },
  thread: SlackDestination,
): AsyncGenerator<ThreadButton> {
  for await (const { user, blocks } of messagesOf(deps.web, thread)) {
    if (user !== deps.botUserId) continue
    for (const { elements } of blocks ?? [])
      for (const { action_id: action = '', value } of elements ?? []) yield { action, value }
  }
}

async function* messagesOf(web: WebClient, { channelId, threadTs }: SlackDestination) {
  let cursor = ''
  for (let page = 0; page < MAX_PAGES; page++) {
    const { messages, response_metadata: more } = await web.conversations.replies({
      channel: channelId,
      ts: threadTs ?? '',
      limit: PAGE_SIZE,
      ...(cursor && { cursor }),
    })
    yield* Replies.parse(messages ?? [])
    cursor = more?.next_cursor ?? ''
    if (cursor === '') return
  }
}
