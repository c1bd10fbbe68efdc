import { relative } from 'node:path'
import type { GateReport } from '#contract'
import type { VerifyLimits } from './limits.ts'
import {
  failed,
  oneLine,
  passed,
  plural,
  readableText,
  skipped,
  type Diagnostic,
  type Verdict,
} from './outcome.ts'
import type { ProjectRun } from './run-project.ts'
import { RUN_STAGES, type RunStage } from './runner-messages.ts'
import type { ServedDocument } from './served-document.ts'

export type RunGates = {
  readonly verdicts: { readonly [stage in RunStage]: Verdict }
  readonly ms: { readonly [stage in RunStage]: number }
  readonly tests: GateReport['tests']
}

/** Turns what was heard of a run into the verdicts of its five gates. Pure; a stage that was never reached is skipped. */
export function gatesOfRun(
  run: ProjectRun,
  context: {
    readonly project: string
    readonly limits: VerifyLimits
    /** Null where none was served. */
    readonly document: ServedDocument | null
  },
): RunGates {
  const here: Context = { run, ...context }
  const verdicts = {
    boot: gateBoot(here),
    health: gateHealth(here),
    openapi: gateOpenApi(here),
    tests: gateTests(here),
    shutdown: gateShutdown(here),
  }
  const counts = run.tests ?? { passed: 0, failed: run.failures.length, skipped: 0 }
  return {
    verdicts,
    ms: durations(run),
    tests: { passed: counts.passed, failed: counts.failed, skipped: counts.skipped },
  }
}

type Context = { readonly run: ProjectRun } & Parameters<typeof gatesOfRun>[1]

function gateBoot(here: Context): Verdict {
  const { run } = here
  if (run.listening) return passed('the service starts and listens')
  if (run.result.ending.kind === 'aborted' && run.overdue === null) return stopped()
  return failed('boot', `the service does not start: ${interruption(here)}`, [
    interruptionDiagnostic('boot', here),
  ])
}

