import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Blueprint, GenerateOptions, JobPreferences, PlanDecision, PlanQuestion } from '#contract'
import { blueprintOf, gateReportOf, recordOf } from '#contract/testing/samples'
import { makeFileStore } from '#store/file-store'
import { decidePlan, readPlan, readPlanDiagram } from '#store/plans'
import { GenerateError } from '../attempt/failure.ts'
import { noRenames } from '../blueprint/renames.ts'
import type { Design, Designer } from '../designers/designer.ts'
import { UNLIMITED_BUDGET, openAccount } from '../llm/account.ts'
import { makePipeline } from './pipeline.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plan-'))
})
afterEach(() => rm(dir, { recursive: true }))

const HOUR = 3_600_000
const QUESTION: PlanQuestion = {
  id: 'q1',
  text: 'May others see a todo?',
  choices: [
    { id: 'a', label: 'No', assumed: true },
    { id: 'b', label: 'Yes', assumed: false },
  ],
  freeText: true,
}

function setUp(
  options: GenerateOptions,
  over: {
    design?: Partial<Design>
    refuses?: boolean
    limitUsd?: number
    applied?: JobPreferences['applied']
  } = {},
) {
  const calls = { design: 0, refine: [] as string[] }
  const auth: (string | undefined)[] = []
  const rendered: Blueprint[] = []
  let clock = Date.parse('2026-11-23T09:30:00.000Z')
  const designed: Design = {
    blueprint: blueprintOf(),
    assumptions: [],
    notUnderstood: [],
    model: null,
    ...over.design,
  }
  const designer: Designer = {
    kind: 'offline',
    async design(intent) {
      calls.design += 1
      auth.push(intent.options.auth)
      expect(intent.options).not.toHaveProperty('plan')
      return designed
    },
    async refine({ prompt, present }) {
      calls.refine.push(prompt)
      if (over.refuses)
        throw new GenerateError({ code: 'nothing_readable', message: 'It names nothing to change.' })
      const blueprint = { ...present, title: `${present.title}, changed` }
      return { blueprint, assumptions: ['Changed.'], notUnderstood: [], model: null, renames: noRenames }
    },
  }
  const store = makeFileStore({ dir })
  const pipeline = makePipeline({
    store,
    designers: { offline: designer, openai: null },
    async render(blueprint) {
      rendered.push(blueprint)
      return [{ path: 'src/index.ts', content: '', origin: 'template' }]
    },
    verify: async () => gateReportOf(),
    pack: async ({ name, files }) => ({
      filename: `${name}.zip`,
      bytes: Buffer.from('zip'),
      files: files.map(({ path }) => path),
    }),
    writer: null,
    planning: { waitMs: 24 * HOUR, reviews: false, model: () => null, limitUsd: over.limitUsd ?? null },
    openAccount: (kept) => openAccount({ budget: UNLIMITED_BUDGET, price: null, ...kept }),
    log: pino({ level: 'silent' }),
    now: () => (clock += 10),
  })
  const record = recordOf({
    jobId: ulid().toLowerCase(),
    options,
    prompt: 'A todo app with a title for each todo',
    ...(over.applied && { preferences: { applied: over.applied, ignored: [], monthLimits: [] } }),
  })
  const { jobId } = record
  return {
    calls,
    rendered,
    auth,
    record,
    store,
    pass: (ms: number) => (clock += ms),
    plan: (version = 1) => readPlan(store, jobId, version),
    diagram: (version: number) => readPlanDiagram(store, jobId, version),
    decide: (decision: PlanDecision) => decidePlan(store, jobId, decision.version, decision),
    async run() {
      await store.createRecord(record)
      return pipeline({ record, attempt: 1, signal: AbortSignal.timeout(60_000), progress: async () => {} })
    },
  }
}

const approve = (version = 1): PlanDecision => ({ decision: 'approve', version })
const change = (words: string, version = 1): PlanDecision => ({ decision: 'change', version, words })

