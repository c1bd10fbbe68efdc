import { describe, expect, test } from 'vitest'
import { notStarted, type JobOutcome } from '#contract'
import { ulid } from 'ulid'
import { incrementsOf } from './metrics.ts'
import { makeJobs } from '../producer/jobs.ts'
import { withdrawal } from '../withdrawal.ts'
import {
  KINDS_HERE,
  aRecord,
  completed,
  eventually,
  failed,
  openHarness,
  silent,
} from '../testing/harness.ts'

describe('the increments for an ended job', () => {
  test('contain its state, wait, stages and model cost', () => {
    const jobId = ulid(Date.parse('2026-11-24T10:00:00Z')).toLowerCase()
    const outcome = completed() as Extract<JobOutcome, { state: 'completed' }>
    const step = (stage: 'design' | 'verify', from: string, to: string) => ({
      ...notStarted.steps[0]!,
      stage,
      status: 'done' as const,
      startedAt: `2026-11-24T10:00:${from}Z`,
      finishedAt: `2026-11-24T10:00:${to}Z`,
    })
    const increments = incrementsOf(jobId, {
      ...outcome,
      startedAt: '2026-11-24T10:00:02.500Z',
      steps: [step('design', '02.500', '02.550'), step('verify', '02.600', '59.000'), notStarted.steps[7]!],
      report: {
        ...outcome.report,
        ledger: { ...outcome.report.ledger, calls: 2, inputTokens: 100, outputTokens: 7, costUsd: 0.0123 },
      },
    })
    expect(Object.fromEntries(increments)).toMatchObject({
      'ended:completed': 1,
      'wait:3': 1,
      'wait:ms': 2_500,
      'stage:design:0.1': 1,
      'stage:verify:100': 1,
      'stage:verify:ms': 56_400,
      calls: 2,
      'tokens:input': 100,
      'tokens:output': 7,
      cost: 12_300,
    })
    expect(increments.some(([field]) => field.startsWith('stage:pack'))).toBe(false)
  })

  test('contain calls of unknown cost, not zero cost, when the model has no price', () => {
    const outcome = completed() as Extract<JobOutcome, { state: 'completed' }>
    const ledger = { ...outcome.report.ledger, calls: 3, inputTokens: 100, outputTokens: 7, costUsd: null }
    const increments = Object.fromEntries(
      incrementsOf(ulid().toLowerCase(), { ...outcome, report: { ...outcome.report, ledger } }),
    )
    expect(increments).toMatchObject({ calls: 3, cost_unknown: 3, 'tokens:input': 100 })
    expect(increments).not.toHaveProperty('cost')
  })
})

for (const kind of KINDS_HERE)
  describe(`metrics on ${kind.name}`, { concurrent: true, timeout: 180_000, skip: kind.skip }, () => {
    test('count each job once, even when its end is reported repeatedly, from any process', async () => {
      await using queue = await openHarness(kind)
      const records = [aRecord(), aRecord(), aRecord()]
      for (const record of records) await queue.jobs.submit(record)
      expect(await queue.jobs.metrics()).toMatchObject({
        jobs: { waiting: 3 },
        queues: { generate: { waiting: 3, active: 0, delayed: 0 } },
        workers: [],
      })
      let runs = 0
      // Two workers act like two processes.
      for (const _ of [1, 2])
        queue.worker(async () => (++runs === 1 ? failed('nothing_readable') : completed()))
      await eventually(async () => (await queue.jobs.counts()).completed === 2)
      await queue.jobs.cancel(records[0]!.jobId)
      await queue.jobs.recover()
      await queue.jobs.recover()
      const { counted, workers } = await queue.jobs.metrics()
      expect(counted).toMatchObject({ 'ended:completed': 2, 'ended:failed': 1, 'failed:nothing_readable': 1 })
      expect(workers).toHaveLength(2)
    })

    // A bucket keeps the withdrawal of a request whose record it never took.
    test('never count a rejected request of which nothing but its withdrawal is stored', async () => {
      await using queue = await openHarness(kind)
      const rejected = ulid().toLowerCase()
      const store = {
        ...queue.store,
        async *jobIds() {
          yield rejected
        },
        readOutcome: async () => withdrawal(),
        readRecord: async () => null,
      }
      await using jobs = makeJobs({ backend: queue.backend, store, log: silent })
      expect(await jobs.recover()).toEqual({ requeued: 0 })
      const { counted } = await jobs.metrics()
      expect(counted).not.toHaveProperty('ended:failed')
      expect(await jobs.counts()).toMatchObject({ failed: 0 })
    })
  })