function gateHealth(here: Context): Verdict {
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

function gateOpenApi(here: Context): Verdict {
  const early = notReached('openapi', here)
  if (early) return early
  const { document } = here
  if (!document) return failed('openapi', interruption(here), [interruptionDiagnostic('openapi', here)])
  const { version, operations, problem } = document
  return problem === null
    ? passed(`valid OpenAPI ${version} with ${plural(operations, 'operation')}`)
    : failed('openapi', `the OpenAPI document ${oneLine(problem)}`)
}

function gateTests(here: Context): Verdict {
  const early = notReached('tests', here)
  if (early) return early
  const { run } = here
  const failures = run.failures.map((failure): Diagnostic => {
    const at = locate(`${failure.message}\n${failure.stack}`, here.project)
    return {
      gate: 'tests',
      file: at?.file ?? (failure.file === null ? null : relativeTo(here.project, failure.file)),
      line: at?.line ?? failure.line,
      message: readableText(`${failure.name}: ${withoutFolder(failure.message, here.project)}`),
    }
  })
  if (run.foreignLines > 0)
    return failed(
      'tests',
      'the project wrote to the channel of the test results, so they cannot be trusted',
      failures,
    )
  if (!run.tests) {
    const running = run.running
    const during = running ? `"${oneLine(running.name, 120)}" did not end` : 'no test was started'
    return failed('tests', `${during}: ${interruption(here)}`, [
      ...failures,
      {
        gate: 'tests',
        file: running?.file ? relativeTo(here.project, running.file) : null,
        line: null,
        message: `${during}: ${interruption(here)}`,
      },
    ])
  }
  const { files, passed: good, failed: bad, skipped: left } = run.tests
  if (bad > 0) return failed('tests', `${bad} of ${plural(bad + good, 'test')} failed`, failures)
  if (files === 0) return failed('tests', 'the project has no test files')
  if (good === 0) return failed('tests', `no test ran in ${plural(files, 'test file')}`)
  return passed(`${plural(good, 'test')} passed${left > 0 ? `, ${left} skipped` : ''}`)
}

function gateShutdown(here: Context): Verdict {
  const early = notReached('shutdown', here)
  if (early) return early
  const { result } = here.run
  if (result.ending.kind === 'exited' && result.ending.code === 0)
    return passed('SIGTERM ends it with code 0')
  if (here.run.overdue === 'shutdown') {
    const limit = here.limits.stageMs.shutdown / 1000
    return failed('shutdown', `still running ${limit} s after SIGTERM: something keeps the event loop open`)
  }
  if (result.ending.kind === 'signalled')
    return failed('shutdown', `${result.ending.signal} ended it at once: the service does not handle SIGTERM`)
  return failed('shutdown', `after SIGTERM ${interruption(here)}`, [interruptionDiagnostic('shutdown', here)])
}

const reached = (stage: RunStage, run: ProjectRun): boolean => run.entered[stage] !== undefined
const stopped = (): Verdict => skipped('the job was stopped')

function notReached(stage: RunStage, { run }: Context): Verdict | null {
  const cancelled = run.result.ending.kind === 'aborted' && run.overdue === null
  if (!reached(stage, run)) {
    if (cancelled) return stopped()
    const last = RUN_STAGES.findLast((earlier) => reached(earlier, run)) ?? 'boot'
    return skipped(`the run ended at ${last}`)
  }
  const isLast = RUN_STAGES.findLast((earlier) => reached(earlier, run)) === stage
  return cancelled && isLast ? stopped() : null
}

/** Why the run ended where it should not have, as the end of a sentence. */
function interruption({ run, limits }: Context): string {
  const { ending, stderr } = run.result
  if (run.overdue) return `nothing after ${limits.stageMs[run.overdue] / 1000} s`
  if (run.fault) return oneLine(run.fault.message)
  switch (ending.kind) {
    case 'exited': {
      const said = firstErrorLine(stderr)
      return `the process ended with code ${run.exit?.code ?? ending.code}${said ? `: ${said}` : ''}`
    }
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
  const at = locate(stderr, here.project)
  const said = withoutFolder(stderr.trim() || stdout.trim(), here.project)
  return {
    gate,
    file: at?.file ?? null,
    line: at?.line ?? null,
    message: readableText(`${interruption(here)}${said ? `\n${said}` : ''}`),
  }
}

const firstErrorLine = (stderr: string): string => {
  const lines = stderr.split('\n')
  return oneLine(lines.find((line) => /error|cannot/i.test(line)) ?? lines.find((line) => line.trim()) ?? '')
}

/** The first place in the project's own files that a stack names. */
function locate(stack: string, project: string): { file: string; line: number } | null {
  const escaped = project.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const match = new RegExp(`(?:file://)?${escaped}/((?!node_modules/)[^\\s:()]+):(\\d+)`).exec(stack)
  return match ? { file: match[1]!, line: Number(match[2]) } : null
}

const relativeTo = (project: string, file: string): string =>
  file.startsWith(`${project}/`) ? relative(project, file) : file

const withoutFolder = (text: string, project: string): string =>
  text.replaceAll(`file://${project}/`, '').replaceAll(`${project}/`, '')

const answered = (probe: { status: number; problem?: string | undefined }): string =>
  probe.status === 0 ? `does not answer (${probe.problem ?? 'no reason given'})` : `answers ${probe.status}`

/** A stage lasts until the next one is entered, the last one until the run has ended. */
function durations(run: ProjectRun): { [stage in RunStage]: number } {
  const ms = { boot: 0, health: 0, openapi: 0, tests: 0, shutdown: 0 }
  const seen = RUN_STAGES.filter((stage) => reached(stage, run))
  for (const [index, stage] of seen.entries()) {
    const next = seen[index + 1]
    ms[stage] = Math.max(0, (next ? run.entered[next]! : run.result.ms) - run.entered[stage]!)
  }
  return ms
}
