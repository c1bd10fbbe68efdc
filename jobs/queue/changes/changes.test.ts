import { describe, expect, it } from 'vitest'
import { placeOf, type JobOutcome } from '#contract'
import {
  KINDS,
  aRecord,
  completed,
  eventually,
  failed,
  openHarness,
  temporaryFolder,
} from '../testing/harness.ts'
import { whenReady } from '../connect.ts'
import { keepPlaces } from '../places.ts'
import { MAX_CHANGES, readChanges, readChangesResult, type Change } from './change-log.ts'

const origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: '17.1' } as const
const aChange = (prompt: string, over: Partial<Change> = {}): Change => ({
  kind: 'change',
  key: prompt,
  prompt,
  origin,
  owner: 'bots',
  at: new Date().toISOString(),
  ...over,
})

describe.each(KINDS.filter(({ skip }) => !skip))('changes to a running job, in $name', (kind) => {
  type Harness = Awaited<ReturnType<typeof openHarness>>
  /** A job that runs until `end`. */
  async function running(queue: Harness) {
    const record = aRecord({ options: { designer: 'offline' } })
    await queue.jobs.submit(record)
    const outcome = Promise.withResolvers<JobOutcome>()
    queue.worker(async (job) => (job.record.jobId === record.jobId ? outcome.promise : completed()))
    await eventually(async () => (await queue.jobs.view(record.jobId))?.state === 'active')
    return { record, jobId: record.jobId, end: outcome.resolve }
  }
  const refinementsOf = (queue: Harness, parent: string) => queue.jobs.list({ parent, limit: 10 })
  const refinement = (queue: Harness, parent: string) =>
    eventually(async () => (await refinementsOf(queue, parent)).jobs[0])

  it('become one refinement when it completes, in order', async () => {
    await using queue = await openHarness(kind)
    const { jobId, end } = await running(queue)
    expect(await queue.jobs.addChange(jobId, aChange('add tags'))).toMatchObject({
      kind: 'waiting',
      waiting: 1,
    })
    expect(await queue.jobs.addChange(jobId, aChange('add dates'))).toMatchObject({
      kind: 'waiting',
      waiting: 2,
    })
    // A second delivery of the same message.
    expect(await queue.jobs.addChange(jobId, aChange('add tags'))).toMatchObject({
      kind: 'waiting',
      waiting: 1,
    })
    end(completed())
    const next = await refinement(queue, jobId)
    expect(await queue.store.readRecord(next.jobId)).toMatchObject({
      prompt: 'add tags\nadd dates',
      parent: jobId,
      version: 2,
      origin,
      owner: 'bots',
      options: { designer: 'offline' },
    })
    const result = await eventually(() => readChangesResult(queue.store, jobId))
    expect(result).toEqual({ kind: 'applied', jobId: next.jobId })
    // A delivery after the end leads to the same refinement.
    expect(await queue.jobs.addChange(jobId, aChange('add dates'))).toMatchObject({
      kind: 'applied',
      jobId: next.jobId,
    })
    expect((await refinementsOf(queue, jobId)).jobs).toHaveLength(1)
  })

  it.each([
    ['fails', failed('nothing_readable')],
    ['is cancelled', null],
  ] as const)('are dropped when it %s', async (_, outcome) => {
    await using queue = await openHarness(kind)
    const { jobId, end } = await running(queue)
    await queue.jobs.addChange(jobId, aChange('add tags'))
    if (outcome === null) await queue.jobs.cancel(jobId)
    else end(outcome)
    expect(await eventually(() => readChangesResult(queue.store, jobId))).toEqual({ kind: 'dropped' })
    expect((await refinementsOf(queue, jobId)).jobs).toEqual([])
    end(completed())
  })

  it('are refused after the end, and when there are too many', async () => {
    await using queue = await openHarness(kind)
    const { jobId, end } = await running(queue)
    for (let i = 0; i < MAX_CHANGES; i++) await queue.jobs.addChange(jobId, aChange(`add field ${i}`))
    expect(await queue.jobs.addChange(jobId, aChange('one more'))).toEqual({ kind: 'full' })
    end(completed())
    await eventually(() => readChangesResult(queue.store, jobId))
    expect(await queue.jobs.addChange(jobId, aChange('too late'))).toEqual({
      kind: 'ended',
      state: 'completed',
    })
  })

  it('are applied after a restart that lost the queue', async () => {
    await using folder = await temporaryFolder()
    const record = aRecord()
    {
      await using queue = await openHarness(kind, { dataDir: folder.path })
      await queue.jobs.submit(record)
      await queue.jobs.addChange(record.jobId, aChange('add tags'))
      const client = queue.backend.connect('producer')
      await whenReady(client)
      await client.flushall()
      await queue.store.putOutcome(record.jobId, completed())
    }
    await using queue = await openHarness(kind, { dataDir: folder.path })
    await queue.jobs.recover()
    await queue.jobs.recover('recent')
    const { jobs } = await refinementsOf(queue, record.jobId)
    expect(jobs).toMatchObject([{ prompt: 'add tags', version: 2 }])
  })

  it('are applied once each, however many come while it ends', async () => {
    await using queue = await openHarness(kind)
    const { jobId, end } = await running(queue)
    const adding = Array.from({ length: 12 }, async (_, i) => {
      if (i === 6) end(completed())
      return queue.jobs.addChange(jobId, aChange(`add field ${i}`)).catch((error: unknown) => error)
    })
    const answers = await Promise.all(adding)
    const promised = answers.flatMap((answer, i) =>
      ['waiting', 'applied'].includes((answer as { kind: string }).kind) ? [`add field ${i}`] : [],
    )
    if (promised.length === 0) return
    const next = await refinement(queue, jobId)
    await eventually(() => readChangesResult(queue.store, jobId))
    const built = ((await queue.store.readRecord(next.jobId))?.prompt ?? '').split('\n')
    expect(built.toSorted()).toEqual(promised.toSorted())
    expect((await refinementsOf(queue, jobId)).jobs).toHaveLength(1)
    expect((await readChanges(queue.store, jobId)).isClosed).toBe(true)
  })

  it('say in a job that failed why a limit keeps them from being applied', async () => {
    const limits = { jobsAtOnce: 0, jobsPerDay: 1, tokensPerDay: 0, costPerDay: 0 }
    const quotas = { user: limits, key: { ...limits, jobsPerDay: 0 } }
    await using queue = await openHarness(kind, { quotas })
    const record = aRecord({ origin })
    await queue.jobs.submit(record)
    await queue.jobs.addChange(record.jobId, aChange('add tags'))
    queue.worker(async () => completed())
    const next = await refinement(queue, record.jobId)
    const view = await eventually(async () => {
      const seen = await queue.jobs.view(next.jobId)
      return seen?.state === 'failed' ? seen : null
    })
    expect(view.error).toMatchObject({ code: 'jobs_per_day', hint: expect.stringContaining('Retry') })
  })
})

