import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'bullmq'
import { describe, expect, test } from 'vitest'
import { PREFIX, QUEUES, bullKey } from '../names.ts'
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
} from '../testing/harness.ts'

type Queue = Awaited<ReturnType<typeof openHarness>>
const state = async (queue: Queue, jobId: string) => (await queue.jobs.view(jobId))?.state

for (const kind of KINDS_HERE)
  describe(`a worker on ${kind.name}`, { concurrent: true, timeout: 180_000, skip: kind.skip }, () => {
    test('runs up to `concurrency` jobs at once', async () => {
      await using queue = await openHarness(kind)
      let running = 0
      let most = 0
      queue.worker(
        async () => {
          most = Math.max(most, ++running)
          await eventually(() => most === 2)
          await sleep(30)
          running--
          return completed()
        },
        { concurrency: 2, info: aWorker({ concurrency: 2 }) },
      )
      for (let i = 0; i < 5; i++) await queue.jobs.submit(aRecord())
      await eventually(async () => (await queue.jobs.counts()).completed === 5)
      expect(most).toBe(2)
    })

    test('picks up a job whose worker was lost', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      // A worker that takes the job and disappears.
      const taken = Promise.withResolvers<void>()
      const hang = Promise.withResolvers<void>()
      const dead = new Worker(
        QUEUES.generate,
        async () => {
          taken.resolve()
          await hang.promise
        },
        {
          connection: queue.backend.connect('worker'),
          prefix: PREFIX,
          lockDuration: 200,
          skipLockRenewal: true,
          skipStalledCheck: true,
        },
      )
      dead.on('error', () => {})
      await taken.promise

      const attempts: number[] = []
      queue.worker(
        async ({ attempt }) => {
          attempts.push(attempt)
          return completed()
        },
        { lockDurationMs: 30_000, stalledIntervalMs: 150 },
      )
      await eventually(async () => (await state(queue, record.jobId)) === 'completed')
      expect(attempts).toEqual([2])
      hang.resolve()
      await dead.close()
    })

    test('fails a job that has stalled too often', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      await queue.backend.connect('plain').hset(bullKey('generate', record.jobId), 'stc', 3)
      const errors: unknown[] = []
      queue.worker(async () => completed(), {
        failureOutcome: ({ error }) => {
          errors.push(error)
          return failed('worker_lost')
        },
      })
      await eventually(async () => (await state(queue, record.jobId)) === 'failed')
      expect(errors).toMatchObject([{ code: 'job_stalled', message: expect.stringContaining('3 times') }])
    })

    test('aborts its run when it loses the lock', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      const reasons: unknown[] = []
      queue.worker(
        async ({ signal, attempt, progress }) => {
          if (attempt > 1) return completed()
          await progress(progressAt(10))
          await until(signal).catch((reason: unknown) => reasons.push(reason))
          return failed('must_not_be_recorded')
        },
        // Half of it is between two renewals: a busy machine must not lose a lock by itself.
        { lockDurationMs: 4_000, stalledIntervalMs: 150 },
      )
      await eventually(async () => (await queue.jobs.view(record.jobId))?.progress === 10)
      await queue.backend
        .connect('plain')
        .set(bullKey('generate', `${record.jobId}:lock`), 'another worker', 'PX', 500)
      await eventually(async () => (await state(queue, record.jobId)) === 'completed')
      expect(reasons).toMatchObject([{ cause: 'lock_lost' }])
    })

    test('finishes running jobs on stop, and accepts no new ones', async () => {
      await using queue = await openHarness(kind)
      const [running, waiting] = [aRecord(), aRecord()]
      await queue.jobs.submit(running)
      const asked = Promise.withResolvers<void>()
      const worker = queue.worker(async ({ progress }) => {
        await progress(progressAt(10))
        await asked.promise
        return completed()
      })
      await eventually(async () => (await queue.jobs.view(running.jobId))?.progress === 10)
      await queue.jobs.submit(waiting)
      const began = performance.now()
      const stopped = worker.stop({ graceMs: 90_000 })
      asked.resolve()
      await stopped
      expect(performance.now() - began).toBeLessThan(60_000)
      expect(await state(queue, running.jobId)).toBe('completed')
      expect(await state(queue, waiting.jobId)).toBe('waiting')
    })

    test('requeues unfinished jobs after the grace period; another worker runs them at once, as the same attempt', async () => {
      await using queue = await openHarness(kind)
      const [record, behind] = [aRecord(), aRecord()]
      await queue.jobs.submit(record)
      const reasons: unknown[] = []
      const worker = queue.worker(async ({ signal, progress }) => {
        await progress(progressAt(60))
        return until(signal).catch((reason: unknown) => {
          reasons.push(reason)
          return failed('must_not_be_recorded')
        })
      })
      await eventually(async () => (await queue.jobs.view(record.jobId))?.progress === 60)
      await queue.jobs.submit(behind)
      await worker.stop({ graceMs: 50 })
      expect(reasons).toMatchObject([{ cause: 'stopping' }])
      expect(await queue.jobs.view(record.jobId)).toMatchObject({
        state: 'waiting',
        progress: 60,
        queue: { position: 1 },
      })

      const order: unknown[] = []
      queue.worker(async ({ record, attempt, lastProgress }) => {
        order.push([record.jobId, attempt, lastProgress?.percent ?? null])
        return completed()
      })
      await eventually(async () => (await queue.jobs.counts()).completed === 2)
      expect(order).toEqual([
        [record.jobId, 1, 60],
        [behind.jobId, 1, null],
      ])
    })

    test('does not count a store error as an attempt', async () => {
      await using queue = await openHarness(kind, { limits: { attempts: 1 } })
      const record = aRecord()
      let outages = 1
      const store = {
        ...queue.store,
        readOutcome: async (jobId: string) => {
          if (outages-- > 0) throw new Error('the disk is away')
          return queue.store.readOutcome(jobId)
        },
      }
      const attempts: number[] = []
      queue.worker(
        async ({ attempt }) => {
          attempts.push(attempt)
          return completed()
        },
        { store, storeRetryMs: 30 },
      )
      await queue.jobs.submit(record)
      await eventually(async () => (await state(queue, record.jobId)) === 'completed')
      expect(attempts).toEqual([1])
    })

    test('stops quickly when idle', async () => {
      await using queue = await openHarness(kind)
      const worker = queue.worker(async () => completed())
      await worker.ready()
      const began = performance.now()
      await worker.stop({ graceMs: 90_000 })
      expect(performance.now() - began).toBeLessThan(60_000)
    })
  })
