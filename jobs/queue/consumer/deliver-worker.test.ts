import { describe, expect, test } from 'vitest'
import type { Delivery, Origin } from '#contract'
import { readDelivery, writeDelivery } from '../conversation.ts'
import { planningRun } from '../testing/planning-run.ts'
import { parkUntilDecided, runDeliverWorker, type Converse } from './deliver-worker.ts'
import { bullKey } from '../names.ts'
import { KINDS_HERE, aRecord, completed, eventually, openHarness, silent, until } from '../testing/harness.ts'

const origin: Origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null }
const delivered: Delivery = {
  state: 'delivered',
  at: '2026-11-23T00:00:00Z',
  place: 'thread',
  archive: 'upload',
}

type Harness = Awaited<ReturnType<typeof openHarness>>
function deliver(
  { backend, store }: Harness,
  converse: Converse,
  over: Partial<Parameters<typeof runDeliverWorker>[0]> = {},
) {
  return runDeliverWorker({
    backend,
    store,
    log: silent,
    concurrency: 10,
    converse,
    backoff: { firstMs: 10, maxMs: 40 },
    pollMs: 100,
    ...over,
  })
}
const queued = async ({ backend }: Harness, jobId: string) => {
  const client = backend.connect('plain')
  return (await client.exists(bullKey('deliver', jobId))) === 1
}

