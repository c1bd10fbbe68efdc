import { describe, expect, it } from 'vitest'
import { gateReportOf } from '#contract/testing/samples'
import type { GateReport } from '#contract'
import { makeCheckpoints, type Once } from '../../attempt/checkpoint.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { CodeOutcome } from '../write/request-code.ts'
import { repairLoop, type Rewrite } from './repair-loop.ts'

/** Handlers `a`, `b`, … whose code is a word, and a project whose gates find faults by which words are in it. */

type Diagnostic = GateReport['diagnostics'][number]
type Codes = Readonly<Record<string, string>>

const specOf = (id: string): HandlerSpec => ({
  kind: 'operation',
  id,
  title: `GET /${id}`,
  functionName: id,
  path: `src/operations/${id}.ts`,
  testPaths: [`tests/operations/${id}.test.ts`],
  imports: [],
  summary: '',
  rules: [],
  refusals: [],
  examples: [],
  types: [],
  repositories: [],
  config: [],
  signature: '',
})
const named = (...ids: string[]): Codes => Object.fromEntries(ids.map((id) => [id, 'good']))
const letters = Array.from({ length: 12 }, (_, at) => String.fromCodePoint(97 + at))

/** The test of this operation fails. */
const inTestOf = (id: string): Diagnostic => ({
  gate: 'tests',
  file: `tests/operations/${id}.test.ts`,
  line: 3,
  message: `${id}: Expected 200, answered 404`,
})
/** Something of the project fails, and nothing says whose fault it is. */
const somewhere: Diagnostic = { gate: 'openapi', file: null, line: null, message: 'the document is invalid' }

const makeOnce = (): Once => {
  const kept = new Map<string, unknown>()
  const store = {
    readCheckpoint: async (_: string, key: string) => kept.get(key),
    writeCheckpoint: async (_: string, key: string, value: unknown) => void kept.set(key, value),
  }
  return makeCheckpoints({ store: store as never, jobId: 'job' as never })
}

function setUp(
  handlers: Codes,
  check: (handlers: Codes) => readonly Diagnostic[] | 'late',
  {
    answers = {},
    once = makeOnce(),
    signal = new AbortController().signal,
    hasModel = true,
    specs = letters.map(specOf),
  }: {
    answers?: Record<string, string>
    once?: Once
    signal?: AbortSignal
    hasModel?: boolean
    specs?: HandlerSpec[]
  } = {},
) {
  const builds: string[] = []
  const asked: string[] = []
  const build = async (given: Codes) => {
    signal.throwIfAborted()
    builds.push(Object.keys(given).join(''))
    const found = check(given)
    const isLate = found === 'late'
    const passed = !isLate && found.length === 0
    return {
      files: [],
      verification: gateReportOf({
        passed,
        gates: [
          {
            name: 'tests',
            status: passed ? 'passed' : 'failed',
            detail: '',
            ms: 1,
            ...(isLate && { timedOut: true }),
          },
        ],
        diagnostics: isLate ? [inTestOf('a')] : [...found],
      }),
    }
  }
  const rewrite: Rewrite = async (failing) =>
    failing.map((one) => {
      asked.push(one.spec.id)
      const code = answers[one.spec.id]
      const outcome: CodeOutcome =
        code === undefined
          ? { kind: 'failed', reason: 'No credit.' }
          : { kind: 'written', code, notes: '', objection: null }
      return { failing: one, outcome }
    })
  const run = async () => {
    const built = await build(handlers)
    return repairLoop({
      specs,
      written: { handlers, notes: [], gaps: [] },
      built,
      build,
      once,
      signal,
      rewrite: hasModel ? rewrite : null,
      disputes: null,
      reasonOf: ({ diagnostics, isTogether }) => `${isTogether ? 'together ' : ''}${diagnostics[0]?.message}`,
      onDetail: () => {},
      onDrop: () => {},
    })
  }
  return { run, builds, asked }
}
const left = ({ written }: Awaited<ReturnType<ReturnType<typeof setUp>['run']>>) => ({
  kept: Object.keys(written.handlers).join(''),
  gaps: written.gaps.map(({ operation }) => operation),
})

/** A fault wherever this handler is, unless its code is good. */
const badIs =
  (id: string, fault: Diagnostic) =>
  (handlers: Codes): readonly Diagnostic[] =>
    handlers[id] === 'bad' ? [fault] : []

