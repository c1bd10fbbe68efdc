import { describe, expect, it } from 'vitest'
import { gateReportOf } from '#contract/testing/samples'
import { completeTodo, todoWithComplete } from '../../codegen/testing/operations.ts'
import { defaultStack } from '../../stacks/registry.ts'
import { renderProject } from '../render-project.ts'
import type { CodeOutcome } from '../write/request-code.ts'
import { makeDisputes, withExamples, type Judge } from './disputes.ts'
import type { Example } from './judge-example.ts'
import { repairLoop, type Rewrite } from './repair-loop.ts'

/** An operation whose second example expects 404 where its rules say 409, and a project that answers by the rules. */

const wrong = { ...completeTodo.examples[1]!, expect: { status: 404 } }
const blueprint = {
  ...todoWithComplete,
  operations: [{ ...completeTodo, examples: [completeTodo.examples[0]!, wrong] }],
}
const [spec] = defaultStack.handlerSpecs(blueprint, await renderProject(blueprint))
const ID = 'completeTodo'
const objection = { example: wrong.title, why: 'The rules say 409.' }

const expectationOf = (example: Example | undefined) =>
  example && 'expect' in example ? example.expect : undefined

async function repair(given: {
  readonly judge: Judge
  readonly accepts?: (expected: unknown) => boolean
  readonly outcomes: readonly CodeOutcome[]
}) {
  const judged: string[] = []
  const verdicts: (readonly string[])[] = []
  const disputes = makeDisputes({
    judge: async (dispute) => {
      judged.push(dispute.example.title)
      expect(dispute.found).toEqual([`${wrong.title}: Expected 404, answered 409`])
      return given.judge(dispute)
    },
    accepts: async (examples) =>
      given.accepts?.(expectationOf(examples[ID]!.find(({ title }) => title === wrong.title))) ?? true,
  })
  const build = async (handlers: object, examples = {}) => {
    const [operation] = withExamples(blueprint, examples).operations
    const fails =
      ID in handlers &&
      operation!.examples.some(({ title, expect }) => title === wrong.title && expect.status !== 409)
    return {
      files: [],
      verification: gateReportOf({
        passed: !fails,
        gates: [],
        diagnostics: fails
          ? [
              {
                gate: 'tests',
                file: spec!.testPaths[0]!,
                line: 9,
                message: `${wrong.title}: Expected 404, answered 409`,
                test: wrong.title,
              },
            ]
          : [],
      }),
    }
  }
  let turn = 0
  const rewrite: Rewrite = async (failing) => {
    verdicts.push(disputes.keptOf(spec!))
    return failing.map((one) => ({ failing: one, outcome: given.outcomes[turn++]! }))
  }
  const handlers = { [ID]: 'code' }
  const kept = new Map<string, unknown>()
  const done = await repairLoop({
    specs: [spec!],
    written: { handlers, notes: [], gaps: [] },
    built: await build(handlers),
    build,
    once: async (_stage, inputs, _schema, work) => {
      const key = JSON.stringify(inputs)
      if (!kept.has(key)) kept.set(key, await work())
      return kept.get(key) as never
    },
    signal: new AbortController().signal,
    rewrite,
    disputes,
    reasonOf: () => 'It fails.',
    onDetail: () => {},
    onDrop: () => {},
  })
  return { ...done, judged, verdicts }
}
const written = (isObjecting: boolean): CodeOutcome => ({
  kind: 'written',
  code: 'code by the rules',
  notes: '',
  objection: isObjecting ? objection : null,
})

describe('an example that contradicts the rules', () => {
  it('is corrected, and the report says so', async () => {
    const done = await repair({
      judge: async ({ example }) => ({
        kind: 'correct',
        reason: 'A done to-do is refused.',
        example: { ...example, expect: { status: 409 } },
      }),
      outcomes: [written(true)],
    })
    expect(done.built.verification.passed).toBe(true)
    expect(done.examples[ID]!.map((one) => expectationOf(one)?.status)).toEqual([200, 409])
    expect(done.written).toMatchObject({ handlers: { [ID]: 'code by the rules' }, gaps: [] })
    expect(done.written.notes).toEqual([
      `POST /todos/:id/complete: The example "${wrong.title}" contradicted the rules and was corrected: expected {"status":409} instead of {"status":404}. A done to-do is refused.`,
    ])
  })

  it('is left out where that is the verdict, or where the correction fits nothing', async () => {
    const drop: Judge = async () => ({ kind: 'drop', reason: 'Nothing says.' })
    const unfit: Judge = async ({ example }) => ({ kind: 'correct', reason: 'Nothing says.', example })
    for (const judge of [drop, unfit]) {
      const done = await repair({ judge, accepts: () => false, outcomes: [written(true)] })
      expect(done.examples[ID]).toEqual([completeTodo.examples[0]])
      expect(done.written.notes).toEqual([expect.stringMatching(/was left out\. Nothing says\.$/)])
      expect(done.written.gaps).toEqual([])
    }
  })

  it('stays where the rules agree with it, and the model is asked again with the verdict', async () => {
    const done = await repair({
      judge: async () => ({ kind: 'keep', reason: 'It is not found then.' }),
      outcomes: [written(true), written(true)],
    })
    expect(done.judged).toEqual([wrong.title])
    expect(done.verdicts).toEqual([
      [],
      [`The example "${wrong.title}" was judged and stays. It is not found then.`],
    ])
    // The same failure, and no objection that is new: a stub.
    expect(done.written).toMatchObject({ handlers: {}, notes: [], gaps: [{ reason: 'It fails.' }] })
    expect(done.examples).toEqual({})
  })

  it('costs no code where the model wrote none for it', async () => {
    const done = await repair({
      judge: async () => ({ kind: 'drop', reason: 'Nothing says.' }),
      outcomes: [{ kind: 'declined', reason: 'They contradict each other.', objection }],
    })
    expect(done.written).toMatchObject({ handlers: { [ID]: 'code' }, gaps: [] })
  })

  it('is none where no example has that title', async () => {
    const done = await repair({
      judge: () => Promise.reject(new Error('judged')),
      outcomes: [{ kind: 'declined', reason: 'No.', objection: { example: 'another', why: '' } }],
    })
    expect(done.written.gaps).toEqual([{ operation: spec!.title, reason: 'No.' }])
  })
})
