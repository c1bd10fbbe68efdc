import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { notStarted, type JobOutcome, type JobRecord, type Progress, type WorkerInfo } from '#contract'
import { recordOf, reportOf } from '#contract/testing/samples'
import { makeFileStore } from '#store/file-store'
import type { QueueBackend } from '../backend.ts'
import { openQueueBackend } from '../hosts/open-backend.ts'
import { makeJobs, type Jobs } from '../producer/jobs.ts'
import type { JobLimits } from '../producer/jobs-context.ts'
import type { Quotas } from '../producer/quotas.ts'
import { EVERYTHING } from '../../../test/support/everything.ts'
import { findRedisServer } from '../hosts/redis-executable.ts'
import type { RunJob } from '../consumer/run-job.ts'
import { runGenerateWorker } from '../consumer/generate-worker.ts'

export const silent = pino({ level: 'silent' })

const found = await findRedisServer()
const problem = 'problem' in found ? found.problem : null

/** The kinds of local queue to test. The name includes the reason for a skip. */
export const KINDS = [
  { kind: 'embedded', name: 'the embedded queue', embedded: 'only', skip: false },
  {
    kind: 'redis-server',
    name: problem === null ? 'redis-server' : `redis-server (skipped: ${problem})`,
    embedded: 'never',
    skip: problem !== null,
  },
] as const
export type Kind = (typeof KINDS)[number]

/**
 * What the tests of every queue run on: the queue that this machine would choose. The gate runs on a machine without
 * redis-server and on one with it; the soak runs both on one.
 */
export const KINDS_HERE: readonly Kind[] = problem === null && !EVERYTHING ? [KINDS[1]] : KINDS

export const aRecord = (over: Partial<JobRecord> = {}): JobRecord =>
  recordOf({ jobId: ulid().toLowerCase(), createdAt: new Date().toISOString(), ...over })

export const progressAt = (percent: number, attempt = 1): Progress => ({ ...notStarted, percent, attempt })

export const completed = (): JobOutcome => ({
  state: 'completed',
  finishedAt: new Date().toISOString(),
  startedAt: new Date().toISOString(),
  steps: [],
  files: ['src/index.ts'],
  archive: { filename: 'todo.zip', bytes: 3, sha256: '0'.repeat(64) },
  report: reportOf(),
})

export const failed = (code: string): JobOutcome => ({
  state: 'failed',
  finishedAt: new Date().toISOString(),
  startedAt: null,
  percent: 10,
  stage: null,
  steps: [],
  failure: { code, message: 'It did not work.' },
  report: null,
})

export const aWorker = (over: Partial<WorkerInfo> = {}): WorkerInfo => ({
  id: randomUUID(),
  startedAt: new Date().toISOString(),
  concurrency: 1,
  sandbox: 'none',
  designer: 'offline',
  ...over,
})

/** Polls until `look` returns something truthy. */
export async function eventually<T>(look: () => Promise<T> | T, withinMs = 60_000): Promise<NonNullable<T>> {
  const until = Date.now() + withinMs
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > until) throw new Error(`did not happen within ${withinMs} ms`)
    await sleep(10)
  }
}

export const until = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'gb-queue-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A queue and a store in a temporary folder; closed and removed on disposal. */
export async function openHarness(
  kind: Kind,
  options: { dataDir?: string; limits?: JobLimits; quotas?: Quotas } = {},
) {
  const resources = new AsyncDisposableStack()
  const dataDir = options.dataDir ?? resources.use(await temporaryFolder()).path
  const backend: QueueBackend = resources.use(
    await openQueueBackend({ dataDir, production: false, log: silent, embedded: kind.embedded }),
  )
  const store = makeFileStore({ dir: join(dataDir, 'jobs') })
  const jobs: Jobs = resources.use(
    makeJobs({
      backend,
      store,
      log: silent,
      // An in-process queue is always available, but slow on a busy machine.
      limits: { backoffMs: 20, pollMs: 200, queueTimeoutMs: 60_000, ...options.limits },
      ...(options.quotas && { quotas: options.quotas }),
    }),
  )

  return {
    backend,
    store,
    jobs,
    dataDir,
    /** Stops immediately with the harness. */
    worker(run: RunJob, over: Partial<Parameters<typeof runGenerateWorker>[0]> = {}) {
      const worker = runGenerateWorker({
        backend,
        store,
        log: silent,
        info: aWorker(),
        concurrency: 1,
        run,
        failureOutcome: () => failed('gave_up'),
        ...over,
      })
      resources.defer(() => worker.stop({ graceMs: 0 }))
      return worker
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
