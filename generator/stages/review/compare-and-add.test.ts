import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { Blueprint, GateReport } from '#contract'
import { noRenames } from '../../blueprint/renames.ts'
import { completeTodo, todoWithComplete } from '../../codegen/testing/operations.ts'
import type { Designer, Refinement } from '../../designers/designer.ts'
import { UNLIMITED_BUDGET, openAccount } from '../../llm/account.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import { computeAllInProcess } from '../../tasks/compute-all.ts'
import { renderProject } from '../render-project.ts'
import type { Reviewed } from '../review.ts'
import type { Write } from '../write-handlers.ts'
import { compareAndAdd } from './compare-and-add.ts'

const SENTENCE = 'A to-do can be opened again.'
const reopenTodo = {
  ...completeTodo,
  id: 'reopenTodo',
  path: '/todos/:id/reopen',
  summary: 'Reopen a to-do',
  rules: ['Sets done to false.'],
  examples: [],
}
const extended: Blueprint = {
  ...todoWithComplete,
  operations: [...todoWithComplete.operations, reopenTodo],
}
const gates = (passed: boolean): GateReport => ({
  passed,
  gates: [],
  tests: { passed: 1, failed: passed ? 0 : 1, skipped: 0 },
  sandbox: 'none',
  diagnostics: [],
})

async function compared(over: {
  reviewed?: Reviewed
  refined?: Blueprint | Error
  passes?: boolean
  canAdd?: boolean
}) {
  const { refined = extended, passes = true } = over
  const asked: string[] = []
  const written: string[][] = []
  const files = await renderProject(todoWithComplete)
  const specs = await computeAllInProcess('handlerSpecs', { blueprint: todoWithComplete, files }, signal)
  const designer = {
    kind: 'openai' as const,
    refine: async ({ prompt }: { prompt: string }): Promise<Refinement> => {
      asked.push(prompt)
      if (refined instanceof Error) throw refined
      return {
        blueprint: refined,
        assumptions: ['a2'],
        notUnderstood: ['n2'],
        model: 'm',
        renames: noRenames,
      }
    },
  } as unknown as Designer
  const write: Write = async (list: readonly HandlerSpec[]) => {
    written.push(list.map(({ id }) => id))
    return { handlers: Object.fromEntries(list.map(({ id }) => [id, `code of ${id}`])), notes: [], gaps: [] }
  }
  const result = {
    blueprint: todoWithComplete,
    specs,
    written: { handlers: { completeTodo: 'code' }, notes: [], gaps: [] },
    built: { files, verification: gates(true) },
  }
  const reviewed = Promise.resolve(over.reviewed ?? { kind: 'compared' as const, missing: [SENTENCE] })
  const outcome = await compareAndAdd(
    { prompt: `To-dos. ${SENTENCE}`, result, reviewed },
    {
      canAdd: over.canAdd ?? true,
      log: pino({ level: 'silent' }),
      designer,
      writer: {
        write,
        repair: async (input) => ({ written: input.written, built: input.built, rounds: 1, examples: {} }),
      },
      lint: async (designed, before) =>
        (await computeAllInProcess('lintOrThrow', { designed, before, fromDocument: false }, signal))
          .blueprint,
      specsOf: (blueprint, stubs) => computeAllInProcess('handlerSpecs', { blueprint, files: stubs }, signal),
      render: (blueprint) => renderProject(blueprint),
      build: async () => ({ files: [], verification: gates(passes) }),
      acceptsFor: () => async () => true,
      context: {
        once: async (_stage, _inputs, _schema, work) => work(),
        account: openAccount({ budget: UNLIMITED_BUDGET, price: null }),
        signal,
        onProgress: () => {},
      },
    },
  )
  return { outcome, asked, written }
}
const { signal } = new AbortController()

it('adds what is missing in one more round, and keeps what was written', async () => {
  const { outcome, asked, written } = await compared({})
  expect(asked).toEqual([expect.stringContaining(`- ${SENTENCE}`)])
  expect(written).toEqual([['reopenTodo']])
  expect(outcome).toMatchObject({
    detail: '1 sentence of the request added',
    assumptions: ['a2', `Added after comparing the result with the request: ${SENTENCE}`],
    notUnderstood: ['n2'],
    result: {
      blueprint: extended,
      written: { handlers: { completeTodo: 'code', reopenTodo: 'code of reopenTodo' } },
    },
  })
})

it.each([
  ['the gates do not pass', { passes: false }],
  ['the designer fails', { refined: new Error('over budget') }],
  ['the designer changes nothing', { refined: todoWithComplete }],
  ['the designer takes something away', { refined: { ...extended, operations: [reopenTodo] } }],
  ['it is a refinement', { canAdd: false }],
])('names it as not built where %s', async (_what, over) => {
  const { outcome } = await compared(over)
  expect(outcome).toMatchObject({
    result: null,
    notUnderstood: [SENTENCE],
    detail: '1 sentence of the request not built',
  })
})

it('says that the comparison failed, and leaves the result as it is', async () => {
  const { outcome, asked } = await compared({
    reviewed: { kind: 'failed', reason: 'It is down.' },
  })
  expect(asked).toEqual([])
  expect(outcome).toMatchObject({
    result: null,
    notices: ['The result was not compared with the request: It is down.'],
    notUnderstood: [],
  })
})

it('does nothing where nothing is missing', async () => {
  const { outcome, asked } = await compared({ reviewed: { kind: 'compared', missing: [] } })
  expect(asked).toEqual([])
  expect(outcome).toMatchObject({ result: null, detail: 'nothing is missing' })
})
