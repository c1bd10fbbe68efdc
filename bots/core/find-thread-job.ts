import { JobId } from '#contract'
import type { InboundChat } from './inbound-chat.ts'

/** Each state of a card has one unique button, which reveals the state of its job. */
const STATUS: Readonly<Record<string, Status>> = {
  cancel_job: 'open',
  retry_job: 'failed',
  refine_job: 'completed',
  // On every card, so it says nothing about the state.
  job_details: null,
}
type Status = 'open' | 'failed' | 'completed' | null

/** The jobs of a thread; both are the same if there is only one. */
export type ThreadJobs = {
  readonly newest: JobId
  /** The newest completed job; `newest` if that one is still running or none has completed. */
  readonly toRefine: JobId
}

/**
 * Reads the bot's own buttons in the thread. `replied` is the job of the message that was replied to, if any: it counts as
 * the newest. Null: no job; undefined: the thread cannot be read.
 */
export async function findThreadJob<Destination>(
  chat: Pick<InboundChat<never, Destination>, 'readThread' | 'log' | 'errorSummary'>,
  thread: Destination,
  replied: JobId | null = null,
): Promise<ThreadJobs | null | undefined> {
  try {
    const statuses = new Map<JobId, Status>()
    for await (const { action, value } of chat.readThread(thread)) {
      const jobId = JobId.safeParse(value)
      if (!jobId.success || !(action in STATUS)) continue
      statuses.set(jobId.data, STATUS[action] ?? statuses.get(jobId.data) ?? null)
    }
    const jobs = [...statuses].reverse()
    const newest = jobs.find(([jobId]) => replied === null || jobId === replied)
    if (newest === undefined) return replied === null ? null : { newest: replied, toRefine: replied }
    const isRefinable = newest[1] === 'open' || newest[1] === 'completed'
    const completed = jobs.find(([, status]) => status === 'completed')
    const toRefine = isRefinable ? newest : (completed ?? newest)
    return { newest: newest[0], toRefine: toRefine[0] }
  } catch (error) {
    chat.log.warn({ reason: chat.errorSummary(error) }, 'failed to read thread')
    return undefined
  }
}
