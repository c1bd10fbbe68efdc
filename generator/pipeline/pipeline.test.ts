import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFileStore } from '#store/file-store'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Blueprint, JobOutcome, type GateReport, type GenerateOptions, type Progress } from '#contract'
import { blueprintOf, recordOf } from '#contract/testing/samples'
import { UNLIMITED_BUDGET, openAccount } from '../llm/account.ts'
import type { ProjectFile } from '../ports.ts'
import type { Designer } from '../designers/designer.ts'
import { GenerateError } from '../attempt/failure.ts'
import { makePipeline } from './pipeline.ts'
import type { PipelineDeps } from './pipeline-deps.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import { completeTodo, todoWithComplete } from '../codegen/testing/operations.ts'

/** The pipeline against scripted doubles of its ports: each does what a test says, and counts. */

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pipeline-'))
})
afterEach(() => rm(dir, { recursive: true }))

const BLUEPRINT = blueprintOf()
const FILES: ProjectFile[] = [{ path: 'src/index.ts', content: '', origin: 'template' }]
const GREEN: GateReport = {
  passed: true,
  gates: [{ name: 'types', status: 'passed', detail: '1 file', ms: 3 }],
  tests: { passed: 4, failed: 0, skipped: 0 },
  sandbox: 'none',
  diagnostics: [],
}

function setUp(
  over: Partial<PipelineDeps> & { design?: Designer['design']; options?: GenerateOptions } = {},
) {
  const calls = { design: 0, verify: 0, pack: 0 }
  const store = makeFileStore({ dir })
  const designer = (kind: Designer['kind']): Designer => ({
    kind,
    async design(intent, context) {
      calls.design += 1
      if (over.design) return over.design(intent, context)
      return {
        blueprint: BLUEPRINT,
        assumptions: ['a1'],
        notUnderstood: ['n1'],
        model: kind === 'openai' ? 'gpt-4o' : null,
      }
    },
    async refine() {
      throw new Error('nothing to refine')
    },
  })
  const run = makePipeline({
    store,
    designers: { offline: designer('offline'), openai: null },
    render: async () => FILES,
    async verify() {
      calls.verify += 1
      return GREEN
    },
    async pack({ name, files }) {
      calls.pack += 1
      return { filename: `${name}.zip`, bytes: Buffer.from('zip'), files: files.map((file) => file.path) }
    },
    writer: null,
    openAccount: (kept) => openAccount({ budget: UNLIMITED_BUDGET, price: null, ...kept }),
    log: pino({ level: 'silent' }),
    ...over,
  })
  const record = recordOf({ jobId: ulid().toLowerCase(), options: over.options ?? {} })
  const progress: Progress[] = []
  const cancel = new AbortController()
  const attempt = async (n = 1) => {
    await store.createRecord(record)
    return run({ record, attempt: n, signal: cancel.signal, progress: async (p) => void progress.push(p) })
  }
  return { attempt, calls, progress, cancel, store, record, designer }
}