describe('a failure that names no handler', () => {
  it.each(letters)('is traced to %s among twelve, which alone is written again', async (id) => {
    const all = { ...named(...letters), [id]: 'bad' }
    const { run, builds, asked } = setUp(all, badIs(id, somewhere), { answers: { [id]: 'good' } })
    const repaired = await run()
    expect(left(repaired)).toEqual({ kept: letters.join(''), gaps: [] })
    expect(repaired.rounds).toBe(1)
    expect(asked).toEqual([id])
    // The first, one without any, two halves at each of four levels, and the last.
    expect(builds.length).toBeLessThanOrEqual(11)
  })

  it('costs nobody else their code where no model can repair it', async () => {
    const all = { ...named(...letters), c: 'bad', k: 'bad' }
    const check = (handlers: Codes) => [
      ...badIs('c', somewhere)(handlers),
      ...badIs('k', somewhere)(handlers),
    ]
    for (const hasModel of [true, false]) {
      const repaired = await setUp(all, check, { hasModel }).run()
      expect(left(repaired)).toEqual({ kept: 'abdefghijl', gaps: ['GET /c', 'GET /k'] })
      expect(repaired.built.verification.passed).toBe(true)
    }
  })

  it('is nobody’s fault where the project fails without any handler', async () => {
    const { run, asked } = setUp(named('a', 'b'), () => [somewhere])
    const repaired = await run()
    expect(left(repaired)).toEqual({ kept: 'ab', gaps: [] })
    expect(repaired.built.verification.passed).toBe(false)
    expect(asked).toEqual([])
  })

  it('of two that only fail together costs one of them, and the gap says so', async () => {
    const clash = (handlers: Codes) => ('b' in handlers && 'd' in handlers ? [somewhere] : [])
    const repaired = await setUp(named('a', 'b', 'c', 'd'), clash).run()
    expect(left(repaired)).toEqual({ kept: 'abc', gaps: ['GET /d'] })
    expect(repaired.written.gaps[0]!.reason).toContain('together')
  })

  it('is looked for a limited number of times', async () => {
    const all = Object.fromEntries(letters.map((id) => [id, 'bad']))
    const ways = new Set<string>()
    // Never the same again, so that no result can be used twice.
    const { run, builds } = setUp(all, (handlers) => {
      ways.add(JSON.stringify(handlers))
      return Object.keys(handlers).length > 0 ? [{ ...somewhere, message: `way ${ways.size}` }] : []
    })
    expect((await run()).built.verification.passed).toBe(true)
    expect(builds.length).toBeLessThanOrEqual(45)
  })
})

describe('a handler that the failing test names', () => {
  it('is written again, and no other', async () => {
    const { run, asked, builds } = setUp({ a: 'bad', b: 'good' }, badIs('a', inTestOf('a')), {
      answers: { a: 'good' },
    })
    expect(left(await run())).toEqual({ kept: 'ab', gaps: [] })
    expect(asked).toEqual(['a'])
    expect(builds).toEqual(['ab', 'ab'])
  })

  it('is dropped once it has failed without the others as well', async () => {
    const { run, builds } = setUp({ a: 'bad', b: 'good' }, badIs('a', inTestOf('a')))
    expect(left(await run())).toEqual({ kept: 'b', gaps: ['GET /a'] })
    expect(builds).toEqual(['ab', 'a', 'b'])
  })

  it('is kept where it passes without the others, and the one at fault is found', async () => {
    // What `b` leaves behind makes the test of `a` fail; alone, `b` fails elsewhere.
    const check = (handlers: Codes) =>
      handlers['b'] === 'bad' ? ['a' in handlers ? inTestOf('a') : somewhere] : []
    const { run } = setUp({ a: 'good', b: 'bad', c: 'good' }, check, { answers: { a: 'good' } })
    expect(left(await run())).toEqual({ kept: 'ac', gaps: ['GET /b'] })
  })
})