describe('a plan', () => {
  it('stops the job after its design, with everything to look at', async () => {
    const job = setUp({ plan: 'always' })
    expect(await job.run()).toMatchObject({ state: 'waiting', planVersion: 1, percent: 25, stage: null })
    expect(await job.plan()).toMatchObject({
      plan: {
        version: 1,
        reasons: ['You asked to see the plan first.'],
        entities: [
          { name: 'Todo', fields: [{ name: 'title', type: 'text', required: true }], relations: [] },
        ],
        routes: [{ resource: 'Todo', routes: [{ method: 'GET' }, { method: 'POST' }] }],
        rules: ['Nobody signs in: everyone may use every route.'],
        estimate: { costUsd: { from: 0, to: 0 }, basis: '2 routes to check. No model is called.' },
      },
      progress: {
        steps: expect.arrayContaining([expect.objectContaining({ stage: 'lint', status: 'done' })]),
      },
    })
    expect(await job.diagram(1)).toContain('>Todo</text>')
    expect(job.rendered).toEqual([])
    // A worker that takes it again, such as after a crash, does nothing twice.
    expect(await job.run()).toMatchObject({ state: 'waiting', planVersion: 1 })
    expect(job.calls.design).toBe(1)
  })

  it('is shown where the channel wants it, unless the request says otherwise', async () => {
    const applied = { plan: { value: 'always', from: 'channel' } } as const
    const job = setUp({}, { applied })
    expect(await job.run()).toMatchObject({ state: 'waiting' })
    expect((await job.plan())?.plan.reasons).toEqual(['Every plan is shown first here.'])
    expect(await setUp({ plan: 'never' }, { applied }).run()).toMatchObject({ state: 'completed' })
  })

  it('may cost what the channel allows, where that is less', async () => {
    const asked = { design: { questions: [QUESTION] } }
    const job = setUp({ plan: 'auto' }, { ...asked, applied: { jobCostUsd: { value: 1, from: 'channel' } } })
    expect(await job.run()).toMatchObject({ state: 'waiting' })
  })

  it('has the house rules, which are read line by line without a model', async () => {
    const words = '- Todos have tags.\n\n2. Every list is paged.'
    const applied = { houseRules: { value: words, from: 'channel' } } as const
    const job = setUp({ plan: 'always' }, { applied })
    await job.run()
    expect(job.calls.refine).toEqual(['Todos have tags.', 'Every list is paged.'])
    expect((await job.plan())?.plan).toMatchObject({
      houseRules: { words, from: 'channel' },
      title: 'Todo API, changed, changed',
      assumptions: expect.arrayContaining(['Changed.']),
    })
    await job.decide(approve())
    expect(await job.run()).toMatchObject({ state: 'completed', report: { houseRules: { words } } })
    expect(job.calls.refine).toHaveLength(2)
  })

  it('names house rules that cannot be read, and leaves the design as it was', async () => {
    const applied = { houseRules: { value: 'Be nice.', from: 'workspace' } } as const
    const job = setUp({ plan: 'always' }, { applied, refuses: true })
    await job.run()
    expect((await job.plan())?.plan).toMatchObject({
      title: 'Todo API',
      notUnderstood: ['House rule not read: Be nice.'],
    })
  })

  it('is built as approved, without another design, and began when the job did', async () => {
    const job = setUp({ plan: 'always' })
    await job.run()
    const stored = await job.plan()
    await job.decide(approve())
    job.pass(HOUR)
    const outcome = await job.run()
    expect(outcome).toMatchObject({ state: 'completed', report: { title: 'Todo API' } })
    expect(outcome.steps.slice(0, 3)).toEqual(stored!.progress.steps.slice(0, 3))
    expect(outcome).toMatchObject({ startedAt: stored!.progress.steps[0]!.startedAt })
    expect(outcome).toMatchObject({ report: { timings: { design: expect.any(Number) } } })
    expect(job.calls.design).toBe(1)
  })

  it('is designed further by each change, and the last one is built', async () => {
    const job = setUp({ plan: 'always' }, { design: { model: null } })
    await job.run()
    await job.decide(change('Add tags'))
    expect(await job.run()).toMatchObject({ state: 'waiting', planVersion: 2 })
    expect(await job.plan(2)).toMatchObject({
      plan: { title: 'Todo API, changed', reasons: ['You changed the plan.'] },
    })
    await job.decide(change('Add comments', 2))
    await job.run()
    await job.decide(approve(3))
    expect(await job.run()).toMatchObject({
      state: 'completed',
      report: { title: 'Todo API, changed, changed' },
    })
    expect(job.calls).toEqual({ design: 1, refine: ['Add tags', 'Add comments'] })
  })

  it('keeps the design where a change is not understood, and says so', async () => {
    const job = setUp({ plan: 'always' }, { refuses: true })
    await job.run()
    await job.decide(change('Make it nice'))
    await job.run()
    expect((await job.plan(2))?.plan.notUnderstood).toEqual(['"Make it nice": It names nothing to change.'])
  })

  it('ends the job when nobody decides in time', async () => {
    const job = setUp({ plan: 'always' })
    await job.run()
    job.pass(24 * HOUR)
    expect(await job.run()).toMatchObject({
      state: 'failed',
      failure: {
        code: 'plan_expired',
        message: expect.stringContaining('2026-11-24T09:30:00'),
        hint: expect.any(String),
      },
      steps: expect.arrayContaining([expect.objectContaining({ stage: 'lint', status: 'done' })]),
    })
    // Who decides later is late.
    expect(await job.decide(approve())).toEqual({ decision: 'expire' })
  })

  it('is not made unless it was requested', async () => {
    for (const options of [{}, { plan: 'never' }] as const) {
      const job = setUp(options)
      expect(await job.run()).toMatchObject({ state: 'completed' })
      expect(await job.plan()).toBeNull()
    }
  })
})

