import { mkdtempSync, readdirSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ulid } from 'ulid'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Blueprint, JobOutcome, Progress } from '#contract'
import { recordOf } from '#contract/testing/samples'
import { makeLog } from '#lib/log'
import { makeFileStore } from '#store/file-store'
import { UNLIMITED_BUDGET, openAccount, type JobBudget } from '../llm/account.ts'
import { listPrices, priceOf } from '#lib/model-prices'
import { answerEvents, APIS, KEY, modelAt, startService, type Service } from '../llm/testing/service.ts'
import type { ProjectFile, VerifyProject } from '../ports.ts'
import { exampleDesign } from '../designers/model/design-example.ts'
import type { Designer } from '../designers/designer.ts'
import { makeOpenAiDesigner } from '../designers/model/openai-designer.ts'
import { packProject } from './pack.ts'
import { makePipeline } from '../pipeline/pipeline.ts'
import { renderProject } from './render-project.ts'
import { notesWithSignIn, signInHandlers } from '../codegen/testing/accounts.ts'
import {
  checkoutHandler,
  completeTodo,
  completeTodoHandler,
  pageHandlers,
  pages,
  shopWithCheckout,
  todoWithComplete,
} from '../codegen/testing/operations.ts'
import { handlersWithHelper, pagesWithHelper } from '../codegen/testing/helpers.ts'
import { sessionsWithTasks, taskHandlers } from '../codegen/testing/schedules.ts'
import { rateHandlers, shopWithRates } from '../codegen/testing/services.ts'
import { makeRepair } from './repair.ts'
import { EVERYTHING } from '../../test/support/everything.ts'
import { makeVerify } from '../verify/verify.ts'
import { VERIFY_LIMITS } from '../verify/limits.ts'
import { KIT_DIRECTORY } from '../verify/testing/fixture-project.ts'
import { tiersOfThisMachine } from '../verify/testing/sandboxes.ts'
import { makeWrite } from './write-handlers.ts'

/**
 * The pipeline from a design to an archive, with a model over the wire. Where what counts is what the gates find,
 * the project is really verified; where it is what was asked and kept, a double finds faults by a word.
 */

const tier = (await tiersOfThisMachine()).find(({ chosen }) => chosen !== null)!
// Several projects are checked one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 })
const temp = mkdtempSync(join(tmpdir(), 'write-test-'))
// The user inside the sandbox must get to the workspaces in it.
chmodSync(temp, 0o755)
afterAll(() => rmSync(temp, { recursive: true }))

let service: Service
let dir: string
beforeEach(async () => {
  service = await startService()
  dir = mkdtempSync(join(tmpdir(), 'write-store-'))
})
afterEach(async () => {
  await service[Symbol.asyncDispose]()
  rmSync(dir, { recursive: true })
})

const usage = { prompt_tokens: 1000, completion_tokens: 100 }
const answer = (code: string, notes = '') => ({ content: JSON.stringify({ code, notes }), usage })
/** Less than the five seconds after which a test of an operation gives up by itself; one that works takes a twentieth. */
const HANG_MS = 4_000
/** Each of these verifies a project three times, and the hostile suite has the like: they run in the soak. */
const some = <Case>(cases: Case[]): Case[] => (EVERYTHING ? cases : [])
/** What other cases prove as well, with other code. */
const inSoak = (name: string): string[] => (EVERYTHING ? [name] : [])
const MENDING = 'The project was checked with this file'
const CHECKED = 'Software checked this file'

/**
 * Finds the type error of a property that ends in `Wrong`, as the type-check would. With the word `Unseen` in any file the
 * service does not start, and nothing says why.
 */
const verifyByWord: VerifyProject = async ({ files }) => {
  const typed = files.flatMap(({ path, content }) =>
    [...content.matchAll(/\w+Wrong/g)].map(([word]) => ({
      gate: 'types',
      file: path,
      line: 1,
      message: `TS2339: Property '${word}' does not exist`,
    })),
  )
  const isUnseen = files.some(({ content }) => content.includes("'Unseen'"))
  const boot = { gate: 'boot', file: null, line: null, message: 'the service does not start' }
  const diagnostics = [...typed, ...(isUnseen ? [boot] : [])]
  const passed = diagnostics.length === 0
  return {
    passed,
    gates: [{ name: 'types', status: passed ? 'passed' : 'failed', detail: 'by word', ms: 1 }],
    tests: { passed: 1, failed: 0, skipped: 0 },
    sandbox: 'none',
    diagnostics,
  }
}

const verifyWithin = (testMs: number): VerifyProject =>
  makeVerify({
    pickSandbox: tier.chosen!.pick,
    kitDirectory: KIT_DIRECTORY,
    nodePath: process.execPath,
    tempDirectory: temp,
    limits: { ...VERIFY_LIMITS, testMs },
  })

type Options = {
  readonly url?: string
  /** How long one test of a project with an operation or a task by the model may take; of others, as long as ever. */
  readonly testMs?: number
  readonly real?: boolean
  readonly budget?: JobBudget
}

