import { describe, expect, test } from 'vitest'
import type { Blueprint, OperationExample } from '#contract'
import { gateReportOf } from '#contract/testing/samples'
import { completeTodo, todoWithComplete } from '../codegen/testing/operations.ts'
import type { MeasureMutants, MutationResult, ProjectFile } from '../ports.ts'
import { defaultStack } from '../stacks/registry.ts'
import { callContext } from '../testing/call-context.ts'
import { testTests } from './mutants.ts'
import { makeMutantTrials } from './mutants/trials.ts'

const specs = defaultStack.handlerSpecs(todoWithComplete, [])
const { path, testPaths, functionName, title } = specs[0]!
const example = (name: string): OperationExample => ({ ...completeTodo.examples[0]!, title: name })
const extendedBy = (...titles: string[]): Blueprint => ({
  ...todoWithComplete,
  operations: [{ ...completeTodo, examples: [...completeTodo.examples, ...titles.map(example)] }],
})
const titlesOf = ({ operations }: Blueprint) => operations[0]!.examples.map(({ title }) => title)

const resultOf = (given: Partial<MutationResult>): MutationResult => ({
  path,
  testPaths,
  functionName,
  killed: 0,
  all: 0,
  survivors: [],
  untried: 0,
  failing: [],
  ...given,
})
const WEAK = resultOf({ killed: 8, all: 10, survivors: ['line 1: a', 'line 2: b'] })
const STRONG = resultOf({ killed: 9, all: 10, survivors: ['line 2: b'] })

/** What the tests notice, first and then again; what the model answers; whether the project still passes. */
async function run(given: {
  readonly results: readonly (readonly MutationResult[] | null)[]
  readonly answer?: Blueprint | null
  readonly passes?: boolean
  /** Of further examples that the code fails. */
  readonly verdict?: 'keep' | 'drop'
  /** Empty where it could not be judged. */
  readonly reason?: string
  /** The code that passes them; null if it is given up. */
  readonly repairedCode?: string | null
}) {
  const asked: unknown[] = []
  const measured: Parameters<MeasureMutants>[0][] = []
  const verified: Blueprint[] = []
  const repairs: { titles: readonly string[]; found: readonly (string | undefined)[] }[] = []
  const files = (content: string): ProjectFile[] => [{ path, content, origin: 'model' }]
  const { answer = null } = given
  const built = { files: files('first'), verification: gateReportOf({ passed: true }) }
  await using trials = makeMutantTrials({
    measure: async (input) => {
      measured.push(input)
      return given.results[measured.length - 1]!
    },
    budgetMs: 30_000,
    projectOf: () => ({ environment: {}, services: [] }),
    ...callContext(),
  })
  const tested = await testTests(
    {
      trials,
      furtherExamples:
        answer === null
          ? null
          : async (_blueprint, unnoticed) => {
              asked.push(unnoticed)
              return answer
            },
      judge: () => async () => ({
        kind: given.verdict ?? 'drop',
        reason: given.reason ?? 'The rules say so.',
      }),
    },
    {
      specs,
      handlers: { completeTodo: '' },
      blueprint: todoWithComplete,
      built,
      render: async () => files('again'),
      verify: async (blueprint, files) => {
        verified.push(blueprint)
        const failing = given.results[1]?.flatMap((one) => one.failing) ?? []
        const diagnostics = titlesOf(blueprint)
          .filter((name) => failing.includes(`${title} > ${name}`))
          .map((test) => ({ gate: 'tests', file: testPaths[0]!, line: 1, message: `${test}: no`, test }))
        const passed = given.passes ?? diagnostics.length === 0
        return { files, verification: { ...gateReportOf({ passed }), diagnostics } }
      },
      repair: async ({ specs, built }) => {
        const found = built.verification.diagnostics.map(({ test }) => test)
        repairs.push({ titles: specs[0]!.examples.map((one) => one.title), found })
        const { repairedCode = null } = given
        const handlers: Record<string, string> = repairedCode === null ? {} : { completeTodo: repairedCode }
        return {
          written: { handlers, notes: [], gaps: [] },
          built: { files: files('repaired'), verification: gateReportOf({ passed: true }) },
          rounds: 1,
          examples: {},
        }
      },
      context: callContext(),
    },
  )
  return { tested, asked, measured, verified, repairs, isAsBefore: tested.built === built }
}

test('where tests notice every fault, nothing is asked', async () => {
  const all = resultOf({ killed: 10, all: 10 })
  const { tested, asked, isAsBefore } = await run({ results: [[all]], answer: todoWithComplete })
  expect(tested.mutants).toEqual({ killed: 10, all: 10, survivors: [] })
  expect(asked).toEqual([])
  expect(isAsBefore).toBe(true)
})

