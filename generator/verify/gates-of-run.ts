import { describeConformance, type Conformance, type GateReport } from '#contract'
import type { VerifyLimits } from './limits.ts'
import {
  failed,
  oneLine,
  passed,
  plural,
  readableText,
  skipped,
  type Diagnostic,
  type GateResult,
} from './outcome.ts'
import type { ProjectRun } from './collect-run.ts'
import { gateTests, sumOf } from './gate-tests.ts'
import { RUN_STAGES, type RunStage } from './runner-messages.ts'
import type { ServedDocument } from './served-document.ts'
import { placesIn, withoutMachine } from './locations.ts'

export type RunGates = {
  readonly verdicts: { readonly [stage in RunStage]: GateResult }
  readonly ms: { readonly [stage in RunStage]: number }
  readonly tests: GateReport['tests']
}

/** Evaluates the gates of a run. Pure; a stage that was never reached is skipped. */
export function gatesOfRun(
  run: ProjectRun,
  context: {
    readonly project: string
    readonly limits: VerifyLimits
    /** Null where none was served. */
    readonly document: ServedDocument | null
    /** Null where no document was attached, or nothing was answered. */
    readonly conformance: Conformance | null
  },
): RunGates {
  const here: Context = { run, ...context }
  const found = {
    boot: gateBoot(here),
    health: gateHealth(here),
    openapi: gateOpenApi(here),
    conformance: gateConformance(here),
    tests: notReached('tests', here) ?? gateTests(run, { ...context, why: () => interruption(here) }),
    shutdown: gateShutdown(here),
  }
  const late = outOfTime(run)
  const verdicts =
    late !== null && found[late].status === 'failed'
      ? { ...found, [late]: { ...found[late], timedOut: true } }
      : found
  const { tests, failures } = run.claims
  return {
    verdicts,
    ms: durations(run),
    tests: tests ? sumOf(tests.counts) : { passed: 0, failed: failures.length, skipped: 0 },
  }
}

/**
 * The stage in which the run timed out, if nothing else was wrong with it. A single test that does not end, or a service
 * that does not stop, is a fault of the project.
 */
function outOfTime({ overdue, result, claims, replay, entered, foreign }: ProjectRun): RunStage | null {
  if (foreign || claims.failures.length > 0 || (replay?.failures ?? []).length > 0) return null
  const isOver = overdue ? overdue.what === 'stage' : result.ending.kind === 'timeout'
  const stage = overdue?.stage ?? RUN_STAGES.findLast((one) => entered[one] !== undefined) ?? 'boot'
  return isOver && stage !== 'shutdown' ? stage : null
}

type Context = { readonly run: ProjectRun } & Parameters<typeof gatesOfRun>[1]

function gateBoot(here: Context): GateResult {
  const { run } = here
  if (run.claims.listening) return passed('the service starts and listens')
  if (run.result.ending.kind === 'aborted' && run.overdue === null) return stopped()
  return failed('boot', `the service does not start: ${interruption(here)}`, [
    interruptionDiagnostic('boot', here),
  ])
}

function gateHealth(here: Context): GateResult {
  const early = notReached('health', here)
  if (early) return early
  const { probes } = here.run
  const wrong = probes.filter((probe) => probe.status !== 200)
  if (wrong.length === 0 && reached('openapi', here.run))
    return passed(probes.map((probe) => `${probe.path} answers 200`).join(', '))
  if (wrong.length === 0)
    return failed('health', interruption(here), [interruptionDiagnostic('health', here)])
  return failed(
    'health',
    wrong.map((probe) => `${probe.path} ${answered(probe)}`).join(', '),
    wrong.map((probe) => ({
      gate: 'health',
      file: null,
      line: null,
      message: oneLine(`GET ${probe.path} ${answered(probe)}; expected 200. ${probe.body}`, 1000),
    })),
  )
}

function gateOpenApi(here: Context): GateResult {
  const early = notReached('openapi', here)
  if (early) return early
  const { document } = here
  if (!document) return failed('openapi', interruption(here), [interruptionDiagnostic('openapi', here)])
  const { version, operations, problem } = document
  return problem === null
    ? passed(`valid OpenAPI ${version} with ${plural(operations, 'operation')}`)
    : failed('openapi', `the OpenAPI document ${oneLine(problem)}`)
}