/** Without a Blueprint the model designs it. */
function setUp(blueprint: Blueprint | null, options: Options = {}) {
  const { model, logs, waits } = modelAt(options.url ?? service.url, 'responses')
  const log = makeLog({ level: 'trace', destination: { write: (line) => void logs.push(line) } })
  const designer: Designer = {
    kind: 'openai',
    refine: makeOpenAiDesigner({ model, log }).refine,
    design: async (intent, context) =>
      blueprint === null
        ? makeOpenAiDesigner({ model, log }).design(intent, context)
        : {
            blueprint,
            assumptions: [],
            notUnderstood: [],
            model: model.name,
          },
  }
  const patient = verifyWithin(VERIFY_LIMITS.testMs)
  const hasty = verifyWithin(options.testMs ?? VERIFY_LIMITS.testMs)
  const packed: ProjectFile[] = []
  const progress: Progress[] = []
  const run = makePipeline({
    store: makeFileStore({ dir }),
    designers: { offline: designer, openai: designer },
    render: renderProject,
    verify: !options.real
      ? verifyByWord
      : (input) => (input.files.some(({ origin }) => origin === 'model') ? hasty(input) : patient(input)),
    async pack(input) {
      packed.splice(0, packed.length, ...input.files)
      return packProject(input)
    },
    writer: { write: makeWrite({ model, log }), repair: makeRepair({ model, log }) },
    openAccount: (kept) =>
      openAccount({
        budget: options.budget ?? UNLIMITED_BUDGET,
        price: priceOf(model.name, listPrices),
        ...kept,
      }),
    log,
  })
  const record = recordOf({ jobId: ulid().toLowerCase() })
  const attempt = async (attempt = 1, signal = AbortSignal.timeout(240_000)): Promise<JobOutcome> => {
    if (attempt === 1) await makeFileStore({ dir }).createRecord(record)
    const ended = await run({
      record,
      attempt,
      signal,
      progress: async (change) => void progress.push(change),
    })
    if (ended.state === 'waiting') throw new Error('nobody asked for a plan')
    return ended
  }
  const handler = () => packed.find(({ path }) => path.startsWith('src/operations/'))!
  return { attempt, packed, progress, handler, logs, waits, model }
}

/** The job is done: an archive that passed every gate, with these operations left as stubs. */
function expectDone(outcome: JobOutcome, gaps: RegExp[]) {
  if (outcome.state !== 'completed') throw new Error(JSON.stringify(outcome, null, 1))
  expect(outcome.report.verification.passed).toBe(true)
  expect(outcome.report.verification.gates.filter(({ status }) => status !== 'passed')).toEqual([])
  expect(outcome.report.gaps.map(({ operation, reason }) => `${operation} ${reason}`)).toEqual(
    gaps.map((gap) => expect.stringMatching(gap)),
  )
  expect(readdirSync(temp)).toEqual([])
  return outcome.report
}
const stepsOf = ({ steps }: JobOutcome) =>
  Object.fromEntries(steps.map(({ stage, status, detail }) => [stage, `${status}: ${detail}`]))

const asked = () => service.mock.getRequests().length

describe('an operation that a model writes', () => {
  it('is in the archive, and its examples are among the tests that passed', async () => {
    service.mock.onMessage('todos/:id/complete', answer(completeTodoHandler, 'Time is not kept.'))
    const { attempt, handler } = setUp(todoWithComplete, { real: true })
    const outcome = await attempt()
    const report = expectDone(outcome, [])
    expect(handler()).toMatchObject({ origin: 'model', path: 'src/operations/complete-todo.ts' })
    expect(report.routes.at(-1)).toEqual({ method: 'POST', path: '/todos/:id/complete' })
    expect(report.assumptions).toEqual(['POST /todos/:id/complete: Time is not kept.'])
    expect(report.ledger).toMatchObject({ calls: 1, inputTokens: 1000, outputTokens: 100 })
    expect(stepsOf(outcome)).toMatchObject({
      write: 'done: 1 of 1 operation',
      repair: 'skipped: nothing to repair',
    })
  })

  it.each(inSoak('may read and write several kinds of rows of the one who asks'))('%s', async () => {
    service.mock.onMessage('orders/:id/checkout', answer(checkoutHandler))
    const report = expectDone(await setUp(shopWithCheckout, { real: true }).attempt(), [])
    expect(report.ledger.calls).toBe(1)
  })

  it.each(inSoak('may sign people up and in at routes of its own, as the gates find from outside as well'))(
    '%s',
    async () => {
      service.mock.onMessage('POST /signup', answer(signInHandlers['signUp']!))
      service.mock.onMessage('POST /signin', answer(signInHandlers['signIn']!))
      const { attempt, packed } = setUp(notesWithSignIn, { real: true })
      expectDone(await attempt(), [])
      expect(packed.filter(({ origin }) => origin === 'model')).toHaveLength(2)
      for (const { body } of service.mock.getRequests())
        expect(JSON.stringify(body)).toContain('verifyPassword(password: string')
    },
  )

  it('is written in parallel with the others, one request each', async () => {
    service.mock.onMessage('complete', answer(completeTodoHandler))
    for (const { id, path } of pages) service.mock.onMessage(`GET ${path}`, answer(pageHandlers[id]!))
    const blueprint = { ...todoWithComplete, operations: [...pages, completeTodo] }
    const { attempt, progress } = setUp(blueprint)
    const report = expectDone(await attempt(), [])
    expect(asked()).toBe(4)
    expect(report.ledger.calls).toBe(4)
    const details = progress.map(({ steps }) => steps.find(({ stage }) => stage === 'write')?.detail)
    expect(details).toContain('gpt-4o is writing: 0 of 4 operations')
    expect(details).toContainEqual(
      expect.stringMatching(/^gpt-4o is writing: \d of 4 operations, \d+ tokens$/),
    )
  })

  it('may have rules with any marks in them', async () => {
    service.mock.onMessage('complete', answer(completeTodoHandler))
    const rules = ['Sets done -- to true ---.']
    const operations = [{ ...completeTodo, rules }]
    expectDone(await setUp({ ...todoWithComplete, operations }).attempt(), [])
    expect(asked()).toBe(1)
  })

  it('waits when the service asks it to, and pays the try as well', async () => {
    service.mock.onMessage('complete', answer(completeTodoHandler))
    service.mock.nextRequestError(429, { message: 'slow down' })
    const { attempt, waits } = setUp(todoWithComplete)
    const report = expectDone(await attempt(), [])
    expect(waits).toHaveLength(1)
    expect(report.ledger.calls).toBe(2)
  })

  it('is given back once when it may not run as it is', async () => {
    service.mock.onMessage(CHECKED, answer(completeTodoHandler))
    service.mock.onMessage('complete', answer(completeTodoHandler.replace('../errors.ts', 'node:fs')))
    const report = expectDone(await setUp(todoWithComplete).attempt(), [])
    expect(report.ledger.calls).toBe(2)
    const { body } = service.mock.getLastRequest()!
    expect(JSON.stringify(body)).toContain('1. line 1: imports')
  })
})

