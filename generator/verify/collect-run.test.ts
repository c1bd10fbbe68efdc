import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { VERIFY_LIMITS } from './limits.ts'
import { collectRun } from './collect-run.ts'
import type { RunResult } from '../sandbox/ports.ts'
import type { Claim, RunnerMessage } from './runner-messages.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const limits = { ...VERIFY_LIMITS, stageMs: { ...VERIFY_LIMITS.stageMs, tests: 1_000 }, testMs: 100 }
const name = 'a test'

function listen() {
  const listener = collectRun({ nonce: 'n', limits, started: 0, onStage: undefined })
  const say = (message: RunnerMessage) => listener.onLine(`n ${JSON.stringify(message)}`)
  const claim = (one: Claim) => say({ kind: 'claim', claim: JSON.stringify(one) })
  const overdue = () => listener.end({ ending: { kind: 'aborted' } } as RunResult, true).overdue
  return { say, claim, ended: () => listener.deadline.aborted, overdue }
}
const running: Claim = { kind: 'running', name, file: null }
const repeating: RunnerMessage = { kind: 'repeating', name, file: null }

test.each([
  ['of the project', ({ claim }: ReturnType<typeof listen>) => claim(running)],
  ['that is repeated from outside', ({ say }: ReturnType<typeof listen>) => say(repeating)],
])('a test %s that does not end is found long before its stage is over', (_, begin) => {
  const run = listen()
  run.say({ kind: 'stage', stage: 'tests' })
  vi.advanceTimersByTime(500)
  begin(run)
  vi.advanceTimersByTime(99)
  expect(run.ended()).toBe(false)
  vi.advanceTimersByTime(1)
  expect(run.ended()).toBe(true)
  expect(run.overdue()).toEqual({ stage: 'tests', what: 'test', limitMs: 100 })
})

test('each test has the whole of its limit, and between all and their repetition there is only that of the stage', () => {
  const run = listen()
  run.say({ kind: 'stage', stage: 'tests' })
  for (let at = 0; at < 4; at++) {
    run.claim(running)
    vi.advanceTimersByTime(90)
  }
  run.claim({ kind: 'tests', files: 1, counts: [] })
  vi.advanceTimersByTime(300)
  run.say(repeating)
  vi.advanceTimersByTime(90)
  run.say({ kind: 'replay', files: 1, counts: [] })
  vi.advanceTimersByTime(200)
  expect(run.ended()).toBe(false)
  expect(run.overdue()).toBeNull()
})

test('a project that always begins another test ends with the stage', () => {
  const run = listen()
  run.say({ kind: 'stage', stage: 'tests' })
  for (let at = 0; at < 20; at++) {
    run.claim(running)
    vi.advanceTimersByTime(50)
  }
  expect(run.ended()).toBe(true)
  expect(run.overdue()).toEqual({ stage: 'tests', what: 'stage', limitMs: 1_000 })
})

test('what a project says of tests after their stage ends nothing', () => {
  const run = listen()
  run.say({ kind: 'stage', stage: 'tests' })
  run.claim(running)
  run.say({ kind: 'stage', stage: 'shutdown' })
  run.claim(running)
  vi.advanceTimersByTime(1_000)
  expect(run.ended()).toBe(false)
  expect(run.overdue()).toBeNull()
})
