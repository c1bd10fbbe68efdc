import { describe, expect, it } from 'vitest'
import type { JobView, PlanDecision } from '#contract'
import { KINDS, aRecord, eventually, openHarness, temporaryFolder } from './testing/harness.ts'
import { QUESTION, planningRun } from './testing/planning-run.ts'
import { bullKey, keys } from './names.ts'
import { readPlans } from '#store/plans'

const [embedded] = KINDS
const approve = (version = 1): PlanDecision => ({ decision: 'approve', version })
const change = (version = 1, words = 'Add tags'): PlanDecision => ({ decision: 'change', version, words })

async function setUp(options: Parameters<typeof openHarness>[1] & { waitMs?: number; works?: boolean } = {}) {
  const queue = await openHarness(embedded, options)
  const steps: string[] = []
  const run = planningRun(queue.store, {
    ...(options.waitMs !== undefined && { waitMs: options.waitMs }),
    onRun: async (step) => void steps.push(step),
  })
  const startWorker = () => queue.worker(run)
  if (options.works !== false) startWorker()
  const needs = (jobId: string, version = 1) =>
    eventually(async () => {
      const view = await queue.jobs.view(jobId)
      return view?.needs?.plan.version === version ? view : null
    })
  const ends = (jobId: string): Promise<JobView> =>
    eventually(async () => {
      const view = await queue.jobs.view(jobId)
      return view?.finishedAt ? view : null
    })
  /** The event comes just before the worker releases the job. */
  const parked = (jobId: string) =>
    eventually(() => queue.backend.connect('plain').zscore(bullKey('generate', 'delayed'), jobId))
  const planned = async () => {
    const { jobId } = await queue.jobs.submit(aRecord())
    await needs(jobId)
    await parked(jobId)
    return jobId
  }
  return { ...queue, queue, steps, needs, ends, parked, planned, startWorker }
}

