import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { JobView } from '#contract'
import { makeIdempotency } from './producer/idempotency.ts'
import { keys } from './names.ts'
import type { RunJob } from './consumer/run-job.ts'
import {
  KINDS_HERE,
  aRecord,
  aWorker,
  completed,
  eventually,
  failed,
  openHarness,
  progressAt,
  until,
} from './testing/harness.ts'

const untilAborted: RunJob = ({ signal }) => until(signal)
const atOnce: RunJob = async () => completed()
type Queue = Awaited<ReturnType<typeof openHarness>>

const inState = (queue: Queue, jobId: string, state: JobView['state']) =>
  eventually(async () => {
    const view = await queue.jobs.view(jobId)
    return view?.state === state ? view : null
  })

for (const kind of KINDS_HERE)
  describe(`the queue on ${kind.name}`, { concurrent: true, timeout: 180_000, skip: kind.skip }, () => {
    test('runs a job from waiting to completion, with progress', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      expect(await queue.jobs.submit(record)).toEqual({ jobId: record.jobId, created: true })
      expect(await queue.jobs.view(record.jobId)).toMatchObject({
        state: 'waiting',
        progress: 0,
        attempt: 0,
        startedAt: null,
        queue: { position: 1, estimateSeconds: null },
        result: null,
      })

      const given = Promise.withResolvers<unknown>()
      const halfway = Promise.withResolvers<void>()
      queue.worker(async ({ record, attempt, progress, lastProgress }) => {
        given.resolve({ prompt: record.prompt, attempt, lastProgress })
        await progress(progressAt(50))
        await halfway.promise
        return completed()
      })
      expect(await given.promise).toEqual({ prompt: record.prompt, attempt: 1, lastProgress: null })
      const running = await eventually(async () => {
        const view = await queue.jobs.view(record.jobId)
        return view?.progress === 50 ? view : null
      })
      expect(running).toMatchObject({ state: 'active', attempt: 1, queue: null })
      expect(running.startedAt).not.toBeNull()
      halfway.resolve()

      expect(await inState(queue, record.jobId, 'completed')).toMatchObject({
        progress: 100,
        attempt: 1,
        result: { success: true, files: ['src/index.ts'] },
        archive: { url: `/jobs/${record.jobId}/archive` },
      })
      await eventually(async () => (await queue.jobs.counts()).completed === 1)
    })

    test('runs a job once, even when its record is submitted repeatedly', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await Promise.all([queue.jobs.submit(record), queue.jobs.submit(record), queue.jobs.submit(record)])
      let runs = 0
      queue.worker(async () => {
        runs++
        return completed()
      })
      await inState(queue, record.jobId, 'completed')
      await queue.jobs.submit(record)
      const after = aRecord()
      await queue.jobs.submit(after)
      await inState(queue, after.jobId, 'completed')
      expect(runs).toBe(2)
    })

    test('returns null for an unknown job', async () => {
      await using queue = await openHarness(kind)
      const { jobId } = aRecord()
      expect(await queue.jobs.view(jobId)).toBeNull()
      expect(await queue.jobs.cancel(jobId)).toBe('unknown')
      const seen = await Array.fromAsync(queue.jobs.follow(jobId, { signal: AbortSignal.timeout(60_000) }))
      expect(seen).toEqual([])
    })

    test('cancels a waiting job for good: no worker ever runs it', async () => {
      await using queue = await openHarness(kind)
      const [cancelled, next] = [aRecord(), aRecord()]
      await queue.jobs.submit(cancelled)
      await queue.jobs.submit(next)
      expect(await queue.jobs.cancel(cancelled.jobId)).toBe('cancelled')
      expect(await queue.jobs.cancel(cancelled.jobId)).toBe('already_cancelled')
      const ran: string[] = []
      queue.worker(async ({ record }) => {
        ran.push(record.jobId)
        return completed()
      })
      await inState(queue, next.jobId, 'completed')
      expect(ran).toEqual([next.jobId])
      expect(await queue.jobs.view(cancelled.jobId)).toMatchObject({
        state: 'cancelled',
        result: { success: false, files: [] },
        startedAt: null,
        error: null,
      })
      expect(await queue.jobs.cancel(next.jobId)).toBe('already_finished')
    })

    test('aborts a running job on cancellation, and ignores its result', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      const aborted = Promise.withResolvers<unknown>()
      let isAborted = false
      const { readOutcome } = queue.store
      queue.worker(
        async ({ signal, progress }) => {
          await progress(progressAt(30))
          await until(signal).catch((reason: unknown) => {
            isAborted = true
            aborted.resolve(reason)
          })
          return completed()
        },
        // Hide the outcome, so that the worker depends on the message.
        { store: { ...queue.store, readOutcome: async (jobId) => (isAborted ? readOutcome(jobId) : null) } },
      )
      await queue.jobs.submit(record)
      await eventually(async () => (await queue.jobs.view(record.jobId))?.progress === 30)
      expect(await queue.jobs.cancel(record.jobId)).toBe('cancelled')
      expect(await aborted.promise).toMatchObject({ code: 'run_aborted', cause: 'cancelled' })
      expect(await queue.jobs.view(record.jobId)).toMatchObject({
        state: 'cancelled',
        progress: 30,
        attempt: 1,
      })
      await sleep(50)
      expect(await queue.store.readOutcome(record.jobId)).toMatchObject({ state: 'cancelled' })
      expect(await queue.jobs.counts()).toMatchObject({ cancelled: 1, completed: 0, active: 0 })
    })

    test('notices a cancellation whose message was lost', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      const aborted = Promise.withResolvers<void>()
      queue.worker(({ signal }) => until(signal).finally(aborted.resolve))
      await queue.jobs.submit(record)
      await inState(queue, record.jobId, 'active')
      const finishedAt = new Date().toISOString()
      await queue.store.putOutcome(record.jobId, {
        state: 'cancelled',
        finishedAt,
        startedAt: null,
        percent: 0,
        stage: null,
        steps: [],
      })
      await expect(aborted.promise).resolves.toBeUndefined()
      await eventually(async () => (await queue.jobs.counts()).cancelled === 1)
    })

    test('reuses the slot of a run that ignores its cancellation', async () => {
      await using queue = await openHarness(kind)
      const [deaf, next] = [aRecord(), aRecord()]
      const release = Promise.withResolvers<void>()
      queue.worker(
        async ({ record }) => {
          if (record.jobId === deaf.jobId) await release.promise
          return completed()
        },
        { abortTimeoutMs: 50 },
      )
      await queue.jobs.submit(deaf)
      await inState(queue, deaf.jobId, 'active')
      await queue.jobs.submit(next)
      await queue.jobs.cancel(deaf.jobId)
      await inState(queue, next.jobId, 'completed')
      expect(await queue.jobs.view(deaf.jobId)).toMatchObject({ state: 'cancelled' })
      release.resolve()
    })

    test('retries a failed run with its last progress', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      const seen: unknown[] = []
      queue.worker(async ({ attempt, lastProgress, progress }) => {
        seen.push([attempt, lastProgress?.percent ?? null])
        await progress(progressAt(attempt * 10, attempt))
        if (attempt < 3) throw new Error('the model is down')
        return completed()
      })
      await queue.jobs.submit(record)
      expect(await inState(queue, record.jobId, 'completed')).toMatchObject({ attempt: 3 })
      expect(seen).toEqual([
        [1, null],
        [2, 10],
        [3, 20],
      ])
    })

    test('fails when all attempts failed, and stores the reason', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      let runs = 0
      queue.worker(
        async ({ progress, attempt }) => {
          runs++
          await progress(progressAt(40, attempt))
          throw new Error('the disk is full')
        },
        {
          failureOutcome: ({ error, lastProgress }) => ({
            ...failed('gave_up'),
            failure: {
              code: 'gave_up',
              message: `${(error as Error).message} at ${lastProgress?.percent} %`,
            },
          }),
        },
      )
      await queue.jobs.submit(record)
      expect(await inState(queue, record.jobId, 'failed')).toMatchObject({
        error: { code: 'gave_up', message: 'the disk is full at 40 %' },
        result: { success: false, files: [] },
        attempt: 3,
      })
      expect(runs).toBe(3)
    })

    test('does not retry an error that is not retryable', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      let runs = 0
      queue.worker(async () => {
        runs++
        throw Object.assign(new Error('the prompt is refused'), { retryable: false })
      })
      await queue.jobs.submit(record)
      await inState(queue, record.jobId, 'failed')
      expect(runs).toBe(1)
    })

    test('ends a job even when describing its failure fails', async () => {
      await using queue = await openHarness(kind, { limits: { attempts: 1 } })
      const record = aRecord()
      queue.worker(() => Promise.reject(new Error('no')), {
        failureOutcome: () => {
          throw new Error('a bug')
        },
      })
      await queue.jobs.submit(record)
      expect(await inState(queue, record.jobId, 'failed')).toMatchObject({
        error: { code: 'internal_error' },
      })
    })

    test('reports the queue position and an estimate from past runs', async () => {
      await using queue = await openHarness(kind)
      const [running, ...waiting] = [aRecord(), aRecord(), aRecord(), aRecord()]
      queue.worker(untilAborted, { info: aWorker({ concurrency: 1 }) })
      await queue.jobs.submit(running)
      await inState(queue, running.jobId, 'active')
      for (const record of waiting) await queue.jobs.submit(record)
      const places = () =>
        Promise.all(waiting.map(async ({ jobId }) => (await queue.jobs.view(jobId))?.queue))
      expect(await places()).toEqual([
        { position: 1, estimateSeconds: null },
        { position: 2, estimateSeconds: null },
        { position: 3, estimateSeconds: null },
      ])
      const client = queue.backend.connect('plain')
      await client.lpush(keys.durations, 30_000, 60_000, 90_000)
      expect(await places()).toEqual([
        { position: 1, estimateSeconds: 60 },
        { position: 2, estimateSeconds: 120 },
        { position: 3, estimateSeconds: 180 },
      ])
    })

    test('times completed runs for the estimate', async () => {
      await using queue = await openHarness(kind)
      queue.worker(async () => {
        await sleep(20)
        return completed()
      })
      const record = aRecord()
      await queue.jobs.submit(record)
      const client = queue.backend.connect('plain')
      const [ms] = await eventually(async () => {
        const timed = await client.lrange(keys.durations, 0, -1)
        return timed.length > 0 ? timed : null
      })
      expect(Number(ms)).toBeGreaterThanOrEqual(19)
    })

    test('lists newest first, by state, in pages', async () => {
      await using queue = await openHarness(kind)
      const records = [1, 2, 3, 4, 5].map((n) =>
        aRecord({ jobId: `01hzzzzzzz000000000000000${n}`, prompt: `job ${n}` }),
      )
      for (const record of records) await queue.jobs.submit(record)
      await queue.jobs.cancel(records[1]!.jobId)

      const first = await queue.jobs.list({ limit: 2 })
      expect(first.jobs.map((job) => job.prompt)).toEqual(['job 5', 'job 4'])
      const second = await queue.jobs.list({ limit: 2, cursor: first.nextCursor! })
      expect(second.jobs.map((job) => [job.prompt, job.state])).toEqual([
        ['job 3', 'waiting'],
        ['job 2', 'cancelled'],
      ])
      const third = await queue.jobs.list({ limit: 2, cursor: second.nextCursor! })
      expect(third).toMatchObject({ jobs: [{ prompt: 'job 1' }], nextCursor: null })

      const cancelled = await queue.jobs.list({ limit: 10, state: 'cancelled' })
      expect(cancelled.jobs.map((job) => job.statusUrl)).toEqual([`/jobs/${records[1]!.jobId}`])
      expect(await queue.jobs.counts()).toEqual({
        waiting: 4,
        active: 0,
        completed: 0,
        failed: 0,
        cancelled: 1,
      })
      await expect(queue.jobs.list({ limit: 2, cursor: '*' })).rejects.toMatchObject({
        code: 'invalid_cursor',
      })
    })

    test('lists the jobs of one person, by state too, even after the queue lost its data', async () => {
      await using queue = await openHarness(kind)
      const ofUser = (userId: string, n: number) =>
        aRecord({
          jobId: `01hzzzzzzz000000000000000${n}`,
          prompt: `job ${n}`,
          origin: { kind: 'slack', teamId: 'T1', channelId: 'C1', userId, threadTs: null },
        })
      const records = [ofUser('U1', 1), ofUser('U2', 2), ofUser('U1', 3), ofUser('U1', 4)]
      for (const record of [...records, aRecord()]) await queue.jobs.submit(record)
      await queue.jobs.cancel(records[2]!.jobId)
      const prompts = async (query: Omit<Parameters<typeof queue.jobs.list>[0], 'requester'>) => {
        const { jobs, nextCursor } = await queue.jobs.list({ requester: 'slack:T1:U1', ...query })
        return [jobs.map(({ prompt }) => prompt), nextCursor]
      }

      expect(await prompts({ limit: 2 })).toEqual([['job 4', 'job 3'], records[2]!.jobId])
      expect(await prompts({ limit: 2, cursor: records[2]!.jobId })).toEqual([['job 1'], null])
      expect(await prompts({ limit: 1, state: 'waiting' })).toEqual([['job 4'], records[3]!.jobId])
      expect(await prompts({ limit: 1, state: 'waiting', cursor: records[3]!.jobId })).toEqual([
        ['job 1'],
        null,
      ])
      expect(await prompts({ limit: 5, state: 'cancelled' })).toEqual([['job 3'], null])

      await queue.backend.connect('plain').flushall()
      await queue.jobs.recover()
      expect(await prompts({ limit: 5 })).toEqual([['job 4', 'job 3', 'job 1'], null])
      await rm(join(queue.dataDir, 'jobs', records[3]!.jobId), { recursive: true })
      expect(await prompts({ limit: 5 })).toEqual([['job 3', 'job 1'], null])
      expect(await queue.backend.connect('plain').zcard(keys.byRequester('slack:T1:U1'))).toBe(2)
    })

    test('returns the first job for a repeated request, even a concurrent one', async () => {
      await using queue = await openHarness(kind)
      const key = { key: 'k', caller: 'alice', bodyHash: 'a' }
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => queue.jobs.submit(aRecord(), key)))
      expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1)
      expect(answers.filter(({ created }) => created)).toHaveLength(1)
      expect(await queue.jobs.counts()).toMatchObject({ waiting: 1 })

      const other = await queue.jobs.submit(aRecord(), { ...key, caller: 'bob' })
      expect(other.created).toBe(true)
      const conflict = queue.jobs.submit(aRecord(), { ...key, bodyHash: 'b' })
      await expect(conflict).rejects.toMatchObject({ code: 'idempotency_conflict' })
      expect(await queue.jobs.counts()).toMatchObject({ waiting: 2 })
    })

    test('creates a job on a retry when the first request crashed after claiming the key', async () => {
      await using queue = await openHarness(kind, { limits: { keyTimeoutMs: 50 } })
      const key = { key: 'k', caller: 'alice', bodyHash: 'a' }
      // The crash: only the key was claimed.
      const lost = aRecord()
      const keys = makeIdempotency({ client: queue.backend.connect('plain') })
      expect(await keys.claim(lost.jobId, key)).toMatchObject({ kind: 'ours', jobId: lost.jobId })
      expect(await queue.jobs.view(lost.jobId)).toBeNull()

      const record = aRecord({ prompt: 'a todo list' })
      expect(await queue.jobs.submit(record, key)).toEqual({ jobId: record.jobId, created: true })
      // If the first one is only slow, it is too late.
      expect(await queue.store.decide(lost.jobId, 'accepted')).toBe('withdrawn')
      queue.worker(atOnce)
      await inState(queue, record.jobId, 'completed')
    })

    test('queues stored jobs at startup that were never queued, and no others', async () => {
      await using queue = await openHarness(kind)
      const [stored, queued, ended] = [aRecord(), aRecord(), aRecord()]
      await queue.store.createRecord(stored)
      await queue.jobs.submit(queued)
      await queue.store.createRecord(ended)
      await queue.store.putOutcome(ended.jobId, failed('old'))

      expect(await queue.jobs.recover()).toEqual({ requeued: 1 })
      expect(await queue.jobs.recover()).toEqual({ requeued: 0 })
      expect(await queue.jobs.counts()).toMatchObject({ waiting: 2, failed: 1 })
      expect((await queue.jobs.list({ limit: 10 })).jobs).toHaveLength(3)
      let runs = 0
      queue.worker(async () => {
        runs++
        return completed()
      })
      await inState(queue, stored.jobId, 'completed')
      await inState(queue, queued.jobId, 'completed')
      expect(runs).toBe(2)
    })

    test('rebuilds everything from the store when the queue lost its data', async () => {
      await using queue = await openHarness(kind)
      const [waiting, ended] = [aRecord(), aRecord()]
      await queue.jobs.submit(waiting)
      await queue.jobs.submit(ended)
      await queue.jobs.cancel(ended.jobId)
      await queue.backend.connect('plain').flushall()
      expect((await queue.jobs.list({ limit: 10 })).jobs).toEqual([])

      expect(await queue.jobs.recover()).toEqual({ requeued: 1 })
      const list = await queue.jobs.list({ limit: 10 })
      expect(list.jobs.map(({ state }) => state).toSorted()).toEqual(['cancelled', 'waiting'])
      queue.worker(atOnce)
      await inState(queue, waiting.jobId, 'completed')
    })

    test('lists, recovers and runs the other jobs when one record is damaged', async () => {
      await using queue = await openHarness(kind)
      const [damaged, fine, lost] = [aRecord(), aRecord(), aRecord()]
      await queue.jobs.submit(damaged)
      await queue.jobs.submit(fine)
      await writeFile(join(queue.dataDir, 'jobs', damaged.jobId, 'record.json'), '{')
      await queue.store.createRecord(lost)
      const { jobs } = await queue.jobs.list({ limit: 10 })
      expect(new Set(jobs.map(({ jobId }) => jobId))).toEqual(new Set([fine.jobId, damaged.jobId]))
      expect(await queue.jobs.recover()).toEqual({ requeued: 1 })
      queue.worker(atOnce)
      await inState(queue, fine.jobId, 'completed')
      await inState(queue, lost.jobId, 'completed')
      await expect(queue.jobs.view(damaged.jobId)).rejects.toMatchObject({ code: 'store_corrupt' })
    })

    test('omits jobs from lists that were deleted from the store', async () => {
      await using queue = await openHarness(kind)
      const [deleted, kept] = [aRecord(), aRecord()]
      for (const record of [deleted, kept]) await queue.jobs.submit(record)
      for (const record of [deleted, kept]) await queue.jobs.cancel(record.jobId)
      expect((await queue.jobs.list({ limit: 10 })).jobs).toHaveLength(2)
      await rm(join(queue.dataDir, 'jobs', deleted.jobId), { recursive: true })
      expect((await queue.jobs.list({ limit: 10 })).jobs.map(({ jobId }) => jobId)).toEqual([kept.jobId])
      expect(await queue.jobs.counts()).toMatchObject({ cancelled: 1 })
    })

    test('does not rerun a job with an outcome, and publishes it', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      // The crash: the outcome was stored, but not published or completed in the queue.
      await queue.store.putOutcome(record.jobId, completed())
      let runs = 0
      queue.worker(async () => {
        runs++
        return completed()
      })
      await eventually(async () => (await queue.jobs.counts()).completed === 1)
      expect(runs).toBe(0)
    })

    test('shows live workers until they stop', async () => {
      await using queue = await openHarness(kind)
      const info = aWorker({ concurrency: 3 })
      const worker = queue.worker(atOnce, { info, concurrency: 3 })
      await worker.ready()
      expect(await queue.jobs.workers()).toEqual([info])
      await queue.jobs.ping()
      await worker.stop({ graceMs: 0 })
      expect(await queue.jobs.workers()).toEqual([])
    })
  })
