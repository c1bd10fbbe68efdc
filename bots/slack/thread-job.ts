import { JobId } from '#contract'
import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { z } from 'zod'
import { reasonOf } from './reason.ts'

/** The button that a card has in no other state tells how its job stands. */
const STANDING: Readonly<Record<string, Standing>> = {
  cancel_job: 'open',
  retry_job: 'failed',
  refine_job: 'completed',
  // On every card; it decides nothing.
  job_details: null,
}
type Standing = 'open' | 'failed' | 'completed' | null
/** How many messages of a thread are looked through: so many a page, so many pages. */
const LOOK = 200
const PAGES = 10

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

/** The jobs that a thread is about; the same one where there is but one. */
export type ThreadJobs = {
  readonly newest: JobId
  /** The newest that a next version can be made of; the newest of all where that goes on, or where there is none. */
  readonly toRefine: JobId
}

/**
 * Read from the buttons that the bot has put into the thread. Null: it is about no job; undefined: it cannot be read.
 */
export async function jobsOfThread(
  deps: { readonly web: WebClient; readonly log: Logger; readonly botUserId: string },
  thread: { readonly channelId: string; readonly ts: string },
): Promise<ThreadJobs | null | undefined> {
  try {
    const standings = new Map<JobId, Standing>()
    for await (const { user, blocks } of messagesOf(deps.web, thread)) {
      if (user !== deps.botUserId) continue
      for (const { action_id: action = '', value } of (blocks ?? []).flatMap(
        ({ elements }) => elements ?? [],
      )) {
        const jobId = JobId.safeParse(value)
        if (!jobId.success || !(action in STANDING)) continue
        standings.set(jobId.data, STANDING[action] ?? standings.get(jobId.data) ?? null)
      }
    }
    const jobs = [...standings].reverse()
    const [newest] = jobs
    if (newest === undefined) return null
    const completed = jobs.find(([, standing]) => standing === 'completed')
    const toRefine = newest[1] === 'open' ? newest : (completed ?? newest)
    return { newest: newest[0], toRefine: toRefine[0] }
  } catch (error) {
    deps.log.warn({ reason: reasonOf(error) }, 'a thread cannot be read')
    return undefined
  }
}

async function* messagesOf(web: WebClient, { channelId, ts }: { channelId: string; ts: string }) {
  let cursor = ''
  for (let page = 0; page < PAGES; page++) {
    const { messages, response_metadata: more } = await web.conversations.replies({
      channel: channelId,
      ts,
      limit: LOOK,
      ...(cursor && { cursor }),
    })
    yield* Replies.parse(messages ?? [])
    cursor = more?.next_cursor ?? ''
    if (cursor === '') return
  }
}
