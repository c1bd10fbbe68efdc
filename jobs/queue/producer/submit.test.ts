import { describe, expect, test } from 'vitest'
import { NO_QUOTAS } from './quotas.ts'
import { faultyApi, recoverAndRun, type Queue } from '../testing/faulty-api.ts'
import { isAboutKey, type Sent } from '../testing/faulty-queue.ts'
import { KINDS, KINDS_HERE, aRecord, eventually, openHarness } from '../testing/harness.ts'
import { stressSubmit } from '../testing/submit-stress.ts'

const key = { key: 'k', caller: 'key:ci', bodyHash: 'h' }
const [embedded] = KINDS

describe('a rejected request', () => {
  test.each([undefined, key])(
    'never runs when it was refused for taking too long (%j)',
    async (idempotency) => {
      await using queue = await openHarness(embedded)
      const late = new AbortController()
      const store: Queue['store'] = {
        ...queue.store,
        async createRecord(record) {
          await queue.store.createRecord(record)
          late.abort(new Error('The answer took too long.'))
        },
      }
      await using api = faultyApi(queue, () => 'works', store).jobs
      await expect(api.submit(aRecord(), idempotency, late.signal)).rejects.toThrow('took too long')
      expect(await recoverAndRun(queue)).toEqual([])
    },
  )

  test('is reported as uncertain when it cannot be withdrawn from the store', async () => {
    await using queue = await openHarness(embedded)
    const away = async () => Promise.reject(new Error('the store is away'))
    const store = { ...queue.store, putOutcome: away, expireJob: away } as Queue['store']
    const { jobs } = faultyApi(queue, (at) => (at >= 2 ? 'refused' : 'works'), store)
    await using api = jobs
    const record = aRecord()
    await expect(api.submit(record)).rejects.toMatchObject({
      code: 'submission_uncertain',
      message: expect.stringContaining(`/jobs/${record.jobId}`),
    })
  })
})