describe('what runs beside the stages', () => {
  const pages = ['first', 'second'].map((id) => ({ ...completeTodo, id, path: `/todos/:id/${id}` }))
  const designed = async () => ({
    blueprint: Blueprint.parse({ ...todoWithComplete, operations: pages }),
    assumptions: [],
    notUnderstood: [],
    model: 'gpt-4o',
  })
  const never = async () => expect.fail('it was repaired')
  const modelled = () => {
    const { designer } = setUp({ design: designed })
    return { offline: designer('offline'), openai: designer('openai') }
  }
  const codeOf = (specs: readonly HandlerSpec[]) => ({
    handlers: Object.fromEntries(specs.map(({ id }) => [id, `code of ${id}`])),
    notes: [],
    gaps: [],
  })

  it('compares the design with the request while the code is written', async () => {
    const asked = Promise.withResolvers<void>()
    const { attempt } = setUp({
      designers: modelled(),
      writer: {
        async write(specs) {
          await asked.promise
          return codeOf(specs)
        },
        repair: never,
      },
      async review() {
        asked.resolve()
        return { kind: 'compared', missing: ['Send a mail.'] }
      },
    })
    expect(await attempt()).toMatchObject({
      state: 'completed',
      report: { notUnderstood: ['Send a mail.'] },
    })
  })

  it('tries faults in what is written while something else still is, and in each once', async () => {
    const tried: string[][] = []
    const hasTried = Promise.withResolvers<void>()
    const { attempt } = setUp({
      designers: modelled(),
      writer: {
        async write(specs, { onWritten }) {
          onWritten!(specs[0]!, 'code of first')
          await hasTried.promise
          onWritten!(specs[1]!, 'code of second')
          return codeOf(specs)
        },
        repair: never,
      },
      tests: {
        async measure({ targets }) {
          tried.push(targets.map(({ functionName }) => functionName))
          hasTried.resolve()
          return targets.map((target) => ({
            ...target,
            killed: 3,
            all: 3,
            survivors: [],
            untried: 0,
            failing: [],
          }))
        },
        budgetMs: 30_000,
        furtherExamples: null,
        judge: null,
      },
    })
    expect(await attempt()).toMatchObject({
      state: 'completed',
      report: { mutants: { killed: 6, all: 6 } },
    })
    expect(tried).toEqual([['first'], ['second']])
  })

  it('is waited for where a stage fails, since its answer is paid for', async () => {
    const answer = Promise.withResolvers<void>()
    let isAnswered = false
    const down = new Error('the disk is full')
    const { attempt } = setUp({
      designers: modelled(),
      writer: {
        async write() {
          answer.resolve()
          throw down
        },
        repair: never,
      },
      async review() {
        await answer.promise
        await new Promise((done) => setImmediate(done))
        isAnswered = true
        return { kind: 'compared', missing: [] }
      },
    })
    await expect(attempt()).rejects.toBe(down)
    expect(isAnswered).toBe(true)
  })
})

