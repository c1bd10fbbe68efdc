import { describe, expect, it } from 'vitest'
import { gateReportOf } from '#contract/testing/samples'
import { makeLog } from '#lib/log'
import { makeCheckpoints } from '../attempt/checkpoint.ts'
import { handlersWithHelper, pagesWithHelper } from '../codegen/testing/helpers.ts'
import { openAccount, UNLIMITED_BUDGET } from '../llm/account.ts'
import type { StructuredModel } from '../llm/structured-model.ts'
import { defaultStack } from '../stacks/registry.ts'
import { gateCode } from '../verify/gate-code.ts'
import { renderProject } from './render-project.ts'
import { reuseHandlers } from './refine/reuse-handlers.ts'
import { blame } from './repair/blame.ts'
import { makeWrite } from './write-handlers.ts'

const specs = defaultStack.handlerSpecs(pagesWithHelper, await renderProject(pagesWithHelper))
const specOf = (id: string) => specs.find((spec) => spec.id === id)!

type Answer = { code?: string; cannot?: string }

/** A model that answers by the name of the file in its question, and what it was asked. */
function setUp(answers: Record<string, Answer>, kept = new Map<string, unknown>()) {
  const questions: string[] = []
  const model: StructuredModel = {
    name: 'scripted',
    async ask({ input }) {
      const { text } = input[0]!
      questions.push(text)
      const { id } = specs.find(({ path }) => text.startsWith(`The file is ${path}.`))!
      // Every call that waits for no helper has begun.
      await new Promise((done) => setImmediate(done))
      const value = { code: '', notes: '', cannot: '', ...answers[id] }
      const usage = { calls: 1, inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1 }
      return { value, usage: { ...usage, reasoningTokens: 0, costUsd: null } }
    },
  }
  const store = {
    readCheckpoint: async (_: string, key: string) => kept.get(key),
    writeCheckpoint: async (_: string, key: string, value: unknown) => void kept.set(key, value),
  }
  const log = makeLog({ level: 'fatal', destination: { write: () => {} } })
  const run = () =>
    makeWrite({ model, log })(specs, {
      once: makeCheckpoints({ store: store as never, jobId: 'job' as never }),
      account: openAccount({ budget: UNLIMITED_BUDGET, price: null, initial: null, save: async () => {} }),
      signal: AbortSignal.timeout(10_000),
      onProgress: () => {},
    })
  return { run, questions, kept }
}
const { describeTodos, htmlReport, textReport } = handlersWithHelper
const all = {
  describeTodos: { code: describeTodos },
  htmlReport: { code: htmlReport },
  textReport: { code: textReport },
}

describe('a shared helper', () => {
  it('is written first, by the rules of what calls it, and what calls it is shown its code', async () => {
    const { run, questions } = setUp(all)
    expect(await run()).toEqual({ handlers: handlersWithHelper, notes: [], gaps: [] })
    const [first, ...others] = questions
    expect(questions).toHaveLength(3)
    expect(first).toContain('The file is src/shared/describe-todos.ts')
    expect(first).toContain('"usedBy"')
    for (const text of others)
      expect(text).toContain(`// src/shared/describe-todos.ts\n${describeTodos.trim()}`)
  })

  it('that cannot be written leaves what calls it open, with its reason and without a question', async () => {
    const { run, questions } = setUp({ describeTodos: { cannot: 'There are no to-dos.' } })
    const { handlers, gaps } = await run()
    expect(handlers).toEqual({})
    expect(gaps).toEqual(
      ['GET /reports/html', 'GET /reports/text'].map((operation) => ({
        operation,
        reason:
          'It uses the shared helper describeTodos, which could not be written: The model that should write it says that it cannot: There are no to-dos.',
      })),
    )
    expect(questions).toHaveLength(1)
  })

  it('that nothing calls in the end is left out', async () => {
    const { run } = setUp({ ...all, htmlReport: { cannot: 'No.' }, textReport: { cannot: 'No.' } })
    expect((await run()).handlers).toEqual({})
  })

  it('is requested once, however many attempts there are', async () => {
    const first = setUp(all)
    await first.run()
    const second = setUp(all, first.kept)
    expect(await second.run()).toEqual({ handlers: handlersWithHelper, notes: [], gaps: [] })
    expect(second.questions).toEqual([])
  })

  it('is in the project if something that is written calls it, as the code of a model', async () => {
    const files = await renderProject(pagesWithHelper, { handlers: handlersWithHelper })
    expect(files.filter(({ origin }) => origin === 'model').map(({ path }) => path)).toEqual([
      'src/operations/html-report.ts',
      'src/operations/text-report.ts',
      'src/shared/describe-todos.ts',
    ])
    expect(gateCode(files)).toMatchObject({ status: 'passed' })
    const idle = await renderProject(pagesWithHelper, { handlers: { describeTodos } })
    expect(idle.some(({ path }) => path.startsWith('src/shared/'))).toBe(false)
  })

  it('imports no other one, and exports one function and types', async () => {
    const nested = describeTodos.replace('../database/repositories.ts', './other.ts')
    const files = await renderProject(pagesWithHelper, {
      handlers: { ...handlersWithHelper, describeTodos: nested },
    })
    const other = {
      path: 'src/shared/other.ts',
      content: 'export type Repositories = string\n',
      origin: 'model' as const,
    }
    expect(gateCode([...files, other]).diagnostics).toMatchObject([
      { file: 'src/shared/describe-todos.ts', message: expect.stringContaining('imports "./other.ts"') },
    ])
    const two = `${describeTodos}\nexport const more = 1;\n`
    const { run, questions } = setUp({ ...all, describeTodos: { code: two } })
    expect((await run()).gaps[0]!.reason).toContain('export exactly one function, and besides it only types')
    expect(questions).toHaveLength(2)
    const typed = describeTodos.replace('/** Takes', 'export type Limit = number;\n\n/** Takes')
    expect((await setUp({ ...all, describeTodos: { code: typed } }).run()).gaps).toEqual([])
  })

  it('may be handed parts of the context, which it cannot change', async () => {
    const changing = describeTodos.replace('const {', 'repositories.todos = repositories.todos;\n  const {')
    const { run } = setUp({ ...all, describeTodos: { code: changing } })
    expect((await run()).gaps[0]!.reason).toContain('changes repositories, which everything shares')
  })

  it('is blamed for a type error in its file', () => {
    const diagnostics = [{ gate: 'types', file: 'src/shared/describe-todos.ts', line: 4, message: 'TS2322' }]
    const verification = gateReportOf({ passed: false, gates: [], diagnostics })
    expect(blame({ files: [], verification }, specs).map(({ spec }) => spec)).toEqual([
      specOf('describeTodos'),
    ])
  })

  it('that changes has what calls it written again; another caller alone changes nothing', () => {
    const source = {
      blueprint: pagesWithHelper,
      handlers: handlersWithHelper,
      migrations: [],
      files: {},
      history: [],
    }
    const [helper] = pagesWithHelper.helpers!
    const keptWith = (changed: Partial<typeof helper>) =>
      Object.keys(reuseHandlers(source, { ...pagesWithHelper, helpers: [{ ...helper!, ...changed }] }, specs))
    expect(keptWith({})).toEqual(['describeTodos', 'htmlReport', 'textReport'])
    expect(keptWith({ rules: ['Answers otherwise.'] })).toEqual([])
    expect(keptWith({ usedBy: ['htmlReport'] })).toEqual(['describeTodos', 'htmlReport'])
  })
})