describe('a shared helper', () => {
  const users = [specOf('a'), specOf('b')]
  const helper: HandlerSpec = {
    ...specOf('h'),
    kind: 'helper',
    title: 'shared helper h',
    path: 'src/shared/h.ts',
    testPaths: users.flatMap(({ testPaths }) => testPaths),
    users,
  }
  const { id, title, path } = helper
  const specs = [...users.map((user) => ({ ...user, helpers: [{ id, title, path }] })), specOf('c'), helper]
  const all = named('a', 'b', 'c', 'h')
  const inItsFile: Diagnostic = { gate: 'types', file: path, line: 2, message: 'TS2322: no number' }
  const crashed: Diagnostic = { ...inTestOf('a'), trace: [{ file: path, line: 2 }] }

  it('is written again where the compiler names its file', async () => {
    const { run, asked } = setUp({ ...all, h: 'bad' }, badIs('h', inItsFile), {
      answers: { h: 'good' },
      specs,
    })
    expect(left(await run())).toEqual({ kept: 'abch', gaps: [] })
    expect(asked).toEqual(['h'])
  })

  it('is written again where it is the innermost of the trace', async () => {
    const { run, asked } = setUp({ ...all, h: 'bad' }, badIs('h', crashed), { answers: { h: 'good' }, specs })
    expect(left(await run())).toEqual({ kept: 'abch', gaps: [] })
    expect(asked).toEqual(['h'])
  })

  it('is asked after what calls it, where that was written again for nothing', async () => {
    const { run, asked } = setUp({ ...all, h: 'bad' }, badIs('h', inTestOf('a')), {
      answers: { a: 'other', h: 'good' },
      specs,
    })
    expect(left(await run())).toEqual({ kept: 'abch', gaps: [] })
    expect(asked).toEqual(['a', 'h'])
  })

  it('with a fault that stays takes all that call it along, each with the reason', async () => {
    for (const hasModel of [true, false]) {
      const repaired = await setUp({ ...all, h: 'bad' }, badIs('h', inItsFile), { specs, hasModel }).run()
      expect(left(repaired)).toEqual({ kept: 'c', gaps: ['GET /a', 'GET /b'] })
      expect(repaired.built.verification.passed).toBe(true)
      expect(repaired.written.gaps[1]!.reason).toMatch(
        /^It uses the shared helper h, which could not be written: .*TS2322/,
      )
    }
  })

  it('that fails in the test of one of those costs only that one', async () => {
    const check = ({ a, h }: Codes) => (a !== undefined && h === 'bad' ? [crashed] : [])
    const repaired = await setUp({ ...all, h: 'bad' }, check, {
      answers: { h: 'bad', a: 'bad' },
      specs,
    }).run()
    expect(left(repaired)).toEqual({ kept: 'bch', gaps: ['GET /a'] })
    expect(repaired.built.verification.passed).toBe(true)
  })

  it('is gone with the last one that calls it', async () => {
    const check = (handlers: Codes) => [
      ...badIs('a', inTestOf('a'))(handlers),
      ...badIs('b', inTestOf('b'))(handlers),
    ]
    const repaired = await setUp({ ...all, a: 'bad', b: 'bad' }, check, { specs, hasModel: false }).run()
    expect(left(repaired)).toEqual({ kept: 'c', gaps: ['GET /a', 'GET /b'] })
  })

  it('is found where nothing names what fails', async () => {
    const { run } = setUp(
      { ...all, h: 'bad' },
      ({ a, b, h }) => (h === 'bad' && (a !== undefined || b !== undefined) ? [somewhere] : []),
      { answers: { h: 'good', a: 'other', b: 'other' }, specs },
    )
    expect(left(await run())).toEqual({ kept: 'abch', gaps: [] })
  })
})

describe('a verification that ran out of time', () => {
  it('is repeated once, and blames nobody', async () => {
    let count = 0
    const { run, asked } = setUp(named('a', 'b'), () => (count++ === 0 ? 'late' : []))
    const repaired = await run()
    expect(left(repaired)).toEqual({ kept: 'ab', gaps: [] })
    expect(asked).toEqual([])
  })

  it('again and again, without any handler as well, costs none', async () => {
    const { run, builds } = setUp(named('a', 'b'), () => 'late')
    const repaired = await run()
    expect(left(repaired)).toEqual({ kept: 'ab', gaps: [] })
    expect(builds).toEqual(['ab', 'ab', ''])
  })

  it('only with one handler costs that one', async () => {
    const repaired = await setUp(named('a', 'b', 'c'), ({ b }) => (b === undefined ? [] : 'late')).run()
    expect(left(repaired)).toEqual({ kept: 'ac', gaps: ['GET /b'] })
  })
})

describe('the search', () => {
  it('ends as soon as the job is cancelled', async () => {
    const cancel = new AbortController()
    let count = 0
    const { run, builds } = setUp(
      { ...named(...letters), g: 'bad' },
      (handlers) => {
        if (++count === 4) cancel.abort(new Error('cancelled'))
        return badIs('g', somewhere)(handlers)
      },
      { signal: cancel.signal },
    )
    await expect(run()).rejects.toThrow('cancelled')
    expect(builds).toHaveLength(4)
  })

  it('goes on where an earlier attempt was stopped', async () => {
    const once = makeOnce()
    const all = { ...named(...letters), g: 'bad' }
    const first = setUp(all, badIs('g', somewhere), { once })
    await first.run()
    const second = setUp(all, badIs('g', somewhere), { once })
    expect(left(await second.run())).toEqual({ kept: 'abcdefhijkl', gaps: ['GET /g'] })
    // The project as it was, and as it is now.
    expect(second.builds).toEqual(['abcdefghijkl', 'abcdefhijkl'])
  })
})
