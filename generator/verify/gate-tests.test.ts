import { expect, test } from 'vitest'
import { gateTests } from './gate-tests.ts'
import type { ProjectRun } from './collect-run.ts'
import type { FileCounts } from './runner-messages.ts'

const counts = (passed: number, failed = 0, file = 'tests/a.test.ts'): FileCounts => ({
  file,
  passed,
  failed,
  skipped: 0,
})
const failure = { name: 'is found', file: 'tests/a.test.ts', line: 7, message: 'answered 500', stack: '' }

/** A run in which the project claims `claimed`, and the judge saw `seen`. */
const runOf = (
  claimed: readonly FileCounts[] | null,
  seen: readonly FileCounts[] | null,
  over: Partial<ProjectRun> = {},
): ProjectRun => ({
  result: { ending: { kind: 'exited', code: 0 }, stdout: '', stderr: '', ms: 1 },
  entered: {},
  probes: [],
  answers: [],
  openapi: null,
  claims: {
    listening: { kind: 'listening', uptimeMs: 1 },
    running: null,
    failures: [],
    tests: claimed && { kind: 'tests', files: claimed.length, counts: [...claimed] },
    fault: null,
  },
  replay: seen && {
    result: { kind: 'replay', files: seen.length, counts: [...seen] },
    running: null,
    failures: seen.some(({ failed }) => failed > 0) ? [{ kind: 'replay-failure', ...failure }] : [],
  },
  fault: null,
  exit: null,
  overdue: null,
  foreign: false,
  flooded: false,
  ...over,
})
const judge = (run: ProjectRun) => gateTests(run, { project: '/p', why: () => 'it ended' })

test('what the project claims is enough where nothing is repeated', () => {
  expect(judge(runOf([counts(5)], null))).toMatchObject({ status: 'passed', detail: '5 tests passed' })
})

test('the project and the judge agree, file by file', () => {
  const claimed = [counts(3), counts(4, 0, 'tests/b.test.ts')]
  expect(judge(runOf(claimed, [counts(3)]))).toMatchObject({
    status: 'passed',
    detail: '7 tests passed, 3 of them again from outside',
  })
})

test.each<[string, ProjectRun, RegExp]>([
  [
    'the judge saw a test fail',
    runOf([counts(3)], [counts(2, 1)]),
    /3 tests passed; from outside 1 of 3 failed/,
  ],
  [
    'it counts more than the judge',
    runOf([counts(9)], [counts(3)]),
    /9 tests passed, and from outside it was 3/,
  ],
  ['it counts fewer', runOf([counts(1)], [counts(3)]), /1 test passed, and from outside it was 3/],
  ['it leaves a file out', runOf([counts(3, 0, 'tests/b.test.ts')], [counts(3)]), /0 tests passed/],
  ['nothing was repeated', runOf([counts(3)], []), /no test was repeated/],
  [
    'the judge did not get to its end',
    runOf([counts(3)], null, {
      replay: { result: null, running: { kind: 'repeating', name: 'loops', file: null }, failures: [] },
    }),
    /from outside, "loops" did not end: it ended/,
  ],
  [
    'something else wrote on the channel',
    runOf([counts(3)], [counts(3)], { foreign: true }),
    /cannot be trusted/,
  ],
])('a project that claims success fails where %s', (_what, run, detail) => {
  expect(judge(run)).toMatchObject({ status: 'failed', detail: expect.stringMatching(detail) })
})

test('what failed from outside is named with its file and line', () => {
  expect(judge(runOf([counts(3)], [counts(2, 1)])).diagnostics).toEqual([
    {
      gate: 'tests',
      file: 'tests/a.test.ts',
      line: 7,
      message: 'from outside, is found: answered 500',
      test: 'is found',
    },
  ])
})

test('a failure stands where its test compares, with the places behind it and nothing of this machine', () => {
  const run = runOf([counts(2, 1)], null)
  const stack = [
    'AssertionError: Expected 409, answered 500: {}',
    '    at Object.expectStatus (file:///w/p/tests/support/server.ts:21:14)',
    '    at complete (file:///w/p/src/operations/complete.ts:8:9)',
    '    at TestContext.<anonymous> (file:///w/p/tests/a.test.ts:12:3)',
    '    at async Test.run (node:internal/test_runner/test:1125:7)',
    '    at handle (/w/p/node_modules/fastify/lib/handle.js:3:1)',
    '    at check (file:///w/inside/project.mjs:70:5)',
  ].join('\n')
  const failures = [
    {
      kind: 'failure',
      ...failure,
      file: '/w/p/tests/a.test.ts',
      message: `${stack}\nin /w/scratch/x`,
      stack,
    },
  ] as const
  const found = gateTests(
    { ...run, claims: { ...run.claims, failures } },
    { project: '/w/p', why: () => 'it ended' },
  )
  expect(found.diagnostics).toEqual([
    {
      gate: 'tests',
      file: 'tests/a.test.ts',
      line: 12,
      message: [
        'is found: AssertionError: Expected 409, answered 500: {}',
        '    at Object.expectStatus (tests/support/server.ts:21:14)',
        '    at complete (src/operations/complete.ts:8:9)',
        '    at TestContext.<anonymous> (tests/a.test.ts:12:3)',
        'in /scratch/x',
      ].join('\n'),
      test: 'is found',
      trace: [
        { file: 'tests/support/server.ts', line: 21 },
        { file: 'src/operations/complete.ts', line: 8 },
      ],
    },
  ])
})