describe.each(KINDS_HERE.filter(({ skip }) => !skip))('on $name', { timeout: 120_000 }, (kind) => {
  test('a key survives a quota rejection of the same request', async () => {
    await using queue = await openHarness(kind, {
      quotas: { ...NO_QUOTAS, key: { ...NO_QUOTAS.key, jobsAtOnce: 1 } },
    })
    for (let round = 0; round < 15; round++) {
      const other = await queue.jobs.submit(aRecord({ owner: 'ci' }))
      const ask = () =>
        queue.jobs.submit(aRecord({ owner: 'ci' }), { ...key, key: `round-${round}` }).then(
          ({ jobId }) => jobId,
          () => null,
        )
      const [, ...answers] = await Promise.all([queue.jobs.cancel(other.jobId), ask(), ask(), ask()])
      const last = await ask()
      const ids = new Set([...answers, last].filter((jobId) => jobId !== null))
      expect([round, ids.size]).toEqual([round, 1])
      for (const jobId of ids) await queue.jobs.cancel(jobId)
    }
  })

  test('a rejected request does not free the key of an accepted one', async () => {
    const quotas = { ...NO_QUOTAS, key: { ...NO_QUOTAS.key, jobsAtOnce: 1 } }
    await using queue = await openHarness(kind, { quotas, limits: { keyTimeoutMs: 50 } })
    const other = await queue.jobs.submit(aRecord({ owner: 'ci' }))
    const gate = Promise.withResolvers<'works'>()
    // The first command for the key claims it, the second frees it.
    let aboutKey = 0
    const isHeld = (command: Sent) => isAboutKey(command) && ++aboutKey > 1
    const slow = faultyApi(
      queue,
      (_, command) => (isHeld(command) ? gate.promise : 'works'),
      queue.store,
      quotas,
    )
    await using api = slow.jobs
    const refused = api.submit(aRecord({ owner: 'ci' }), key).catch((error: unknown) => error)
    await eventually(() => aboutKey > 1)
    await queue.jobs.cancel(other.jobId)
    const { jobId } = await queue.jobs.submit(aRecord({ owner: 'ci' }), key)
    gate.resolve('works')
    expect(await refused).toMatchObject({ code: 'jobs_at_once' })
    await queue.jobs.cancel(jobId)
    expect(await queue.jobs.submit(aRecord({ owner: 'ci' }), key)).toEqual({ jobId, created: false })
  })

  test('a request that timed out does not withdraw a job accepted by another', async () => {
    await using queue = await openHarness(kind)
    const late = new AbortController()
    const gate = Promise.withResolvers<'works'>()
    // Times out while the key is settled; the third command for the key reverts that.
    let aboutKey = 0
    const slow = faultyApi(queue, (_, command) => {
      if (!isAboutKey(command)) return 'works'
      aboutKey += 1
      if (aboutKey === 2) late.abort(new Error('The answer took too long.'))
      return aboutKey === 3 ? gate.promise : 'works'
    })
    await using api = slow.jobs
    const first = api.submit(aRecord(), key, late.signal).catch(() => null)
    await eventually(() => aboutKey > 2)
    const { jobId } = await queue.jobs.submit(aRecord(), key)
    gate.resolve('works')
    await first
    expect(await recoverAndRun(queue)).toEqual([jobId])
    expect(await queue.jobs.submit(aRecord(), key)).toEqual({ jobId, created: false })
  })

  test('a late rejection removes nothing of the request that took over', async () => {
    await using queue = await openHarness(kind, { limits: { keyTimeoutMs: 50 } })
    const full: Queue['store'] = {
      ...queue.store,
      createRecord: () =>
        Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })),
    }
    const gate = Promise.withResolvers<'works'>()
    // The first command for the key claims it; the second frees it, before the cleanup.
    let aboutKey = 0
    const isHeld = (command: Sent) => isAboutKey(command) && ++aboutKey > 1
    await using api = faultyApi(queue, (_, command) => (isHeld(command) ? gate.promise : 'works'), full).jobs
    const first = api.submit(aRecord(), key).catch(() => null)
    await eventually(() => aboutKey > 1)
    const { jobId } = await queue.jobs.submit(aRecord(), key)
    gate.resolve('works')
    expect((await first)?.jobId ?? jobId).toBe(jobId)
    expect(await queue.jobs.submit(aRecord(), key)).toEqual({ jobId, created: false })
    expect(await recoverAndRun(queue)).toEqual([jobId])
  })

  test('a key freed by a rejection leads to one job, even if a slow request held it before', async () => {
    const quotas = { ...NO_QUOTAS, key: { ...NO_QUOTAS.key, jobsAtOnce: 1 } }
    await using queue = await openHarness(kind, { quotas, limits: { keyTimeoutMs: 50 } })
    const ask = (jobs = queue.jobs) => jobs.submit(aRecord({ owner: 'ci' }), key)
    const other = await queue.jobs.submit(aRecord({ owner: 'ci' }))
    const gate = Promise.withResolvers<'works'>()
    // It has claimed the key and waits for its quota; later commands for the key fail.
    let aboutKey = 0
    let isHeld = false
    const fateOf = (command: Sent) => {
      if (isAboutKey(command)) return ++aboutKey > 1 ? 'refused' : 'works'
      if (aboutKey === 0 || isHeld) return 'works'
      isHeld = true
      return gate.promise
    }
    await using api = faultyApi(queue, (_, command) => fateOf(command), queue.store, quotas).jobs
    const first = ask(api).catch(() => null)
    await eventually(() => isHeld)
    // Rejected, which frees the key.
    await expect(ask()).rejects.toMatchObject({ code: 'jobs_at_once' })
    await queue.jobs.cancel(other.jobId)
    gate.resolve('works')
    const accepted = new Set<string | undefined>([(await first)?.jobId])
    // It may count against the quota.
    for (const jobId of accepted) if (jobId !== undefined) await queue.jobs.cancel(jobId)
    accepted.add((await ask()).jobId)
    accepted.delete(undefined)
    expect(accepted.size).toBe(1)
    expect(await recoverAndRun(queue)).toEqual([...accepted])
  })

  test('every accepted request has one job, and every rejected one none', async () => {
    const { accepted, refused, ran } = await stressSubmit(kind, { rounds: 15, seed: 8 })
    for (const [name, ids] of accepted) expect([name, ids.size]).toEqual([name, 1])
    expect(ran.toSorted()).toEqual([...accepted.values()].flatMap((ids) => [...ids]).toSorted())
    expect(refused).toBeGreaterThan(0)
  })
})