it.each(inSoak('a shared helper is written once, is in the archive, and what calls it passes its tests'))(
  '%s',
  async () => {
    // Its question names what calls it, so it is looked at first.
    service.mock.onMessage(
      'The file is src/shared/describe-todos.ts',
      answer(handlersWithHelper.describeTodos),
    )
    for (const { id, path } of pages.slice(0, 2))
      service.mock.onMessage(`GET ${path}`, answer(handlersWithHelper[id as 'htmlReport']))
    const { attempt, packed } = setUp(pagesWithHelper, { real: true })
    const outcome = await attempt()
    const report = expectDone(outcome, [])
    expect(report.ledger.calls).toBe(3)
    expect(packed.filter(({ origin }) => origin === 'model').map(({ path }) => path)).toContain(
      'src/shared/describe-todos.ts',
    )
    expect(stepsOf(outcome)).toMatchObject({ write: 'done: 3 of 3 operations and helpers' })
  },
)

it('a person’s words become a design, code and an archive, each asked for once', async () => {
  const rating = `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { GetBookRatingInput, GetBookRatingResult } from '../schemas/operations/get-book-rating.ts';

export function getBookRating({ params }: GetBookRatingInput, { repositories }: OperationContext): GetBookRatingResult {
  if (!repositories.books.find(params.id)) throw new ApiError(404, 'not_found', 'There is no such book.');
  const where = { bookId: params.id };
  const { data } = repositories.reviews.page({ limit: 1000, offset: 0, sort: 'createdAt', order: 'asc', where });
  const sum = data.reduce((total, { stars }) => total + stars, 0);
  return { average: data.length === 0 ? null : sum / data.length };
}
`
  const oldReviews = `import type { TaskContext } from '../task-context.ts';

export function deleteOldReviews({ repositories, now }: TaskContext): void {
  const limit = now();
  limit.setFullYear(limit.getFullYear() - 5);
  const { data } = repositories.reviews.page({ limit: 1000, offset: 0, sort: 'createdAt', order: 'asc' });
  for (const { id, createdAt } of data) if (Date.parse(createdAt) < limit.getTime()) repositories.reviews.remove(id);
}
`
  service.mock.onMessage('Settings from the service', { content: JSON.stringify(exampleDesign), usage })
  service.mock.onMessage('GET /books/:id/rating', answer(rating))
  service.mock.onMessage('deleteOldReviews', answer(oldReviews))
  const { attempt, model } = setUp(null, { real: true })
  const outcome = await attempt()
  const report = expectDone(outcome, [])
  expect(report).toMatchObject({ designer: { kind: 'openai', model: model.name }, ledger: { calls: 3 } })
  expect(report.routes).toContainEqual({ method: 'GET', path: '/books/:id/rating' })
  expect(report.schedules).toEqual([
    {
      id: 'deleteOldReviews',
      when: 'every day at 02:00 UTC',
      description: 'Delete reviews that are older than five years',
    },
  ])
  expect(stepsOf(outcome)).toMatchObject({ write: 'done: 2 of 2 operations and tasks' })
  expect(asked()).toBe(3)
})

