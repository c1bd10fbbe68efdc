import { JobId, type JobState } from '#contract'
import type { InboundChat } from './inbound-chat.ts'

/** Each state of a card has one unique button, which reveals the state of its job. */
const STATE_OF_BUTTON: Readonly<Record<string, JobState | null>> = {
  cancel_job: 'active',
  retry_job: 'failed',
  refine_job: 'completed',
  // On every card, so it says nothing about the state.
  job_details: null,
}

/** The jobs of a thread; both are the same if there is only one. */
export type ThreadJobs = {
  readonly newest: JobId
  /** The newest completed job; `newest` if that one is still running or none has completed. */
  readonly toRefine: JobId
}

type ThreadJob = { readonly jobId: JobId; readonly state: JobState | null; readonly parent: JobId | null }

/**
 * The jobs of a thread, from the API. `replied` is the job of the message that was replied to, if any: it counts as the
 * newest. Null: no job; undefined: nobody knows.
 */
export async function findThreadJob<Destination>(
  chat: Pick<
    InboundChat<never, Destination>,
    'jobCommands' | 'placeOf' | 'readButtons' | 'log' | 'errorSummary'
  >,
  thread: Destination,
  replied: JobId | null = null,
): Promise<ThreadJobs | null | undefined> {
  try {
    const place = chat.placeOf(thread)
    const known: readonly ThreadJob[] = place === null ? [] : await chat.jobCommands.jobsIn(place)
    const jobs = known.length > 0 ? known : await readJobs(chat, thread)
    const newest = jobs.find(({ jobId }) => replied === null || jobId === replied)
    if (newest === undefined) return replied === null ? null : { newest: replied, toRefine: replied }
    if (isRefinable(newest)) return { newest: newest.jobId, toRefine: newest.jobId }
    const completed = jobs.find(({ state }) => state === 'completed')
    // Only completed jobs have refinements.
    return { newest: newest.jobId, toRefine: completed?.jobId ?? newest.parent ?? newest.jobId }
  } catch (error) {
    chat.log.warn({ reason: chat.errorSummary(error) }, 'failed to look up the jobs of a thread')
    return undefined
  }
}

const isRefinable = ({ state }: ThreadJob) =>
  state === 'waiting' || state === 'active' || state === 'completed'

/** From the bot's own buttons, newest first: the API does not know the threads of jobs from before it kept them. */
async function readJobs<Destination>(
  chat: Pick<InboundChat<never, Destination>, 'readButtons'>,
  thread: Destination,
): Promise<ThreadJob[]> {
  const states = new Map<JobId, JobState | null>()
  for await (const { action, value } of chat.readButtons(thread)) {
    const jobId = JobId.safeParse(value)
    if (!jobId.success || !(action in STATE_OF_BUTTON)) continue
    states.set(jobId.data, STATE_OF_BUTTON[action] ?? states.get(jobId.data) ?? null)
  }
  return [...states].reverse().map(([jobId, state]) => ({ jobId, state, parent: null }))
}
