import { describe, expect, it } from 'vitest'
import { gateTypes } from './gate-types.ts'
import { gatesOfRun } from './gates-of-run.ts'
import { VERIFY_LIMITS } from './limits.ts'
import type { ProjectRun } from './collect-run.ts'
import type { RunResult } from '../sandbox/ports.ts'

const result: RunResult = { ending: { kind: 'aborted' }, stdout: '', stderr: '', ms: 61_000 }
const listening = { kind: 'listening', uptimeMs: 1 } as const
const inTests: ProjectRun = {
  result,
  entered: { boot: 0, health: 1, openapi: 2, tests: 3 },
  probes: [],
  answers: [],
  openapi: null,
  claims: { listening, running: null, failures: [], tests: null, fault: null },
  replay: null,
  fault: null,
  exit: null,
  overdue: { stage: 'tests', what: 'stage', limitMs: 60_000 },
  foreign: false,
  flooded: false,
}
const document = { version: '3.1.0', operations: 1, problem: null }
const failedGates = (run: ProjectRun) => {
  const { verdicts } = gatesOfRun(run, { project: '/p', limits: VERIFY_LIMITS, document, conformance: null })
  return Object.entries(verdicts).flatMap(([name, { status, timedOut, detail }]) =>
    status === 'failed' ? [{ name, timedOut: timedOut ?? false, detail }] : [],
  )
}
const failure = { kind: 'failure', name: 'a', file: null, line: null, message: 'no', stack: '' } as const

describe('a gate that failed for want of time', () => {
  it('says so where a stage was not over', () => {
    expect(failedGates(inTests)).toEqual([
      { name: 'tests', timedOut: true, detail: 'no test was started: nothing after 60 s' },
    ])
    const boot = { overdue: { stage: 'boot', what: 'stage', limitMs: 20_000 }, entered: { boot: 0 } } as const
    const claims = { ...inTests.claims, listening: null }
    expect(failedGates({ ...inTests, ...boot, claims })).toMatchObject([{ name: 'boot', timedOut: true }])
  })

  it('says so where the run as a whole was not', () => {
    const late = { ...result, ending: { kind: 'timeout' } } as const
    expect(failedGates({ ...inTests, overdue: null, result: late })).toMatchObject([
      { name: 'tests', timedOut: true },
    ])
  })

  it.each<[string, Partial<ProjectRun>]>([
    ['one test does not end', { overdue: { stage: 'tests', what: 'test', limitMs: 20_000 } }],
    ['a test had failed before', { claims: { ...inTests.claims, failures: [failure] } }],
    ['its results cannot be trusted', { foreign: true }],
    [
      'it does not stop',
      {
        entered: { ...inTests.entered, shutdown: 4 },
        overdue: { stage: 'shutdown', what: 'stage', limitMs: 12_000 },
        claims: {
          ...inTests.claims,
          tests: { kind: 'tests', files: 1, counts: [{ file: 'a', passed: 1, failed: 0, skipped: 0 }] },
        },
      },
    ],
  ])('is at fault where %s', (_why, more) => {
    expect(failedGates({ ...inTests, ...more })).toMatchObject([{ timedOut: false }])
  })

  it('says how many files the type-check had', () => {
    const late = { ...result, ending: { kind: 'timeout' } } as const
    expect(gateTypes(late, { project: '/p', files: 428, wallMs: 60_000 })).toMatchObject({
      status: 'failed',
      timedOut: true,
      detail: 'the type-check of 428 files took longer than 60 s',
    })
  })
})