describe.each(KINDS_HERE)('conversations on $name', { concurrent: true }, (kind) => {
  test.skipIf(kind.skip)('start for jobs from a chat only', async () => {
    await using harness = await openHarness(kind)
    const [chat, rest] = [aRecord({ origin }), aRecord()]
    await harness.jobs.submit(chat)
    await harness.jobs.submit(rest)
    expect([await queued(harness, chat.jobId), await queued(harness, rest.jobId)]).toEqual([true, false])
  })

  test.skipIf(kind.skip)('follow their job to its end; the result is stored and shown', async () => {
    await using harness = await openHarness(kind)
    const record = aRecord({ origin })
    const states: string[] = []
    const worker = deliver(harness, async (turn) => {
      for await (const { view } of turn.follow(turn.signal)) states.push(view.state)
      return delivered
    })
    await harness.jobs.submit(record)
    await eventually(() => states.includes('waiting'))
    harness.worker(async () => completed())
    await eventually(() => readDelivery(harness.store, record.jobId))
    expect(states.at(-1)).toBe('completed')
    expect((await harness.jobs.view(record.jobId))?.delivery).toEqual(delivered)
    await eventually(async () => !(await queued(harness, record.jobId)))
    await worker.stop()
  })

  test.skipIf(kind.skip)('resume from the saved state after a failure and after a stop', async () => {
    await using harness = await openHarness(kind)
    const seen: unknown[] = []
    const first = deliver(harness, async (turn) => {
      seen.push(turn.state)
      if (turn.state === null) {
        await turn.save({ step: 1 })
        throw new Error('the chat is away')
      }
      await turn.save({ step: 2 })
      return until(turn.signal)
    })
    await harness.jobs.submit(aRecord({ origin }))
    await eventually(() => seen.length === 2)
    await first.stop()
    const second = deliver(harness, async (turn) => {
      seen.push(turn.state)
      return delivered
    })
    await eventually(() => seen.length === 3)
    expect(seen).toEqual([null, { step: 1 }, { step: 2 }])
    await second.stop()
  })

  test.skipIf(kind.skip)(
    'honour afterMs of an error, and no turn counts as an attempt of the job',
    async () => {
      await using harness = await openHarness(kind)
      const turns: number[] = []
      const worker = deliver(harness, async () => {
        turns.push(performance.now())
        if (turns.length === 1) throw Object.assign(new Error('slower'), { afterMs: 300 })
        return delivered
      })
      const record = aRecord({ origin })
      await harness.jobs.submit(record)
      await eventually(() => readDelivery(harness.store, record.jobId))
      expect(turns[1]! - turns[0]!).toBeGreaterThanOrEqual(290)
      expect(await harness.jobs.view(record.jobId)).toMatchObject({ state: 'waiting', attempt: 0 })
      await worker.stop()
    },
  )

  test.skipIf(kind.skip)('become undeliverable when a chat fails for too long', async () => {
    await using harness = await openHarness(kind)
    const worker = deliver(harness, () => Promise.reject(new Error('away')), { giveUpAfterMs: 60 })
    const record = aRecord({ origin })
    await harness.jobs.submit(record)
    const delivery = await eventually(() => readDelivery(harness.store, record.jobId))
    expect(delivery).toMatchObject({ state: 'undeliverable', reason: 'chat_unreachable' })
    await worker.stop()
  })

  test.skipIf(kind.skip)(
    'that wait for a person hold no place, and go on once that has decided',
    async () => {
      await using harness = await openHarness(kind)
      harness.worker(planningRun(harness.store), { concurrency: 3 })
      const turns: string[] = []
      const worker = deliver(
        harness,
        async ({ record: { jobId }, follow, signal }) => {
          for await (const { view } of follow(signal)) {
            if (view.needs) {
              turns.push(jobId)
              return parkUntilDecided(view.needs.plan, Date.now())
            }
          }
          return delivered
        },
        { concurrency: 1 },
      )
      const jobs = [1, 2, 3].map(() => aRecord({ origin }))
      for (const record of jobs) await harness.jobs.submit(record)
      // With one place, each has its turn.
      await eventually(() => jobs.every(({ jobId }) => turns.includes(jobId)))
      const [approved, cancelled, changed] = jobs.map(({ jobId }) => jobId)
      await harness.jobs.decidePlan(approved!, { decision: 'approve', version: 1 })
      await harness.jobs.cancel(cancelled!)
      for (const jobId of [approved!, cancelled!])
        expect(await eventually(() => readDelivery(harness.store, jobId))).toEqual(delivered)
      const before = turns.length
      await harness.jobs.decidePlan(changed!, { decision: 'change', version: 1, words: 'Add tags' })
      await eventually(() => turns.length > before)
      expect(await readDelivery(harness.store, changed!)).toBeNull()
      await worker.stop()
    },
  )

  test.skipIf(kind.skip)('that the queue lost are recovered unless they have ended', async () => {
    await using harness = await openHarness(kind)
    const [open, ended, over] = [aRecord({ origin }), aRecord({ origin }), aRecord({ origin })]
    // Stored before a crash; the second has also run, and the third was delivered.
    for (const record of [open, ended, over]) await harness.store.createRecord(record)
    for (const { jobId } of [ended, over]) await harness.store.putOutcome(jobId, completed())
    await writeDelivery(harness.store, over.jobId, delivered)
    await harness.jobs.recover()
    const begun: [string, boolean][] = []
    const worker = deliver(harness, async ({ record, recovered }) => {
      begun.push([record.jobId, recovered])
      return delivered
    })
    await eventually(() => begun.length === 2)
    expect(Object.fromEntries(begun)).toEqual({ [open.jobId]: true, [ended.jobId]: true })
    expect(await queued(harness, over.jobId)).toBe(false)
    await worker.stop()
  })

  test.skipIf(kind.skip)('are delivered once, even when a request is retried', async () => {
    await using harness = await openHarness(kind)
    let turns = 0
    const worker = deliver(harness, async () => {
      turns++
      return delivered
    })
    const idempotency = { key: 'k', caller: 'c', bodyHash: 'h' }
    const { jobId } = await harness.jobs.submit(aRecord({ origin }), idempotency)
    await eventually(() => readDelivery(harness.store, jobId))
    await eventually(async () => !(await queued(harness, jobId)))
    await harness.jobs.submit(aRecord({ origin }), idempotency)
    expect(await queued(harness, jobId)).toBe(false)
    expect(turns).toBe(1)
    await worker.stop()
  })
})
