import { describe, expect, test } from 'vitest'
import type { JobOutcome, JobRecord, Origin } from '#contract'
import { noUsage } from '#contract/testing/samples'
import { makeQuota } from './quota.ts'
import { NO_QUOTAS, type QuotaLimits } from './quotas.ts'
import { makeUsageCounter } from '../usage.ts'
import { QuotaError } from './errors.ts'
import { KINDS_HERE, aRecord, completed, eventually, openHarness, until } from '../testing/harness.ts'

const ann: Origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'UANN', threadTs: null }
const bob: Origin = { ...ann, userId: 'UBOB' }

const forUsers = (limits: Partial<QuotaLimits>) => ({ ...NO_QUOTAS, user: { ...NO_QUOTAS.user, ...limits } })
const forKeys = (limits: Partial<QuotaLimits>) => ({ ...NO_QUOTAS, key: { ...NO_QUOTAS.key, ...limits } })

/** The error, or null for an admitted job. */
async function refusal(submitted: Promise<unknown>): Promise<QuotaError | null> {
  try {
    await submitted
    return null
  } catch (error) {
    if (error instanceof QuotaError) return error
    throw error
  }
}

/** An outcome with this model usage. */
function costing(tokens: number, costUsd: number): JobOutcome {
  const outcome = completed() as Extract<JobOutcome, { state: 'completed' }>
  const ledger = { ...outcome.report.ledger, calls: 1, inputTokens: tokens - 1, outputTokens: 1, costUsd }
  return { ...outcome, report: { ...outcome.report, ledger } }
}

