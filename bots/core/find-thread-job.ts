import { JobId } from '#contract'
import type { InboundChat } from './inbound-chat.ts'

/** The button that a card has in no other state says how its job is doing. */
const STATUS: Readonly<Record<string, Status>> = {
  cancel_job: 'open',
  retry_job: 'failed',
  refine_job: 'completed',
  // On every card; it decides nothing.
  job_details: null,
}
type Status = 'open' | 'failed' | 'completed' | null

/** The jobs that a thread is about; the same one where there is but one. */
export type ThreadJobs = {
  readonly newest: JobId
  /** The newest that a next version can be made of; the newest of all where that is under way, or where there is none. */
  readonly toRefine: JobId
}

/** Read from the buttons that the bot has put into the thread. Null: it is about no job; undefined: it cannot be read. */
export async function findThreadJob<Destination>(
  chat: Pick<InboundChat<never, Destination>, 'readThread' | 'log' | 'errorSummary'>,
  thread: Destination,
): Promise<ThreadJobs | null | undefined> {
  try {
    const statuses = new Map<JobId, Status>()
    for await (const { action, value } of chat.readThread(thread)) {
      const jobId = JobId.safeParse(value)
      if (!jobId.success || !(action in STATUS)) continue
      statuses.set(jobId.data, STATUS[action] ?? statuses.get(jobId.data) ?? null)
    }
    const jobs = [...statuses].reverse()
    const [newest] = jobs
    if (newest === undefined) return null
    const completed = jobs.find(([, status]) => status === 'completed')
    const toRefine = newest[1] === 'open' ? newest : (completed ?? newest)
    return { newest: newest[0], toRefine: toRefine[0] }
  } catch (error) {
    chat.log.warn({ reason: chat.errorSummary(error) }, 'a thread cannot be read')
    return undefined
  }
}