test('without a model, what no test notices is reported by its operation', async () => {
  const { tested } = await run({ results: [[WEAK]] })
  expect(tested.mutants).toEqual({
    killed: 8,
    all: 10,
    survivors: [`${title}, line 1: a`, `${title}, line 2: b`],
  })
})

test('a further example is kept once the project passes with it, and tried', async () => {
  const { tested, asked, measured, verified } = await run({
    results: [[WEAK], [STRONG]],
    answer: extendedBy('the second of two stays'),
  })
  expect(asked).toEqual([[{ operation: 'completeTodo', code: 'first', faults: WEAK.survivors }]])
  expect(measured.map(({ files }) => files[0]!.content)).toEqual(['first', 'again'])
  expect(measured[1]!.budgetMs).toBeLessThanOrEqual(measured[0]!.budgetMs)
  expect(verified.map(titlesOf)).toEqual([titlesOf(tested.blueprint)])
  expect(titlesOf(tested.blueprint)).toContain('the second of two stays')
  expect(tested.built.files[0]!.content).toBe('again')
  expect(tested.mutants).toMatchObject({ killed: 9, all: 10 })
})

test('one that the code fails as it stands is dropped, the others stay', async () => {
  const failing = [`${title} > is wrong`]
  const { tested } = await run({
    results: [[WEAK], [{ ...STRONG, failing }]],
    answer: extendedBy('is wrong', 'is right'),
  })
  expect(titlesOf(tested.blueprint)).toEqual([...titlesOf(todoWithComplete), 'is right'])
})

describe('a further example that the code fails, and that follows from the rules', () => {
  const given = {
    results: [[WEAK], [{ ...WEAK, failing: [`${title} > shows a fault`] }], [STRONG]],
    answer: extendedBy('shows a fault', 'is right'),
    verdict: 'keep',
  } as const

  test('is what the code is repaired for', async () => {
    const { tested, repairs, measured } = await run({ ...given, repairedCode: 'better' })
    expect(repairs).toEqual([
      { titles: [...titlesOf(todoWithComplete), 'shows a fault', 'is right'], found: ['shows a fault'] },
    ])
    expect(tested.repaired).toMatchObject({ written: { handlers: { completeTodo: 'better' } }, rounds: 1 })
    expect(titlesOf(tested.blueprint)).toEqual([...titlesOf(todoWithComplete), 'shows a fault', 'is right'])
    expect(tested.built.files[0]!.content).toBe('repaired')
    expect(measured[2]!.files[0]!.content).toBe('repaired')
    expect(tested.mutants).toMatchObject({ killed: 9, all: 10 })
  })

  test('is dropped where no code passes it: the code stays', async () => {
    const { tested, repairs } = await run({ ...given, repairedCode: null })
    expect(repairs).toHaveLength(1)
    expect(tested.repaired).toBeNull()
    expect(titlesOf(tested.blueprint)).toEqual([...titlesOf(todoWithComplete), 'is right'])
  })

  test.each([
    ['it does not follow from the rules', { verdict: 'drop' }],
    ['the model could not be asked', { reason: '' }],
  ] as const)('is dropped where %s', async (_why, judged) => {
    const { tested, repairs } = await run({ ...given, repairedCode: 'better', ...judged })
    expect(repairs).toEqual([])
    expect(titlesOf(tested.blueprint)).toEqual([...titlesOf(todoWithComplete), 'is right'])
  })
})

test.each([
  ['all of them fail', { results: [[WEAK], [{ ...WEAK, failing: [`${title} > is wrong`] }]] }],
  ['the project fails with them', { results: [[WEAK], [STRONG]], passes: false }],
  ['they cannot be tried', { results: [[WEAK], null] }],
  ['there are none', { results: [[WEAK]], answer: todoWithComplete }],
])('everything stays as it was where %s', async (_what, given) => {
  const { tested, isAsBefore } = await run({ answer: extendedBy('is wrong'), ...given })
  expect(tested.blueprint).toBe(todoWithComplete)
  expect(isAsBefore).toBe(true)
  expect(tested.mutants).toMatchObject({ killed: 8, all: 10 })
})

test('a second result for which there was less time does not count', async () => {
  const cut = resultOf({ killed: 1, all: 1, untried: 9 })
  const { tested } = await run({ results: [[WEAK], [cut]], answer: extendedBy('is right') })
  expect(tested.mutants).toMatchObject({ killed: 8, all: 10 })
})

test('where nothing can be run, nothing is said', async () => {
  const { tested } = await run({ results: [null], answer: todoWithComplete })
  expect(tested.mutants).toBeNull()
})