describe('what a plan asks', () => {
  it('takes an answer that is a setting as that setting', async () => {
    const job = setUp({ plan: 'always' })
    await job.run()
    expect((await job.plan())?.questions).toMatchObject([
      { id: 'sign-in', choices: [{ id: 'none', assumed: true }, { id: 'jwt' }, { id: 'apiKey' }] },
    ])
    await job.decide({ decision: 'change', version: 1, answers: [{ question: 'sign-in', choice: 'none' }] })
    await job.run()
    expect(job.auth).toEqual([undefined, 'none'])
    expect((await job.plan(2))?.questions).toEqual([])
  })
})

describe('plan: auto', () => {
  it('goes on with a request that leaves nothing open', async () => {
    expect(await setUp({ plan: 'auto' }).run()).toMatchObject({ state: 'completed' })
  })

  it('stops where most was assumed', async () => {
    const assumptions = ['One.', 'Two.', 'Three.', 'Four.']
    const job = setUp({ plan: 'auto' }, { design: { assumptions } })
    await job.run()
    expect((await job.plan())?.plan.reasons).toEqual([
      'Most of this was assumed, because the request says little.',
    ])
  })

  it('stops where the design asks something, and passes the answer on as words', async () => {
    const job = setUp({ plan: 'auto' }, { design: { questions: [QUESTION] } })
    expect(await job.run()).toMatchObject({ state: 'waiting' })
    expect((await job.plan())?.questions.map(({ id }) => id)).toEqual(['q1', 'sign-in'])
    await job.decide({ decision: 'change', version: 1, answers: [{ question: 'q1', choice: 'b' }] })
    expect(await job.run()).toMatchObject({ state: 'waiting', planVersion: 2 })
    expect(job.calls.refine).toEqual(['May others see a todo? Yes'])
  })
})