describe('a service that an operation and a task use', () => {
  const written = (name: keyof typeof rateHandlers, code: string = rateHandlers[name]) =>
    service.mock.onMessage(name, answer(code))

  it('is described to the model and handed on, with answers of its own in the examples', async () => {
    written('reportPrices')
    written('getPrice')
    const run = setUp(shopWithRates, { real: true })
    const report = expectDone(await run.attempt(), [])
    expect(report.services).toEqual([
      {
        name: 'rates',
        description: 'Exchange rates of the central bank',
        calls: ['GET /v1/convert/:currency', 'POST /v1/reports'],
      },
    ])
    expect(report.ledger.calls).toBe(2)
    for (const { body } of service.mock.getRequests())
      expect(JSON.stringify(body)).toContain('convert(input: {')
  })

  it.each(inSoak('is the only way out: its address is not asked by hand'))('%s', async () => {
    written('reportPrices')
    const byHand = rateHandlers.getPrice.replace(
      'await services.rates.convert({',
      "await fetch('https://example.com', {",
    )
    service.mock.onMessage(CHECKED, answer(byHand))
    written('getPrice', byHand)
    const { gaps } = expectDone(await setUp(shopWithRates, { real: true }).attempt(), [/^GET \/products/])
    expect(gaps[0]!.reason).toContain('fetch opens a connection')
  })

  it.each(inSoak('is not there for code that is not declared to use it'))('%s', async () => {
    const operations = shopWithRates.operations.map((one) => ({ ...one, uses: undefined, examples: [] }))
    written('reportPrices')
    service.mock.onMessage(CHECKED, answer(rateHandlers.getPrice))
    written('getPrice')
    const run = setUp({ ...shopWithRates, operations }, { real: true })
    const { gaps } = expectDone(await run.attempt(), [/^GET \/products/])
    expect(gaps[0]!.reason).toContain('imports "../services/index.ts"')
  })
})

describe('a scheduled task that a model writes', () => {
  const tasks = (name: keyof typeof taskHandlers, code: string = taskHandlers[name]) => {
    service.mock.onMessage(name, answer(code))
    return { real: true }
  }
  const file = ({ packed }: ReturnType<typeof setUp>, name: string) =>
    packed.find(({ path }) => path === `src/scheduled/${name}.ts`)!

  it('is written in parallel with the others, and is run by its test', async () => {
    tasks('countSessions')
    const run = setUp(sessionsWithTasks, tasks('deleteExpiredSessions'))
    expectDone(await run.attempt(), [])
    expect(file(run, 'delete-expired-sessions')).toMatchObject({ origin: 'model' })
    expect(asked()).toBe(2)
    expect(JSON.stringify(service.mock.getRequests()[0]!.body)).toContain(
      'the function behind one scheduled task',
    )
  })

  it.each(inSoak('and does not compile is repaired from its diagnostics'))('%s', async () => {
    tasks('countSessions')
    service.mock.onMessage(MENDING, answer(taskHandlers.deleteExpiredSessions))
    const wrong = taskHandlers.deleteExpiredSessions.replace('session.expiresAt', 'session.endsAt')
    const run = setUp(sessionsWithTasks, tasks('deleteExpiredSessions', wrong))
    const report = expectDone(await run.attempt(), [])
    expect(report.repairRounds).toBe(1)
    expect(JSON.stringify(service.mock.getLastRequest()!.body)).toMatch(
      /delete-expired-sessions\.ts:\d+: TS2339/,
    )
  })

  it.each(
    some([
      ['throws', "throw new Error('broken on purpose');", /broken on purpose/],
      ['never returns', 'await new Promise(() => {});', /timed out|did not end/],
      [
        'never gives control back',
        'for (let at = 0; at < 1; at += signal.aborted ? 1 : 0) signal.throwIfAborted();',
        /did not end/,
      ],
    ]),
  )('and %s, again and again, is a stub and a gap that says why', async (_, body, why) => {
    tasks('countSessions')
    const code = `import type { TaskContext } from '../task-context.ts';
export async function deleteExpiredSessions({ signal }: TaskContext): Promise<void> {
  if (signal.aborted) return;
  ${body}
}
`
    service.mock.onMessage(MENDING, answer(code))
    const run = setUp(sessionsWithTasks, { ...tasks('deleteExpiredSessions', code), testMs: HANG_MS })
    const report = expectDone(await run.attempt(), [
      /^scheduled task deleteExpiredSessions The code.*did not pass/,
    ])
    expect(report.gaps[0]!.reason).toMatch(why)
    expect(file(run, 'delete-expired-sessions')).toMatchObject({
      origin: 'template',
      content: expect.stringContaining('Not implemented yet'),
    })
    expect(file(run, 'count-sessions')).toMatchObject({ origin: 'model' })
  })

  it.each(inSoak('may not reach for the network, and is given back before it runs'))('%s', async () => {
    tasks('countSessions')
    const open = taskHandlers.deleteExpiredSessions.replace(
      'let offset',
      "void fetch('https://example.com');\n  let offset",
    )
    service.mock.onMessage(CHECKED, answer(open))
    const run = setUp(sessionsWithTasks, tasks('deleteExpiredSessions', open))
    const { gaps } = expectDone(await run.attempt(), [/^scheduled task deleteExpiredSessions/])
    expect(gaps[0]!.reason).toContain('fetch opens a connection')
  })
})

