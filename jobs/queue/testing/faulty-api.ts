import type { JobId } from '#contract'
import { makeJobs } from '../producer/jobs.ts'
import type { Quotas } from '../producer/quotas.ts'
import { faultyQueue, type Fate, type Sent } from './faulty-queue.ts'
import { completed, eventually, silent, type openHarness } from './harness.ts'

export type Queue = Awaited<ReturnType<typeof openHarness>>

/** An API whose Redis commands fail as `fateOf` decides, until `heal`. */
export function faultyApi(
  queue: Queue,
  fateOf: (at: number, command: Sent) => Fate | Promise<Fate>,
  store = queue.store,
  quotas?: Quotas,
) {
  let at = 0
  let healed = false
  const backend = faultyQueue(queue.backend, (command) => (healed ? 'works' : fateOf(at++, command)))
  const jobs = makeJobs({
    backend,
    store,
    log: silent,
    limits: { keyTimeoutMs: 50, pollMs: 200 },
    ...(quotas && { quotas }),
  })
  return { jobs, sent: () => at, heal: () => (healed = true) }
}

/** Recovers the queue from the store and returns the jobs that run. */
export async function recoverAndRun(queue: Queue, jobs = queue.jobs): Promise<JobId[]> {
  const ran: JobId[] = []
  queue.worker(async ({ record }) => {
    ran.push(record.jobId)
    return completed()
  })
  await retryWhileUnavailable(() => jobs.recover('all'))
  await eventually(async () => {
    const { waiting, active } = await retryWhileUnavailable(() => queue.jobs.counts())
    return waiting + active === 0
  })
  return ran
}

/** Retries while a dropped connection is being restored. */
const retryWhileUnavailable = <T>(ask: () => Promise<T>): Promise<NonNullable<T>> =>
  eventually(() =>
    ask().catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'queue_unavailable') return null
      throw error
    }),
  )