describe('one run of the pipeline', () => {
  it('ends with an archive, its files, and a report of what was read, assumed and checked', async () => {
    const { attempt, store, record } = setUp()
    const outcome = await attempt()
    expect(outcome).toMatchObject({
      state: 'completed',
      files: ['src/index.ts'],
      archive: { filename: 'todo-api.zip', bytes: 3 },
      report: {
        designer: { kind: 'offline', model: null },
        entities: [{ name: 'Todo', fields: ['title'] }],
        routes: [
          { method: 'GET', path: '/todos' },
          { method: 'POST', path: '/todos' },
        ],
        assumptions: ['a1', expect.stringContaining('is limited to 1,000 characters')],
        notUnderstood: ['n1'],
        verification: GREEN,
      },
    })
    expect(await store.openArchive(record.jobId)).not.toBeNull()
  })

  it('ends readably when the clock of the machine steps back meanwhile', async () => {
    const { attempt, progress } = setUp()
    const real = Date.now()
    let looks = 0
    // An hour back at each look.
    const stepping = vi.spyOn(Date, 'now').mockImplementation(() => real - 3_600_000 * looks++)
    try {
      const outcome = JobOutcome.parse(await attempt())
      expect(outcome.state).toBe('completed')
      expect(outcome.finishedAt >= outcome.startedAt!).toBe(true)
      for (const { startedAt, finishedAt } of progress.at(-1)!.steps)
        expect((finishedAt ?? '') >= (startedAt ?? '')).toBe(true)
    } finally {
      stepping.mockRestore()
    }
  })

  it('has the project verified with a new random secret each time', async () => {
    const environments: unknown[] = []
    const { attempt } = setUp({
      verify: async ({ environment }) => {
        environments.push(environment)
        return GREEN
      },
      design: async () => ({
        blueprint: {
          ...BLUEPRINT,
          config: [
            { name: 'PARTNER_KEY', type: 'secret', description: 'What partners know us by.' },
            { name: 'MAX_OPEN', type: 'integer', description: 'How many.', default: 3 },
          ],
        },
        assumptions: [],
        notUnderstood: [],
        model: null,
      }),
    })
    await attempt()
    await attempt()
    expect(environments).toEqual([1, 2].map(() => ({ PARTNER_KEY: expect.stringMatching(/^[\w-]{43}$/) })))
    expect(environments[0]).not.toEqual(environments[1])
  })

  it('says in the report what nothing ever creates, though every gate is green', async () => {
    const [todo] = BLUEPRINT.entities
    const { attempt } = setUp({
      design: async () => ({
        blueprint: { ...BLUEPRINT, entities: [{ ...todo!, operations: ['list', 'read'] }] },
        assumptions: [],
        notUnderstood: ['send e-mails'],
        model: null,
      }),
    })
    const outcome = await attempt()
    if (outcome.state !== 'completed') throw new Error(JSON.stringify(outcome))
    expect(outcome.report.notUnderstood).toEqual([
      'send e-mails',
      expect.stringMatching(/^Nothing creates rows of .*: no route, seed, operation or task adds any/),
    ])
  })

  it('tells every stage in order, each with what came of it', async () => {
    const { attempt, progress } = setUp()
    const outcome = await attempt()
    const steps = outcome.steps.map(({ stage, status, detail }) => `${stage} ${status}: ${detail}`)
    expect(steps).toEqual([
      'intake done: offline designer',
      'design done: 1 entity',
      'lint done: 2 routes',
      'render done: 1 file',
      'write skipped: nothing to write: every operation is rendered',
      'verify done: 4 tests passed',
      'repair skipped: nothing to repair',
      'review skipped: only designs of a language model are compared',
      'mutants skipped: no code was written by a model',
      'pack done: todo-api.zip, 1 KiB',
    ])
    expect(progress.length).toBeGreaterThanOrEqual(14)
  })

  it('does not ask the designer again when a later attempt takes over', async () => {
    const down = new Error('the disk is full')
    let broken = true
    const { attempt, calls } = setUp({
      pack: async ({ name, files }) => {
        if (broken) throw down
        return { filename: `${name}.zip`, bytes: Buffer.from('zip'), files: files.map((file) => file.path) }
      },
    })
    await expect(attempt(1)).rejects.toBe(down)
    broken = false
    expect((await attempt(2)).state).toBe('completed')
    expect(calls.design).toBe(1)
  })

  it('fails with the reason and the hint when the designer cannot read the prompt', async () => {
    const { attempt, calls } = setUp({
      design: async () => {
        throw new GenerateError({
          code: 'nothing_readable',
          message: 'No entity was found.',
          hint: 'Name one.',
        })
      },
    })
    expect(await attempt()).toMatchObject({
      state: 'failed',
      stage: 'design',
      failure: { code: 'nothing_readable', message: 'No entity was found.', hint: 'Name one.' },
      report: null,
    })
    expect(calls.verify).toBe(0)
  })

  it('packs nothing that failed a gate, and reports which', async () => {
    const red: GateReport = {
      ...GREEN,
      passed: false,
      gates: [{ name: 'tests', status: 'failed', detail: '1 of 4 tests failed', ms: 1 }],
    }
    const { attempt, calls } = setUp({ verify: async () => red })
    const outcome = await attempt()
    expect(outcome).toMatchObject({
      state: 'failed',
      failure: {
        code: 'verification_failed',
        message: expect.stringContaining('tests: 1 of 4 tests failed'),
      },
      report: { verification: red },
    })
    expect(calls.pack).toBe(0)
  })

  it('says that the time was too short where nothing else was wrong', async () => {
    const late = { status: 'failed', ms: 1, timedOut: true } as const
    const slow: GateReport = {
      ...GREEN,
      passed: false,
      gates: [
        { ...late, name: 'types', detail: 'the type-check of 428 files took longer than 60 s' },
        { ...late, name: 'tests', detail: 'no test was started: nothing after 60 s' },
      ],
    }
    expect(await setUp({ verify: async () => slow }).attempt()).toMatchObject({
      state: 'failed',
      failure: {
        code: 'verification_timed_out',
        message: expect.stringContaining('types: the type-check of 428 files took longer than 60 s'),
        hint: expect.stringMatching(/No fault was found.*smaller backend.*\d+ files.*SANDBOX_SECONDS/),
      },
      report: { verification: slow },
    })
    const [types, tests] = slow.gates
    const both = { ...slow, gates: [types!, { ...tests!, timedOut: undefined }] }
    expect(await setUp({ verify: async () => both }).attempt()).toMatchObject({
      failure: { code: 'verification_failed' },
    })
  })

  it('refuses a design with errors that cannot be fixed', async () => {
    const entity = BLUEPRINT.entities[0]!
    const { attempt } = setUp({
      design: async () => ({
        blueprint: {
          ...BLUEPRINT,
          entities: [
            {
              ...entity,
              belongsTo: [
                {
                  name: 'ghost',
                  label: 'ghost',
                  target: 'Ghost',
                  required: true,
                  unique: false,
                  onDelete: 'cascade',
                },
              ],
            },
          ],
        },
        assumptions: [],
        notUnderstood: [],
        model: null,
      }),
    })
    expect(await attempt()).toMatchObject({
      state: 'failed',
      stage: 'lint',
      failure: { code: 'design_invalid', message: expect.stringContaining('Ghost') },
    })
  })

  it('leaves operations as stubs, and says so, without a model', async () => {
    const { attempt } = setUp({
      design: async () => ({
        blueprint: { ...BLUEPRINT, operations: [completeTodo] },
        assumptions: [],
        notUnderstood: [],
        model: null,
      }),
    })
    const outcome = await attempt()
    expect(outcome).toMatchObject({
      state: 'completed',
      report: {
        gaps: [
          { operation: 'POST /todos/:id/complete', reason: expect.stringContaining('no language model') },
        ],
        routes: expect.arrayContaining([{ method: 'POST', path: '/todos/:id/complete' }]),
      },
    })
    expect(outcome.steps.find(({ stage }) => stage === 'write')).toMatchObject({
      status: 'skipped',
      detail: expect.stringContaining('1 operation left as stubs'),
    })
  })

  it('asks no model to write where the offline designer was asked for', async () => {
    const never = async () => expect.fail('a model was asked')
    const { attempt } = setUp({
      writer: { write: never, repair: never },
      design: async () => ({
        blueprint: { ...BLUEPRINT, operations: [completeTodo] },
        assumptions: [],
        notUnderstood: [],
        model: null,
      }),
    })
    expect(await attempt()).toMatchObject({ state: 'completed', report: { gaps: [{}] } })
  })

  it('stops at the next stage when it is cancelled', async () => {
    const { attempt, cancel, calls } = setUp({
      render: async () => {
        cancel.abort(new Error('cancelled'))
        return FILES
      },
    })
    await expect(attempt()).rejects.toThrow('cancelled')
    expect(calls.verify).toBe(0)
  })

  it('says in the report what is to be said of the model that was asked, and of no other', async () => {
    const modelNotice = () => 'The model gpt-4o will be retired on 2027-01-14, in 47 days.'
    const designers = { offline: setUp().designer('offline'), openai: setUp().designer('openai') }
    const noticesBy = async (designer: 'offline' | 'openai') => {
      const outcome = await setUp({ designers, modelNotice, options: { designer } }).attempt()
      return outcome.state === 'completed' && outcome.report.notices
    }
    expect(await noticesBy('openai')).toEqual([modelNotice()])
    expect(await noticesBy('offline')).toEqual([])
  })

  it('says what to set when OpenAI was asked for and is not there', async () => {
    expect(await setUp({ options: { designer: 'openai' } }).attempt()).toMatchObject({
      failure: { code: 'openai_not_configured', hint: expect.stringContaining('OPENAI_API_KEY') },
    })
  })

  it('prefers OpenAI where it is configured, and the offline designer where it is requested', async () => {
    const both = { offline: setUp().designer('offline'), openai: setUp().designer('openai') }
    const chosen = async (options: GenerateOptions) => {
      const outcome = await setUp({ designers: both, options }).attempt()
      return outcome.state === 'completed' && outcome.report.designer.kind
    }
    expect(await chosen({})).toBe('openai')
    expect(await chosen({ designer: 'auto' })).toBe('openai')
    expect(await chosen({ designer: 'offline' })).toBe('offline')
  })

  it('keeps the text of an unexpected error to the log', async () => {
    const secret = new Error('connect to redis://:hunter2@host failed')
    const { toFailure } = await import('../attempt/failure.ts')
    expect(JSON.stringify(toFailure(secret))).not.toContain('hunter2')
  })
})