describe('a job that waits for a decision on its plan', { timeout: 60_000 }, () => {
  it('says what it needs, and holds neither a place in the queue nor a worker', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    expect(await test.jobs.view(jobId)).toMatchObject({
      state: 'waiting',
      progress: 28,
      queue: null,
      needs: { plan: { version: 1, title: 'Todo API' }, questions: [QUESTION] },
    })
    // One worker with one slot: another job gets it.
    const other = await test.planned()
    const list = await test.jobs.list({ state: 'waiting', limit: 10 })
    expect(list.jobs).toMatchObject([
      { jobId: other, planVersion: 1 },
      { jobId, planVersion: 1 },
    ])
    expect(await test.jobs.metrics()).toMatchObject({
      plansWaiting: 2,
      oldestSeconds: 0,
      queues: { generate: { waiting: 0, active: 0, delayed: 0 } },
    })
  })

  it('is built once after an approval, however often that is sent', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    const results = await Promise.all([1, 2, 3].map(() => test.jobs.decidePlan(jobId, approve())))
    expect(results).toEqual([{ kind: 'taken' }, { kind: 'taken' }, { kind: 'taken' }])
    expect(await test.ends(jobId)).toMatchObject({ state: 'completed', attempt: 1 })
    expect(await test.jobs.decidePlan(jobId, approve())).toEqual({ kind: 'taken' })
    expect(test.steps).toEqual(['plan 1', 'build 1'])
    expect((await test.jobs.metrics()).plansWaiting).toBe(0)
  })

  it('gets another plan after a change, and refuses a late decision on the earlier one', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    expect(await test.jobs.decidePlan(jobId, change())).toEqual({ kind: 'taken' })
    await test.needs(jobId, 2)
    expect(await test.jobs.decidePlan(jobId, approve(1))).toEqual({ kind: 'outdated', newest: 2 })
    expect(await test.jobs.decidePlan(jobId, change())).toEqual({ kind: 'taken' })
    expect(await test.jobs.decidePlan(jobId, approve(3))).toEqual({ kind: 'no_plan' })
    expect(await test.jobs.decidePlan(jobId, approve(2))).toEqual({ kind: 'taken' })
    expect(await test.ends(jobId)).toMatchObject({ state: 'completed' })
    expect(test.steps).toEqual(['plan 1', 'plan 2', 'build 2'])
  })

  it('takes a message that is delivered again as one change, even once the next plan waits', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    expect(await test.jobs.decidePlan(jobId, change(1), 'message')).toEqual({ kind: 'taken' })
    await test.needs(jobId, 2)
    await test.parked(jobId)
    expect(await test.jobs.decidePlan(jobId, change(2), 'message')).toEqual({ kind: 'taken' })
    // The plan that waits was not woken by it.
    await test.parked(jobId)
    expect(await test.jobs.decidePlan(jobId, change(2), 'another')).toEqual({ kind: 'taken' })
    await test.needs(jobId, 3)
    expect(test.steps).toEqual(['plan 1', 'plan 2', 'plan 3'])
  })

  it('is approved once when two people approve', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    const by = (userId: string) =>
      test.jobs.decidePlan(jobId, {
        ...approve(),
        origin: { kind: 'slack', teamId: 'T1', channelId: 'C1', userId, threadTs: null },
      })
    expect([await by('U1'), await by('U2')]).toEqual([{ kind: 'taken' }, { kind: 'taken' }])
    expect((await readPlans(test.store, jobId))[0]?.decision).toMatchObject({ origin: { userId: 'U1' } })
  })

  it('takes the first of two different decisions', async () => {
    await using test = await setUp({ works: false })
    const worker = test.startWorker()
    const jobId = await test.planned()
    await worker.stop({ graceMs: 0 })
    const [first, second] = await Promise.all([
      test.jobs.decidePlan(jobId, approve()),
      test.jobs.decidePlan(jobId, change()),
    ])
    expect([first.kind, second.kind].sort()).toEqual(['decided', 'taken'])
  })

  it('refuses answers that fit no question', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    const answered = (answer: { question: string; choice?: string; text?: string }) =>
      test.jobs.decidePlan(jobId, { decision: 'change', version: 1, answers: [answer] })
    expect(await answered({ question: 'colour', choice: 'red' })).toMatchObject({ kind: 'invalid' })
    expect(await answered({ question: 'sign-in', choice: 'all' })).toEqual({
      kind: 'invalid',
      message: 'The choices of sign-in are none, jwt.',
    })
    expect(await answered({ question: 'sign-in', text: 'some' })).toMatchObject({ kind: 'invalid' })
    expect(await answered({ question: 'sign-in', choice: 'jwt' })).toEqual({ kind: 'taken' })
  })

  it('says that there is nothing to decide without a plan, or after the end', async () => {
    await using test = await setUp({ works: false })
    expect(await test.jobs.decidePlan(aRecord().jobId, approve())).toEqual({ kind: 'unknown' })
    const { jobId } = await test.jobs.submit(aRecord())
    expect(await test.jobs.decidePlan(jobId, approve())).toEqual({ kind: 'no_plan' })
    await test.jobs.cancel(jobId)
    expect(await test.jobs.decidePlan(jobId, approve())).toMatchObject({ kind: 'ended' })
  })

  it('ends in exactly one way when an approval and a cancellation meet', async () => {
    await using test = await setUp()
    for (let round = 0; round < 5; round++) {
      const jobId = await test.planned()
      const [decided, cancelled] = await Promise.all([
        test.jobs.decidePlan(jobId, approve()),
        test.jobs.cancel(jobId),
      ])
      const { state } = await test.ends(jobId)
      const again = (await test.jobs.decidePlan(jobId, approve())).kind
      const { kind } = decided
      expect(cancelled === 'cancelled' ? { state, again } : { state, again, kind }).toEqual(
        cancelled === 'cancelled'
          ? { state: 'cancelled', again: 'ended' }
          : { state: 'completed', again: 'taken', kind: 'taken' },
      )
    }
  })

  it('ends when nobody decides in time', async () => {
    await using test = await setUp({ waitMs: 300 })
    const { jobId } = await test.jobs.submit(aRecord())
    expect(await test.ends(jobId)).toMatchObject({ state: 'failed', error: { code: 'plan_expired' } })
    expect(await test.jobs.decidePlan(jobId, approve())).toMatchObject({ kind: 'ended' })
    expect(test.steps).toEqual(['plan 1'])
  })

  it('streams that it waits, and then what follows', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    const seen: string[] = []
    for await (const { view } of test.jobs.follow(jobId, { signal: AbortSignal.timeout(30_000) })) {
      seen.push(view.needs ? 'needs a decision' : view.state)
      if (view.needs) await test.jobs.decidePlan(jobId, approve())
    }
    expect([seen[0], seen.at(-1)]).toEqual(['needs a decision', 'completed'])
  })

  it('shows its plan again after the queue has lost everything', async () => {
    await using folder = await temporaryFolder()
    let jobId: string
    {
      await using test = await setUp({ dataDir: folder.path })
      jobId = await test.planned()
      await test.backend.connect('plain').flushall()
    }
    await using test = await setUp({ dataDir: folder.path })
    expect(await test.jobs.recover()).toEqual({ requeued: 1 })
    expect(await test.needs(jobId)).toMatchObject({ progress: 28 })
    await test.jobs.decidePlan(jobId, approve())
    expect(await test.ends(jobId)).toMatchObject({ state: 'completed' })
  })

  it.each(['before the job is queued', 'between the event and the queue'])(
    'goes on with the next recovery when the API dies %s',
    async (when) => {
      await using test = await setUp()
      const jobId = await test.planned()
      const client = test.backend.connect('plain')
      await test.store.createCheckpoint(jobId, 'plan-decision.1', approve())
      if (when !== 'before the job is queued') {
        const last = (await client.xrevrange(keys.eventLog(jobId), '+', '-', 'COUNT', 1))[0]![1][3]!
        const { planVersion: _seen, ...rest } = JSON.parse(last)
        await client.xadd(keys.eventLog(jobId), '*', 'state', 'waiting', 'change', JSON.stringify(rest))
      }
      await test.jobs.recover('recent')
      expect(await test.ends(jobId)).toMatchObject({ state: 'completed' })
      expect(test.steps).toEqual(['plan 1', 'build 1'])
    },
  )

  it('goes on without a recovery when it is decided while the worker is about to park it', async () => {
    await using test = await setUp({ works: false })
    const steps: string[] = []
    test.queue.worker(
      planningRun(test.store, {
        onRun: async (step) => void steps.push(step),
        // As an API does that finds the job in the hands of a worker.
        onPlanned: async (jobId) =>
          void (await test.store.createCheckpoint(jobId, 'plan-decision.1', approve())),
      }),
    )
    const { jobId } = await test.jobs.submit(aRecord())
    expect(await test.ends(jobId)).toMatchObject({ state: 'completed' })
    expect(steps).toEqual(['plan 1', 'build 1'])
  })

  it('is left alone by recovery while it waits', async () => {
    await using test = await setUp()
    const jobId = await test.planned()
    for (const which of ['all', 'lost', 'recent'] as const)
      expect(await test.jobs.recover(which)).toEqual({ requeued: 0 })
    expect(await test.jobs.view(jobId)).toMatchObject({ needs: { plan: { version: 1 } }, queue: null })
    expect(test.steps).toEqual(['plan 1'])
  })
})