/** What differs is reported, and fails nothing: see ADR 30. A service that does not survive its operations does. */
function gateConformance(here: Context): GateResult {
  const early = notReached('conformance', here)
  if (early) return early
  const { run, conformance } = here
  const hasEnded = !reached('tests', run)
  if (hasEnded)
    return failed('conformance', `its operations were called, and then ${interruption(here)}`, [
      interruptionDiagnostic('conformance', here),
    ])
  return conformance === null
    ? skipped('nothing was answered, or the document is too complex to compare its answers')
    : passed(describeConformance(conformance))
}

function gateShutdown(here: Context): GateResult {
  const early = notReached('shutdown', here)
  if (early) return early
  const { exit, overdue } = here.run
  if (exit?.code === 0) return passed('SIGTERM ends it with code 0')
  if (overdue?.stage === 'shutdown') {
    const limit = overdue.limitMs / 1000
    return failed('shutdown', `still running ${limit} s after SIGTERM: something keeps the event loop open`)
  }
  if (exit?.signal === 'SIGTERM')
    return failed('shutdown', `${exit.signal} ended it at once: the service does not handle SIGTERM`)
  return failed('shutdown', `after SIGTERM ${interruption(here)}`, [interruptionDiagnostic('shutdown', here)])
}

const reached = (stage: RunStage, run: ProjectRun): boolean => run.entered[stage] !== undefined
const stopped = (): GateResult => skipped('the job was stopped')

function notReached(stage: RunStage, { run }: Context): GateResult | null {
  const cancelled = run.result.ending.kind === 'aborted' && run.overdue === null
  if (!reached(stage, run)) {
    if (cancelled) return stopped()
    const last = RUN_STAGES.findLast((earlier) => reached(earlier, run)) ?? 'boot'
    return skipped(`the run ended at ${last}`)
  }
  const isLast = RUN_STAGES.findLast((earlier) => reached(earlier, run)) === stage
  return cancelled && isLast ? stopped() : null
}

/** Why the run ended early, as the end of a sentence. */
function interruption({ run, limits }: Context): string {
  const { ending, stderr } = run.result
  const { exit } = run
  if (run.flooded) return 'it wrote too much to the channel of the results'
  if (run.overdue) return `nothing after ${run.overdue.limitMs / 1000} s`
  const fault = run.fault ?? run.claims.fault
  if (fault) return oneLine(fault.message)
  const said = firstErrorLine(stderr)
  const saying = said ? `: ${said}` : ''
  if (exit?.signal) return `the process ended by ${exit.signal}${saying}`
  switch (ending.kind) {
    case 'exited':
      return `the process ended with code ${exit?.code ?? ending.code}${saying}`
    case 'signalled':
      return `the process was ended by ${ending.signal}`
    case 'timeout':
      return `not done after ${limits.run.wallMs / 1000} s`
    case 'flooded':
      return 'it wrote too much to the channel of the results'
    case 'memory':
      return `it took more memory than the ${Math.round(limits.run.memoryBytes / 1e6)} MB that a run may have`
    case 'unstartable':
      return `it could not be started: ${ending.reason}`
    case 'aborted':
      return 'the job was stopped'
  }
}

function interruptionDiagnostic(gate: RunStage, here: Context): Diagnostic {
  const { stderr, stdout } = here.run.result
  const [at, ...trace] = placesIn(stderr, here.project)
  const said = withoutMachine(stderr.trim() || stdout.trim(), here.project)
  return {
    gate,
    file: at?.file ?? null,
    line: at?.line ?? null,
    message: readableText(`${interruption(here)}${said ? `\n${said}` : ''}`),
    ...(trace.length > 0 && { trace }),
  }
}

const firstErrorLine = (stderr: string): string => {
  const lines = stderr.split('\n')
  return oneLine(lines.find((line) => /error|cannot/i.test(line)) ?? lines.find((line) => line.trim()) ?? '')
}

const answered = (probe: { status: number; problem?: string | undefined }): string =>
  probe.status === 0 ? `does not answer (${probe.problem ?? 'no reason given'})` : `answers ${probe.status}`

/** A stage lasts until the next one is entered, the last one until the run has ended. */
function durations(run: ProjectRun): { [stage in RunStage]: number } {
  const ms = { boot: 0, health: 0, openapi: 0, conformance: 0, tests: 0, shutdown: 0 }
  const seen = RUN_STAGES.filter((stage) => reached(stage, run))
  for (const [index, stage] of seen.entries()) {
    const next = seen[index + 1]
    ms[stage] = Math.max(0, (next ? run.entered[next]! : run.result.ms) - run.entered[stage]!)
  }
  return ms
}
