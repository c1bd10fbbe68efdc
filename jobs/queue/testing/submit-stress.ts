import type { JobId } from '#contract'
import { makeJobs } from '../producer/jobs.ts'
import { NO_QUOTAS } from '../producer/quotas.ts'
import { isWithdrawn } from '../withdrawal.ts'
import { faultyQueue, makeRandom, type Fate } from './faulty-queue.ts'
import { aRecord, completed, eventually, openHarness, silent, type Kind } from './harness.ts'

export type StressResult = {
  /** Accepted jobs by key; requests without a key have unique names. */
  readonly accepted: Map<string, Set<JobId>>
  readonly refused: number
  /** Jobs that a worker ran. */
  readonly ran: JobId[]
}

/**
 * Two APIs and a worker on one queue. Each round sends four concurrent requests, some with the same key, while commands and
 * writes fail randomly and a quota admits two jobs at a time. Then the faults stop, requests with a key are retried until
 * accepted, and the queue is recovered and drained.
 */
export async function stressSubmit(
  kind: Kind,
  options: { rounds: number; seed: number },
): Promise<StressResult> {
  const random = makeRandom(options.seed)
  await using queue = await openHarness(kind)
  const ran: JobId[] = []
  queue.worker(
    async ({ record }) => {
      ran.push(record.jobId)
      return completed()
    },
    { concurrency: 2 },
  )
  let failing = 0
  const fateOf = (): Fate => (random() < failing ? 'refused' : 'works')
  const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  const store: typeof queue.store = {
    ...queue.store,
    async createRecord(record) {
      if (random() < failing) throw full()
      await queue.store.createRecord(record)
      if (random() < failing) throw full()
    },
  }
  await using owned = new AsyncDisposableStack()
  // One of them takes over from slow requests quickly.
  const apis = [200, 10].map((keyTimeoutMs) =>
    owned.use(
      makeJobs({
        backend: faultyQueue(queue.backend, fateOf),
        store,
        log: silent,
        limits: { backoffMs: 20, pollMs: 200, keyTimeoutMs },
        quotas: { ...NO_QUOTAS, key: { ...NO_QUOTAS.key, jobsAtOnce: 2 } },
      }),
    ),
  )
  const accepted: StressResult['accepted'] = new Map()
  let refused = 0
  let count = 0
  const submit = async (name: string, isKeyed: boolean): Promise<boolean> => {
    const api = apis[count++ % 2]!
    const idempotency = isKeyed ? { key: name, caller: 'key:ci', bodyHash: 'h' } : undefined
    try {
      const { jobId } = await api.submit(aRecord({ owner: 'ci' }), idempotency)
      accepted.set(name, (accepted.get(name) ?? new Set()).add(jobId))
      return true
    } catch (error) {
      const code = String((error as { code?: unknown }).code)
      if (!['jobs_at_once', 'queue_unavailable', 'ENOSPC'].includes(code)) throw error
      refused++
      return false
    }
  }

  for (let round = 0; round < options.rounds; round++) {
    failing = random() < 0.5 ? 0 : random() * 0.3
    const requests = Array.from({ length: 4 }, (_, at) =>
      random() < 0.7
        ? { name: `round ${round}`, isKeyed: true }
        : { name: `round ${round} alone ${at}`, isKeyed: false },
    )
    await Promise.all(requests.map(({ name, isKeyed }) => submit(name, isKeyed)))
    failing = 0
    for (const { name, isKeyed } of requests) if (isKeyed) await eventually(() => submit(name, true), 30_000)
  }
  await queue.jobs.recover('all')
  await eventually(async () => {
    const { waiting, active } = await queue.jobs.counts()
    return waiting + active === 0
  }, 60_000)
  for await (const jobId of queue.store.jobIds()) {
    // A job withdrawn before it was stored has only an outcome.
    const isKept = (await queue.store.has(jobId)) && !isWithdrawn(await queue.store.readOutcome(jobId))
    if (isKept && !ran.includes(jobId)) throw new Error(`${jobId} is kept and did not run`)
  }
  return { accepted, refused, ran }
}
