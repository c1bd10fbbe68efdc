import { describe, expect, test } from 'vitest'
import type { JobOutcome, JobRecord, Origin, PreferenceChanges } from '#contract'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeJobs } from './jobs.ts'
import {
  KINDS_HERE,
  aRecord,
  aWorker,
  completed,
  eventually,
  openHarness,
  silent,
} from '../testing/harness.ts'

const origin: Origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null }
const elsewhere: Origin = { ...origin, channelId: 'C2', userId: 'U2' }
const CHANNEL = 'channel:slack:T1:C1'
const WORKSPACE = 'workspace:slack:T1'

function costing(costUsd: number | null): JobOutcome {
  const outcome = completed() as Extract<JobOutcome, { state: 'completed' }>
  const ledger = { ...outcome.report.ledger, calls: 1, inputTokens: 900, outputTokens: 100, costUsd }
  return { ...outcome, report: { ...outcome.report, ledger } }
}

describe.each(KINDS_HERE.filter(({ skip }) => !skip))('preferences on $name', (kind) => {
  type Queue = Awaited<ReturnType<typeof openHarness>>
  const set = (queue: Queue, holder: string, changes: PreferenceChanges) =>
    queue.jobs.changePreferences(holder, changes, 'slack:T1:U9')
  const submitted = async (queue: Queue, over: Partial<JobRecord> = {}) => {
    const { jobId } = await queue.jobs.submit(aRecord({ origin, ...over }))
    return (await queue.store.readRecord(jobId))!
  }
  const ended = (queue: Queue, jobId: string) =>
    eventually(async () => (await queue.jobs.view(jobId))?.state === 'completed')

  test('apply to jobs that are requested from then on, and are kept with them', async () => {
    await using queue = await openHarness(kind)
    expect((await submitted(queue)).preferences).toBeUndefined()
    await set(queue, WORKSPACE, { plan: 'never', houseRules: 'Page every list.' })
    await set(queue, CHANNEL, { plan: 'always' })
    const record = await submitted(queue)
    expect(record.preferences?.applied).toEqual({
      plan: { value: 'always', from: 'channel' },
      houseRules: { value: 'Page every list.', from: 'workspace' },
    })
    expect((await submitted(queue, { options: { plan: 'auto' } })).preferences?.applied.plan).toBeUndefined()
    await set(queue, CHANNEL, { plan: null })
    expect((await submitted(queue)).preferences?.applied.plan).toEqual({ value: 'never', from: 'workspace' })
    expect((await queue.store.readRecord(record.jobId))?.preferences).toEqual(record.preferences)
    expect((await submitted(queue, { origin: { kind: 'rest' } })).preferences).toBeUndefined()
  })

  test('of a month count the cost of a channel and of its workspace, for every process', async () => {
    await using queue = await openHarness(kind)
    await set(queue, CHANNEL, { monthCostUsd: 1 })
    await set(queue, WORKSPACE, { monthCostUsd: 2 })
    queue.worker(async () => costing(1.25), { info: aWorker() })
    await ended(queue, (await submitted(queue)).jobId)
    expect((await queue.jobs.preferences(CHANNEL)).spent).toMatchObject({ usd: 1.25, isIncomplete: false })
    await expect(submitted(queue)).rejects.toMatchObject({
      code: 'cost_per_month',
      message: expect.stringMatching(
        /^This channel has spent \$1\.25 on models this month; the limit is \$1\.00 a month\. Resets on \d{4}-\d\d-01, 00:00 UTC\.$/,
      ),
    })
    await ended(queue, (await submitted(queue, { origin: elsewhere })).jobId)
    expect((await queue.jobs.preferences(WORKSPACE)).spent).toMatchObject({ usd: 2.5 })
    await expect(submitted(queue, { origin: elsewhere })).rejects.toThrow('This workspace has spent $2.50')
    // Other workspaces have their own count.
    await expect(submitted(queue, { origin: { ...origin, teamId: 'T2' } })).resolves.toBeDefined()
  })

  test('of a month are refused as a whole: nothing else is counted for a refused request', async () => {
    await using queue = await openHarness(kind)
    await set(queue, CHANNEL, { monthCostUsd: 1 })
    queue.worker(async () => costing(1), { info: aWorker() })
    await ended(queue, (await submitted(queue)).jobId)
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => submitted(queue)))
    expect(all.every(({ status }) => status === 'rejected')).toBe(true)
  })

  test('of a month fail closed where a cost is unknown', async () => {
    await using queue = await openHarness(kind)
    await set(queue, CHANNEL, { monthCostUsd: 100 })
    const worker = queue.worker(async () => costing(null), { info: aWorker() })
    await ended(queue, (await submitted(queue)).jobId)
    await expect(submitted(queue)).rejects.toMatchObject({ code: 'month_cost_unknown' })
    expect((await queue.jobs.preferences(CHANNEL)).spent).toMatchObject({ isIncomplete: true })
    await worker.stop({ graceMs: 0 })
  })

  test('of cost fail closed where a worker has no price for its model', async () => {
    await using queue = await openHarness(kind)
    const info = aWorker({ designer: 'openai', model: 'mine', modelPriced: false })
    await queue.worker(async () => costing(1), { info }).ready()
    await expect(submitted(queue)).resolves.toBeDefined()
    await set(queue, CHANNEL, { jobCostUsd: 1 })
    await expect(submitted(queue)).rejects.toMatchObject({ code: 'model_unpriced' })
  })

  test('that cannot be read start nothing', async () => {
    await using queue = await openHarness(kind)
    await set(queue, CHANNEL, { monthCostUsd: 1 })
    const folder = join(queue.dataDir, 'jobs', '.preferences', 'channel.slack.T1.C1')
    await writeFile(join(folder, '000000002.json'), '{"preferences":{"monthCostUsd":')
    await expect(submitted(queue)).rejects.toMatchObject({ code: 'preferences_unreadable' })
    await expect(submitted(queue, { origin: elsewhere })).resolves.toBeDefined()
  })

  test('of a model must be allowed, and are named and ignored when it is not any more', async () => {
    await using queue = await openHarness(kind)
    const { backend, store } = queue
    await using jobs = makeJobs({ backend, store, log: silent, models: ['small', 'large'] })
    await expect(jobs.changePreferences(CHANNEL, { model: 'other' }, null)).rejects.toThrow(
      'The model other is not allowed here. Choose small or large.',
    )
    await jobs.changePreferences(CHANNEL, { model: 'large' }, null)
    const keptBy = async (by: typeof jobs) => {
      const { jobId } = await by.submit(aRecord({ origin }))
      return (await store.readRecord(jobId))?.preferences
    }
    expect((await keptBy(jobs))?.applied.model).toEqual({ value: 'large', from: 'channel' })
    const ignored = [{ name: 'model', from: 'channel', why: 'The model large can’t be used any more.' }]
    expect(await keptBy(queue.jobs)).toMatchObject({ applied: {}, ignored })
    // Retired since: its workers do not list it.
    await queue.worker(async () => completed(), { info: aWorker({ models: ['small'] }) }).ready()
    expect(await keptBy(jobs)).toMatchObject({ applied: {}, ignored })
    expect((await jobs.preferences(CHANNEL)).models).toEqual(['small'])
  })

  test('changed twice are as changed once', async () => {
    await using queue = await openHarness(kind)
    const once = await set(queue, CHANNEL, { plan: 'always', houseRules: 'Be brief.' })
    const { updatedAt: _, ...twice } = await set(queue, CHANNEL, { plan: 'always', houseRules: 'Be brief.' })
    expect(once).toMatchObject(twice)
    expect(once).toMatchObject({ updatedBy: 'slack:T1:U9', preferences: { plan: 'always' } })
  })
})

test('what a month has cost is counted again when the queue has lost its data', async () => {
  const kind = KINDS_HERE.find(({ skip }) => !skip)!
  await using first = await openHarness(kind)
  first.worker(async () => costing(3), { info: aWorker() })
  const { jobId } = await first.jobs.submit(aRecord({ origin }))
  await eventually(async () => (await first.jobs.view(jobId))?.state === 'completed')
  const client = first.backend.connect('plain')
  await client.flushall()
  expect((await first.jobs.preferences(CHANNEL)).spent?.usd).toBe(0)
  await first.jobs.recover('all')
  await first.jobs.recover('all')
  expect((await first.jobs.preferences(CHANNEL)).spent?.usd).toBe(3)
})