describe.each(KINDS_HERE.filter(({ skip }) => !skip))('limits on $name', (kind) => {
  test('of open jobs admit the next one as soon as one ends', async () => {
    await using queue = await openHarness(kind, { quotas: forKeys({ jobsAtOnce: 2 }) })
    const submit = (over: Partial<JobRecord> = {}) => queue.jobs.submit(aRecord({ owner: 'ci', ...over }))
    const first = await submit()
    await submit()
    const error = await refusal(submit())
    expect(error).toMatchObject({ code: 'jobs_at_once', limit: 2, retryAfterSeconds: 30 })
    expect(error?.message).toBe(
      'The API key "ci" has 2 open jobs; the limit is 2 at once. Wait for one to finish, or cancel one.',
    )
    // Other holders are independent, even with the same name.
    expect(await refusal(submit({ owner: 'cd' }))).toBeNull()
    expect(await refusal(submit({ owner: null }))).toBeNull()
    expect(await refusal(submit({ owner: 'ci', origin: ann }))).toBeNull()

    await queue.jobs.cancel(first.jobId)
    expect(await refusal(submit())).toBeNull()
    expect((await refusal(submit()))?.code).toBe('jobs_at_once')
  })

  test('of open jobs hold for concurrent requests', async () => {
    await using queue = await openHarness(kind, { quotas: forUsers({ jobsAtOnce: 3 }) })
    const all = await Promise.all(
      Array.from({ length: 12 }, () => refusal(queue.jobs.submit(aRecord({ origin: ann })))),
    )
    expect(all.filter((error) => error === null)).toHaveLength(3)
    expect(all.filter((error) => error?.message.startsWith('You have 3 open jobs'))).toHaveLength(9)
  })

  test('of open jobs ignore jobs that were never queued because of a crash', async () => {
    await using queue = await openHarness(kind, { quotas: forUsers({ jobsAtOnce: 1 }) })
    const quota = makeQuota({ client: queue.backend.connect('plain'), quotas: forUsers({ jobsAtOnce: 1 }) })
    // Admitted, but the process died before queueing the job.
    await quota.admit(aRecord({ origin: ann }))
    expect((await refusal(queue.jobs.submit(aRecord({ origin: ann }))))?.code).toBe('jobs_at_once')
    const later = new Date(Date.now() + 61_000)
    expect(await refusal(quota.admit(aRecord({ origin: ann }), later))).toBeNull()
  })

  test('count a job once, however often it is submitted with its idempotency key', async () => {
    await using queue = await openHarness(kind, { quotas: forUsers({ jobsAtOnce: 1, jobsPerDay: 2 }) })
    const ask = (key: string) =>
      queue.jobs.submit(aRecord({ origin: ann }), { key, caller: 'key:bots', bodyHash: 'h' })
    const { jobId } = await ask('one')
    expect(await ask('one')).toEqual({ jobId, created: false })
    expect((await refusal(ask('two')))?.code).toBe('jobs_at_once')
    await queue.jobs.cancel(jobId)
    // A rejected request does not use up the key: the same request can be retried.
    expect((await ask('two')).created).toBe(true)
  })

  test('of jobs per day reset daily', async () => {
    await using queue = await openHarness(kind)
    const quota = makeQuota({ client: queue.backend.connect('plain'), quotas: forUsers({ jobsPerDay: 2 }) })
    const ask = (at: string, origin = ann) => refusal(quota.admit(aRecord({ origin }), new Date(at)))
    expect(await ask('2026-11-24T18:00:00Z')).toBeNull()
    expect(await ask('2026-11-24T18:00:00Z')).toBeNull()
    const error = await ask('2026-11-24T18:47:30Z')
    expect(error).toMatchObject({
      code: 'jobs_per_day',
      limit: 2,
      retryAfterSeconds: 5 * 3600 + 12 * 60 + 30,
    })
    expect(error?.message).toBe(
      'You have requested 2 backends today; the limit is 2 a day. Resets at 00:00 UTC, in 5 h 13 min.',
    )
    expect(await ask('2026-11-24T18:47:30Z', bob)).toBeNull()
    expect(await ask('2026-11-25T00:00:00Z')).toBeNull()
  })

  test('of tokens and cost count the usage of ended jobs', async () => {
    await using queue = await openHarness(kind, { quotas: forUsers({ tokensPerDay: 1_000 }) })
    const ends = [costing(999, 0.5), costing(1_001, 2)]
    queue.worker(async () => ends.shift() ?? completed())
    const submit = () => queue.jobs.submit(aRecord({ origin: ann }))
    for (const ended of [1, 2]) {
      await submit()
      // It is indexed after its usage is counted; the outcome is stored earlier.
      await eventually(async () => (await queue.jobs.counts()).completed === ended)
    }
    const error = await refusal(submit())
    expect(error?.code).toBe('tokens_per_day')
    expect(error?.message).toMatch(/^You have used 2,000 model tokens today; the limit is 1,000 a day\./)

    const dollars = makeQuota({
      client: queue.backend.connect('plain'),
      quotas: forUsers({ costPerDay: 2.5 }),
    })
    const costly = await refusal(dollars.admit(aRecord({ origin: ann })))
    expect(costly?.message).toMatch(/^You have spent \$2\.50 on models today; the limit is \$2\.50 a day\./)
  })

  test('of tokens count a job once even when its end is reported twice, and also a cancelled job', async () => {
    await using queue = await openHarness(kind, { quotas: forUsers({ tokensPerDay: 100 }) })
    const client = queue.backend.connect('plain')
    const quota = makeQuota({ client, quotas: forUsers({ tokensPerDay: 100 }) })
    const usage = makeUsageCounter(client)
    const record = aRecord({ origin: bob })
    const spend = (inputTokens: number) => usage.record(record, { ...noUsage, inputTokens }, new Date())
    await spend(60)
    await spend(60)
    expect(await refusal(quota.admit(aRecord({ origin: bob })))).toBeNull()

    queue.worker(({ signal }) => until(signal))
    const { jobId } = await queue.jobs.submit(aRecord({ origin: ann }))
    await eventually(async () => (await queue.jobs.view(jobId))?.state === 'active')
    const kept = { spent: { ...noUsage, inputTokens: 90, outputTokens: 10 }, unreported: 0 }
    await queue.store.writeCheckpoint(jobId, 'account', kept)
    await queue.jobs.cancel(jobId)
    expect((await queue.store.readOutcome(jobId))?.state).toBe('cancelled')
    expect(await queue.jobs.view(jobId)).toMatchObject({ state: 'cancelled', ledger: kept.spent })
    // The call in flight is recorded shortly afterwards.
    const more = { ...kept.spent, outputTokens: 25 }
    await queue.store.writeCheckpoint(jobId, 'account', { spent: more, unreported: 0 })
    expect((await queue.jobs.view(jobId))?.ledger).toEqual(more)
    expect((await queue.store.readOutcome(jobId)) as { ledger?: unknown }).toMatchObject({
      ledger: kept.spent,
    })
    expect((await refusal(queue.jobs.submit(aRecord({ origin: ann }))))?.code).toBe('tokens_per_day')
  })
})