describe('an operation that fails', () => {
  it.each(inSoak('to compile is repaired from its diagnostics'))('%s', async () => {
    service.mock.onMessage(MENDING, answer(completeTodoHandler))
    service.mock.onMessage('complete', answer(completeTodoHandler.replace('todo.done)', 'todo.finished)')))
    const { attempt, handler } = setUp(todoWithComplete, { real: true })
    const outcome = await attempt()
    const report = expectDone(outcome, [])
    expect(handler().content).not.toContain('finished')
    expect(report.ledger.calls).toBe(2)
    expect(stepsOf(outcome)).toMatchObject({
      verify: expect.stringMatching(/^done: not passed: types: 1 type error/),
      repair: 'done: 1 round',
    })
    const said = JSON.stringify(service.mock.getLastRequest()!.body)
    expect(said).toMatch(/types: src\/operations\/complete-todo\.ts:\d+: TS2339/)
  })

  it('its examples is repaired, and the model gets which and why', async () => {
    service.mock.onMessage(MENDING, answer(completeTodoHandler))
    const wrong = completeTodoHandler.replace(
      'throw new ApiError(409',
      "throw new TypeError('oh') ?? new ApiError(409",
    )
    service.mock.onMessage('complete', answer(wrong))
    expectDone(await setUp(todoWithComplete, { real: true }).attempt(), [])
    const said = JSON.stringify(service.mock.getLastRequest()!.body)
    expect(said).toContain('a done to-do stays as it is')
    expect(said).toContain('TypeError: oh')
  })

  it('by a wrong status is repaired alone, and one that was right all along is kept', async () => {
    service.mock.onMessage(MENDING, answer(completeTodoHandler))
    const wrong = completeTodoHandler.replace("409, 'already_done'", "404, 'not_found'")
    service.mock.onMessage('complete', answer(wrong))
    service.mock.onMessage('GET /reports/text', answer(pageHandlers['textReport']!))
    const operations = [completeTodo, pages.find(({ id }) => id === 'textReport')!]
    const { attempt, packed } = setUp({ ...todoWithComplete, operations }, { real: true })
    const outcome = await attempt()
    const report = expectDone(outcome, [])
    expect(report).toMatchObject({ repairRounds: 1, ledger: { calls: 3 } })
    expect(packed.filter(({ origin }) => origin === 'model').map(({ path }) => path)).toEqual([
      'src/operations/complete-todo.ts',
      'src/operations/text-report.ts',
    ])
    const mending = service.mock
      .getRequests()
      .map(({ body }) => JSON.stringify(body))
      .filter((body) => body.includes(MENDING))
    expect(mending).toEqual([expect.stringContaining('Complete a to-do')])
    // The test, the row before, the request, the answer and what was expected; nothing of this machine.
    for (const part of ['a done to-do stays as it is', 'Expected 409, answered 404', 'rows', '/complete`'])
      expect(mending[0]!.slice(mending[0]!.indexOf(MENDING))).toContain(part)
    expect(mending[0]).not.toMatch(/file:|node:internal|backend-verify|node_modules|\/work\//)
  })

  it('an example that contradicts its rules has it corrected, and the report says so', async () => {
    const [open, done] = completeTodo.examples
    const examples = [open!, { ...done!, expect: { status: 404 } }]
    const verdict = {
      verdict: 'correct',
      reason: 'A to-do that is done already is refused, and not missing.',
      example: JSON.stringify(done),
    }
    const objecting = {
      code: completeTodoHandler,
      notes: '',
      cannot: '',
      wrongExample: done!.title,
      whyWrong: 'The rules refuse a done to-do with 409.',
    }
    service.mock.onMessage('What you judge stands', { content: JSON.stringify(verdict), usage })
    service.mock.onMessage(MENDING, { content: JSON.stringify(objecting), usage })
    service.mock.onMessage('complete', answer(completeTodoHandler))
    const { attempt, packed } = setUp(
      { ...todoWithComplete, operations: [{ ...completeTodo, examples }] },
      { real: true },
    )
    const report = expectDone(await attempt(), [])
    expect(report.assumptions).toEqual([
      'POST /todos/:id/complete: The example "a done to-do stays as it is" contradicted the rules and was corrected: expected {"status":409} instead of {"status":404}. A to-do that is done already is refused, and not missing.',
    ])
    expect(report.ledger.calls).toBe(3)
    const test = packed.find(({ path }) => path === 'tests/operations/complete-todo.test.ts')!
    expect(test.content).toContain('server.expectStatus(response, 409)')
    // The judge sees what was said, and what was answered.
    const judging = JSON.stringify(service.mock.getLastRequest()!.body)
    for (const part of ['The rules refuse a done to-do with 409.', 'Expected 404, answered 409'])
      expect(judging).toContain(part)
  })

  it.each(inSoak('in the same way again is a stub, and the report says why'))('%s', async () => {
    const wrong = completeTodoHandler.replace('todo.done)', 'todo.finished)')
    service.mock.onMessage(MENDING, answer(wrong))
    service.mock.onMessage('complete', answer(wrong))
    const { attempt, handler } = setUp(todoWithComplete, { real: true })
    const outcome = await attempt()
    const report = expectDone(outcome, [/^POST \/todos\/:id\/complete The code.*did not pass.*TS2339/])
    expect(handler()).toMatchObject({
      origin: 'template',
      content: expect.stringContaining('notImplemented'),
    })
    expect(report.ledger.calls).toBe(2)
    expect(stepsOf(outcome)['repair']).toBe('done: 2 rounds, 1 operation left as stubs')
  })

  it('in another way each time is a stub after three rounds', async () => {
    const wrong = (name: string) => answer(completeTodoHandler.replace('todo.done)', `todo.${name})`))
    let count = 0
    service.mock.onMessage(MENDING, () => wrong(`${'xyz'.charAt(count++)}Wrong`))
    service.mock.onMessage('complete', wrong('firstWrong'))
    const report = expectDone(await setUp(todoWithComplete).attempt(), [/TS2339.*zWrong/])
    expect(report.ledger.calls).toBe(4)
  })

  it('alone leaves the others as they are', async () => {
    service.mock.onMessage(MENDING, { error: { message: 'no', code: 'insufficient_quota' }, status: 429 })
    service.mock.onMessage('complete', answer(completeTodoHandler))
    for (const { id, path } of pages) {
      const code = pageHandlers[id]!
      service.mock.onMessage(
        `GET ${path}`,
        answer(id === 'htmlReport' ? code.replace('return text', 'return text.endWrong') : code),
      )
    }
    const { attempt, packed } = setUp({ ...todoWithComplete, operations: [...pages, completeTodo] })
    expectDone(await attempt(), [/^GET \/reports\/html .*credit/])
    expect(packed.filter(({ origin }) => origin === 'model').map(({ path }) => path)).toEqual([
      'src/operations/binary-report.ts',
      'src/operations/complete-todo.ts',
      'src/operations/text-report.ts',
    ])
  })

  it.each(
    some([
      ['loops', "for (let turn = 0, step = Number(''); turn < 1; turn += step)", 'did not end', HANG_MS],
      ['throws', "if (String(1) !== '') throw new RangeError('no')", 'RangeError: no', undefined],
      ['never answers', 'await new Promise(() => {})', 'did not end', HANG_MS],
      [
        'ends the process, which no look at its words can tell',
        // A list that is longer than lists can be ends V8 itself.
        "void JSON.stringify('x'.repeat(2 ** 28)).split('')",
        'the process ended',
        undefined,
      ],
    ]),
  )(
    'since it %s is sent back with the reason, and is a stub if that does not help',
    async (_how, statement, why, testMs) => {
      const bad = `import type { CompleteTodoResult } from '../schemas/operations/complete-todo.ts';

export async function completeTodo(): Promise<CompleteTodoResult> {
  ${statement};
  return {} as never;
}
`
      service.mock.onMessage(MENDING, { error: { message: 'no', code: 'insufficient_quota' }, status: 429 })
      service.mock.onMessage('complete', answer(bad))
      const { attempt, handler } = setUp(todoWithComplete, { real: true, ...(testMs && { testMs }) })
      expectDone(await attempt(), [/credit/])
      expect(handler().origin).toBe('template')
      const bodies = service.mock.getRequests().map(({ body }) => JSON.stringify(body))
      expect(bodies.filter((body) => body.includes(MENDING))).toEqual([expect.stringContaining(why)])
    },
  )
})

describe('a failure that names no operation', () => {
  it('costs the one at fault, which is found by trying them apart, and no other', async () => {
    const unseen = completeTodoHandler.replace('return repositories', "void 'Unseen';\n  return repositories")
    service.mock.onMessage(MENDING, { error: { message: 'no', code: 'insufficient_quota' }, status: 429 })
    service.mock.onMessage('complete', answer(unseen))
    service.mock.onMessage('GET /reports/text', answer(pageHandlers['textReport']!))
    service.mock.onMessage('GET /reports/html', answer(pageHandlers['htmlReport']!))
    const operations = [...pages.filter(({ id }) => id !== 'binaryReport'), completeTodo]
    const { attempt, packed } = setUp({ ...todoWithComplete, operations })
    expectDone(await attempt(), [/^POST \/todos\/:id\/complete .*does not start.*credit/])
    expect(packed.filter(({ origin }) => origin === 'model').map(({ path }) => path)).toEqual([
      'src/operations/html-report.ts',
      'src/operations/text-report.ts',
    ])
    const mended = service.mock.getRequests().filter(({ body }) => JSON.stringify(body).includes(MENDING))
    expect(mended).toHaveLength(1)
  })
})

describe('a model that says it cannot write an operation', () => {
  const cannot = (reason: string) => ({
    content: JSON.stringify({ code: '', notes: '', cannot: reason }),
    usage,
  })
  const why = 'To-dos have no owner, so nobody can be told apart.'
  const refusing = completeTodoHandler.replace(
    /  const todo[\s\S]*\?\? todo;/,
    "  throw new ApiError(404, 'not_found', `There is no to-do ${params.id}.`);",
  )

  it('leaves a stub and a gap with its reason, and is asked no more', async () => {
    service.mock.onMessage('complete', cannot(why))
    const { attempt, handler } = setUp(todoWithComplete)
    const report = expectDone(await attempt(), [/^POST .* says that it cannot: To-dos have no owner/])
    expect(handler().origin).toBe('template')
    expect(report.assumptions).toEqual([])
    expect(asked()).toBe(1)
  })

  it('with code that refuses everything is asked why', async () => {
    service.mock.onMessage(CHECKED, cannot(why))
    service.mock.onMessage('complete', answer(refusing, 'Nobody can be told apart.'))
    const report = expectDone(await setUp(todoWithComplete).attempt(), [/cannot: To-dos have no owner/])
    expect(report.assumptions).toEqual([])
    expect(JSON.stringify(service.mock.getLastRequest()!.body)).toContain('the function always throws')
  })

  it('in a note is asked, and has it as a gap where it says so again', async () => {
    const note = 'Completing cannot work without accounts.'
    service.mock.onMessage(CHECKED, answer(completeTodoHandler, note))
    service.mock.onMessage('complete', answer(completeTodoHandler, note))
    const report = expectDone(await setUp(todoWithComplete).attempt(), [/cannot: Completing cannot work/])
    expect(report.assumptions).toEqual([])
    expect(asked()).toBe(2)
  })

  it('in a note that it takes back keeps its code', async () => {
    service.mock.onMessage(CHECKED, answer(completeTodoHandler, 'Anybody may complete a to-do.'))
    service.mock.onMessage('complete', answer(completeTodoHandler, 'It does not work without accounts.'))
    const report = expectDone(await setUp(todoWithComplete).attempt(), [])
    expect(report.assumptions).toEqual(['POST /todos/:id/complete: Anybody may complete a to-do.'])
  })

  it('when it should repair it leaves a stub and a gap with its reason', async () => {
    service.mock.onMessage(MENDING, cannot(why))
    service.mock.onMessage('complete', answer(completeTodoHandler.replace('todo.done)', 'todo.isWrong)')))
    expectDone(await setUp(todoWithComplete).attempt(), [/says that it cannot: To-dos have no owner/])
    expect(asked()).toBe(2)
  })
})

describe('a model that gives no code', () => {
  it.each(APIS.slice(0, 1))('by refusing leaves a stub (%s)', async () => {
    service.replyRaw({
      events: [
        { type: 'response.refusal.delta', delta: 'I cannot' },
        {
          type: 'response.completed',
          response: { status: 'completed', usage: { input_tokens: 7, output_tokens: 3 } },
        },
      ],
      end: true,
    })
    const report = expectDone(await setUp(todoWithComplete, { url: service.rawUrl }).attempt(), [
      /refused|declined/i,
    ])
    expect(report.ledger).toMatchObject({ calls: 1, inputTokens: 7, outputTokens: 3 })
  })

  it.each([
    ['prose', 'Sure! Here it is.'],
    ['another shape', '{"file":"x"}'],
    ['nothing to export', JSON.stringify({ code: 'const a = 1', notes: '' })],
  ])('but %s leaves a stub', async (_what, content) => {
    service.mock.onMessage(/complete|Software checked/, { content, usage })
    const report = expectDone(await setUp(todoWithComplete).attempt(), [/^POST \/todos\/:id\/complete /])
    expect(report.ledger.calls).toBeLessThanOrEqual(2)
  })

  it('because the service is down leaves stubs, with what the tries cost', async () => {
    service.mock.onMessage('complete', { error: { message: 'down' }, status: 503 })
    const report = expectDone(await setUp(todoWithComplete).attempt(), [/service/i])
    expect(report.ledger.calls).toBeGreaterThan(1)
  })
})

describe('a job with a budget', () => {
  /** Of all texts in a question, in bytes. */
  const lengthOf = (body: unknown): number =>
    typeof body === 'string'
      ? Buffer.byteLength(body)
      : typeof body === 'object' && body !== null
        ? Object.values(body).reduce((sum: number, part) => sum + lengthOf(part), 0)
        : 0
  const operations = [...pages, completeTodo]
  const all = { ...todoWithComplete, operations }
  const answers = (tokens: number) => {
    // Like the service, it stops at the limit it is given.
    const say =
      (code: string) =>
      ({ max_tokens = Infinity }: { max_tokens?: number }) => ({
        content: JSON.stringify({ code, notes: '' }),
        finishReason: tokens > max_tokens ? 'length' : 'stop',
        usage: { prompt_tokens: 1000, completion_tokens: Math.min(tokens, max_tokens) },
      })
    service.mock.onMessage('complete', say(completeTodoHandler))
    for (const { id, path } of pages) service.mock.onMessage(`GET ${path}`, say(pageHandlers[id]!))
  }

  /** A question is paid for by its length before it is sent, and the instructions in it grow with the product. */
  async function questionTokens(): Promise<number> {
    answers(1000)
    expectDone(await setUp(all).attempt(), [])
    return Math.ceil(Math.max(...service.mock.getRequests().map(({ body }) => lengthOf(body))) / 3)
  }
  /** Of 1000 tokens in and 9000 out, two answers fit, and a third has less than the least room. */
  async function tokensForTwo(): Promise<number> {
    const tokens = 2 * 10_000 + (await questionTokens()) + 500
    // Without the answers of the measurement.
    await service[Symbol.asyncDispose]()
    service = await startService()
    return tokens
  }

  it('makes no call that does not fit, and leaves what was not written as stubs that say so', async () => {
    const tokens = await tokensForTwo()
    answers(9000)
    const report = expectDone(await setUp(all, { budget: { tokens, costUsd: null } }).attempt(), [
      new RegExp(`^GET .*Job budget exceeded: 2\\d,\\d{3} of ${tokens.toLocaleString('en')} tokens`),
      /^POST .*budget/,
    ])
    const { inputTokens, outputTokens } = report.ledger
    expect(inputTokens + outputTokens).toBeLessThanOrEqual(tokens)
    expect(outputTokens).toBeGreaterThanOrEqual(18_000)
  })

  it('counts money as well as tokens', async () => {
    const question = ((await questionTokens()) * 2.5) / 1e6
    // Of gpt-4o, 1000 in and 1000 out are 1.25 cents: two answers fit, and a third has a fifth of the least room.
    const costUsd = 2 * 0.0125 + question + 0.001
    const over = new RegExp(`of \\$${costUsd.toFixed(4)}`)
    const limited = setUp(all, { budget: { tokens: null, costUsd } })
    const report = expectDone(await limited.attempt(), [over, over])
    expect(report.ledger.costUsd).toBeCloseTo(0.025)
  })

  it('counts what an earlier attempt has paid', async () => {
    const tokens = await tokensForTwo()
    answers(9000)
    const { attempt } = setUp(all, { budget: { tokens, costUsd: null } })
    const first = expectDone(await attempt(), [/budget/, /budget/])
    const calls = asked()
    const second = expectDone(await attempt(2), [/budget/, /budget/])
    expect(asked()).toBe(calls)
    expect(second.ledger).toEqual(first.ledger)
  })

  it('fails where not even the design fits, and says what it cost', async () => {
    service.mock.onMessage('Settings from the service', { content: JSON.stringify(exampleDesign), usage })
    const small = setUp(null, { budget: { tokens: 3000, costUsd: null } })
    expect(await small.attempt()).toMatchObject({
      state: 'failed',
      stage: 'design',
      failure: { code: 'job_budget_reached', message: expect.stringContaining('0 of 3,000 tokens') },
      ledger: { calls: 0 },
    })
    expect(asked()).toBe(0)
  })

  it('fails where the design is cut at its end', async () => {
    const content = JSON.stringify(exampleDesign).slice(0, 500)
    const cut = { content, finishReason: 'length', usage: { prompt_tokens: 4000, completion_tokens: 900 } }
    service.mock.onMessage('Settings from the service', cut)
    // The least budget in which the question fits, within 2,000 tokens: it does not fit again after an answer of 4,900.
    let outcome: JobOutcome
    let tokens = 10_000
    do {
      tokens += 2_000
      outcome = await setUp(null, { budget: { tokens, costUsd: null } }).attempt()
    } while (asked() === 0 && tokens < 100_000)
    expect(outcome).toMatchObject({
      state: 'failed',
      failure: { code: 'job_budget_reached' },
      ledger: { calls: 1, inputTokens: 4000, outputTokens: 900 },
    })
  })
})

describe('an attempt that takes over', () => {
  it('asks nothing again that was answered, whenever the first one was stopped', async () => {
    const operations = [completeTodo, ...pages]
    const stop = new AbortController()
    service.mock.onMessage('complete', answer(completeTodoHandler))
    for (const { id, path } of pages) service.mock.onMessage(`GET ${path}`, answer(pageHandlers[id]!))
    const { attempt } = setUp({ ...todoWithComplete, operations })
    const first = attempt(1, stop.signal)
    await expect.poll(asked, { timeout: 60_000, interval: 5 }).toBe(4)
    // The answers are on their way to the disk; then it is gone.
    await expect
      .poll(
        () => readdirSync(dir, { recursive: true }).filter((name) => String(name).includes('write.')).length,
        {
          timeout: 60_000,
          interval: 5,
        },
      )
      .toBe(4)
    stop.abort(new Error('killed'))
    await expect(first).rejects.toThrow('killed')
    const report = expectDone(await attempt(2), [])
    expect(asked()).toBe(4)
    expect(report.ledger.calls).toBe(4)
  })

  it('does not ask the first question again when it was stopped at the second', async () => {
    service.mock.onMessage(CHECKED, answer(completeTodoHandler), { latency: 40 })
    service.mock.onMessage('complete', answer('const nothing = 1'))
    const { attempt } = setUp(todoWithComplete)
    const stop = new AbortController()
    const first = attempt(1, stop.signal)
    await expect
      .poll(
        () => readdirSync(dir, { recursive: true }).filter((name) => String(name).includes('write.')).length,
      )
      .toBe(1)
    stop.abort(new Error('killed'))
    await expect(first).rejects.toThrow('killed')
    expectDone(await attempt(2), [])
    const about = (text: string) =>
      service.mock.getRequests().filter(({ body }) => JSON.stringify(body).includes(text)).length
    expect(asked() - about(CHECKED)).toBe(1)
  })

  it('asks for no repair again either', async () => {
    service.mock.onMessage(MENDING, answer(completeTodoHandler))
    service.mock.onMessage('complete', answer(completeTodoHandler.replace('todo.done)', 'todo.isWrong)')))
    const { attempt } = setUp(todoWithComplete)
    expectDone(await attempt(), [])
    expect(asked()).toBe(2)
    expectDone(await attempt(2), [])
    expect(asked()).toBe(2)
  })
})

describe('the question on the wire', () => {
  it('begins the same for every operation, and holds the rules between markers', async () => {
    service.replyRaw({
      events: answerEvents('responses', JSON.stringify({ code: checkoutHandler, notes: '' })),
      end: true,
    })
    const { attempt, logs } = setUp(shopWithCheckout, { url: service.rawUrl })
    await attempt()
    const [body] = service.bodies as { instructions: string; input: { content: string }[]; text: object }[]
    expect(body).toMatchObject({
      text: { format: { type: 'json_schema', strict: true, name: 'operation_code' } },
    })
    expect(body!.instructions.length).toBeGreaterThan(3500)
    expect(body!.instructions).not.toContain('checkout')
    const [{ content }] = body!.input as [{ content: string }]
    const marker = /the two lines that read ([0-9a-f-]{36})\./.exec(content)![1]!
    const [before, between] = content.split(`\n${marker}\n`)
    expect(between).toContain('Only the customer may check an order out')
    expect(before).not.toContain('Only the customer may check an order out')
    expect(before).toContain('export type CheckoutInput = {')
    expect(before).toContain('repositories.orderItems: Table<OrderItem>')
    expect(before).not.toContain('repositories.tags')
    for (const line of logs)
      for (const secret of [KEY, 'Only the customer']) expect(line).not.toContain(secret)
  })
})