describe.each(KINDS.filter(({ skip }) => !skip))('the jobs of a thread, in $name', (kind) => {
  it('are found by the thread of the request and by what the notifier kept, until they expire', async () => {
    await using queue = await openHarness(kind)
    const client = queue.backend.connect('producer')
    const asked = aRecord({ origin })
    const posted = aRecord({ origin: { ...origin, threadTs: null } })
    for (const record of [asked, posted]) await queue.jobs.submit(record)
    const place = placeOf(origin, 'C1', '17.1')
    await keepPlaces({ store: queue.store, client }, posted.jobId, [place, placeOf(origin, 'C1', '17.2')])
    const jobsIn = async (id: string) =>
      (await queue.jobs.list({ place: placeOf(origin, 'C1', id), limit: 10 })).jobs.map(({ jobId }) => jobId)
    const both = [asked.jobId, posted.jobId].toSorted().toReversed()
    expect(await jobsIn('17.1')).toEqual(both)
    expect(await jobsIn('17.2')).toEqual([posted.jobId])
    expect(await queue.jobs.list({ place: 'slack:T2:C1:17.1', limit: 10 })).toMatchObject({ jobs: [] })

    await client.flushall()
    await queue.jobs.recover()
    expect(await jobsIn('17.1')).toEqual(both)

    for (const { jobId } of [asked, posted]) await queue.jobs.cancel(jobId)
    const inAYear = { archiveDays: 1, jobDays: 0, totalBytes: null }
    await queue.jobs.sweep({ ...inAYear, jobDays: -1 })
    expect(await jobsIn('17.1')).toEqual([])
    expect(await client.exists(`{gb}:index:place:${place}`)).toBe(0)
  })
})
