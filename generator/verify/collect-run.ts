import type { VerifyLimits } from './limits.ts'
import type { RunResult } from '../sandbox/ports.ts'
import { Claim, RunnerMessage, type RunStage } from './runner-messages.ts'

type Of<Message extends { readonly kind: string }, Kind> = Extract<Message, { kind: Kind }>

/** The events of one run of a project. */
export type ProjectRun = {
  readonly result: RunResult
  /** When each stage was entered, in milliseconds since the start. */
  readonly entered: { readonly [stage in RunStage]?: number }
  readonly probes: readonly Of<RunnerMessage, 'probe'>[]
  readonly openapi: Of<RunnerMessage, 'openapi'> | null
  /** To the calls of the conformance plan, in their order. */
  readonly answers: readonly Of<RunnerMessage, 'answer'>[]
  /** What the project reports about itself. */
  readonly claims: {
    readonly listening: Of<Claim, 'listening'> | null
    /** The test that was started last. */
    readonly running: Of<Claim, 'running'> | null
    readonly failures: readonly Of<Claim, 'failure'>[]
    readonly tests: Of<Claim, 'tests'> | null
    readonly fault: Of<Claim, 'fault'> | null
  }
  /** The results that the judge observed from outside; null if no test was replayed. */
  readonly replay: {
    readonly result: Of<RunnerMessage, 'replay'> | null
    /** The test that was started last. */
    readonly running: Of<RunnerMessage, 'repeating'> | null
    readonly failures: readonly Of<RunnerMessage, 'replay-failure'>[]
  } | null
  readonly fault: Of<RunnerMessage, 'fault'> | null
  readonly exit: Of<RunnerMessage, 'exit'> | null
  /** The stage that was killed since it, or a test in it, took longer than this limit. */
  readonly overdue: {
    readonly stage: RunStage
    readonly what: 'stage' | 'test'
    readonly limitMs: number
  } | null
  /** Whether a channel carried data that neither the judge nor the project's test runner wrote. */
  readonly foreign: boolean
  /** Whether the project wrote more than any valid report needs. */
  readonly flooded: boolean
}

/**
 * Reads the judge's output and enforces the limits of stages and tests. What the project reports about its tests can end
 * the run earlier than the limit of the stage, never later.
 */
export function collectRun(input: {
  readonly nonce: string
  readonly limits: VerifyLimits
  readonly started: number
  readonly onStage: ((stage: RunStage) => void) | undefined
}) {
  const { nonce, limits, started } = input
  const entered: { [stage in RunStage]?: number } = {}
  const probes: Of<RunnerMessage, 'probe'>[] = []
  const answers: Of<RunnerMessage, 'answer'>[] = []
  const failures: Of<Claim, 'failure'>[] = []
  const replayFailures: Of<RunnerMessage, 'replay-failure'>[] = []
  const last: { [Kind in RunnerMessage['kind']]?: Of<RunnerMessage, Kind> } = {}
  const claimed: { [Kind in Claim['kind']]?: Of<Claim, Kind> } = {}
  let foreign = false
  let stage: RunStage = 'boot'
  let overdue: ProjectRun['overdue'] = null
  const deadline = new AbortController()
  let stageTimer: NodeJS.Timeout | undefined
  let testTimer: NodeJS.Timeout | undefined

  const enter = (next: RunStage): void => {
    stage = next
    entered[next] ??= performance.now() - started
    clearTimeout(testTimer)
    clearTimeout(stageTimer)
    stageTimer = endAfter('stage', limits.stageMs[next])
  }
  const endAfter = (what: 'stage' | 'test', limitMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      overdue ??= { stage, what, limitMs }
      deadline.abort()
    }, limitMs)
  /** A test has begun, so the one before has ended; or all have. */
  const watchTest = (hasBegun: boolean): void => {
    clearTimeout(testTimer)
    if (hasBegun && stage === 'tests') testTimer = endAfter('test', limits.testMs)
  }
  const onClaim = (claim: Claim | null): void => {
    if (claim === null) foreign = true
    else if (claim.kind === 'failure') failures.push(claim)
    else {
      claimed[claim.kind] = claim as never
      if (claim.kind === 'running' || claim.kind === 'tests') watchTest(claim.kind === 'running')
    }
  }
  enter('boot')
  return {
    deadline: deadline.signal,
    onLine(line: string): void {
      // The first foreign line is enough to know.
      if (foreign && !line.startsWith(nonce)) return
      const message = line.startsWith(`${nonce} `) ? parse(RunnerMessage, line.slice(nonce.length + 1)) : null
      if (message === null) foreign = true
      else if (message.kind === 'stage') {
        enter(message.stage)
        input.onStage?.(message.stage)
      } else if (message.kind === 'claim') onClaim(parse(Claim, message.claim))
      else if (message.kind === 'probe') probes.push(message)
      else if (message.kind === 'answer') answers.push(message)
      else if (message.kind === 'replay-failure') replayFailures.push(message)
      else {
        last[message.kind] = message as never
        if (message.kind === 'repeating' || message.kind === 'replay') watchTest(message.kind === 'repeating')
      }
    },
    end(result: RunResult, isReplayed: boolean): ProjectRun {
      clearTimeout(stageTimer)
      clearTimeout(testTimer)
      return {
        result,
        entered,
        probes,
        answers,
        openapi: last.openapi ?? null,
        claims: {
          listening: claimed.listening ?? null,
          running: claimed.running ?? null,
          failures,
          tests: claimed.tests ?? null,
          fault: claimed.fault ?? null,
        },
        replay: isReplayed
          ? { result: last.replay ?? null, running: last.repeating ?? null, failures: replayFailures }
          : null,
        fault: last.fault ?? null,
        exit: last.exit ?? null,
        overdue,
        foreign: foreign || last.foreign !== undefined,
        flooded: last.flood !== undefined,
      }
    },
  }
}

function parse<T>(schema: { readonly parse: (value: unknown) => T }, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
