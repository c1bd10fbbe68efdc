import { JobId } from '#contract'
import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { z } from 'zod'
import { reasonOf } from './reason.ts'

const ACTIONS = new Set(['cancel_job', 'retry_job', 'job_details'])
/** How many messages of a thread are looked through. */
const LOOK = 100

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

/**
 * The job that a thread is about: the newest whose buttons the bot has put there. Null: none; undefined: the thread cannot
 * be read.
 */
export async function jobOfThread(
  deps: { readonly web: WebClient; readonly log: Logger; readonly botUserId: string },
  thread: { readonly channelId: string; readonly ts: string },
): Promise<JobId | null | undefined> {
  try {
    const { messages } = await deps.web.conversations.replies({
      channel: thread.channelId,
      ts: thread.ts,
      limit: LOOK,
    })
    const ids = Replies.parse(messages ?? [])
      .filter(({ user }) => user === deps.botUserId)
      .flatMap(({ blocks }) => blocks ?? [])
      .flatMap(({ elements }) => elements ?? [])
      .flatMap(({ action_id, value }) =>
        ACTIONS.has(action_id ?? '') && JobId.safeParse(value).success ? [value!] : [],
      )
    return ids.at(-1) ?? null
  } catch (error) {
    deps.log.warn({ reason: reasonOf(error) }, 'a thread cannot be read')
    return undefined
  }
}
