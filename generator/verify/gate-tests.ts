import type { ProjectRun } from './collect-run.ts'
import { failed, oneLine, passed, plural, readableText, type Diagnostic, type GateResult } from './outcome.ts'
import type { FileCounts } from './runner-messages.ts'
import { placesIn, relativeTo, withoutMachine } from './locations.ts'

/** An answer and its difference from what was expected, for whoever repairs it. */
const MAX_MESSAGE = 2000

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number }

/** Of all files together. */
export const sumOf = (counts: readonly FileCounts[]): Counts => ({
  passed: counts.reduce((sum, one) => sum + one.passed, 0),
  failed: counts.reduce((sum, one) => sum + one.failed, 0),
  skipped: counts.reduce((sum, one) => sum + one.skipped, 0),
})

/**
 * Passes if the project reports that its tests passed and the judge got the same results for the tests it replayed. The
 * report alone proves nothing: it comes from the process that runs the project's code.
 */
export function gateTests(
  run: ProjectRun,
  context: {
    readonly project: string
    /** Why the run ended where it did, as the end of a sentence. */
    readonly why: () => string
  },
): GateResult {
  const { claims, replay } = run
  const found = claims.failures.map((failure) => diagnose(failure, context.project))
  const seen = (replay?.failures ?? []).map((failure) => diagnose(failure, context.project, 'from outside, '))
  if (run.foreign)
    return failed(
      'tests',
      'the project wrote to the channel of the test results, so they cannot be trusted',
      found,
    )
  const ended = (running: { readonly name: string; readonly file: string | null } | null, where = '') => {
    const what = running
      ? `${where}"${oneLine(running.name, 120)}" did not end`
      : `${where}no test was started`
    const message = `${what}: ${context.why()}`
    const file = running?.file ? relativeTo(context.project, running.file) : null
    const unended = { gate: 'tests', file, line: null, message, ...(running && { test: running.name }) }
    return failed('tests', message, [...found, ...seen, unended])
  }
  if (!claims.tests) return ended(claims.running)
  const { files, counts } = claims.tests
  const { passed: good, failed: bad, skipped: left } = sumOf(counts)
  if (bad > 0) return failed('tests', `${bad} of ${plural(bad + good, 'test')} failed`, [...found, ...seen])
  if (files === 0) return failed('tests', 'the project has no test files')
  if (good === 0) return failed('tests', `no test ran in ${plural(files, 'test file')}`)
  if (replay && !replay.result) return ended(replay.running, 'from outside, ')
  const again = replay?.result ? sumOf(replay.result.counts) : null
  if (again && again.failed > 0)
    return failed(
      'tests',
      `the project says that ${plural(good, 'test')} passed; from outside ${again.failed} of ${again.failed + again.passed} failed`,
      seen,
    )
  const differing = replay?.result ? disagreement(counts, replay.result.counts) : null
  if (differing !== null) return failed('tests', differing)
  const outside = again ? `, ${again.passed} of them again from outside` : ''
  return passed(`${plural(good, 'test')} passed${outside}${left > 0 ? `, ${left} skipped` : ''}`)
}

/** Where the project's counts and the judge's differ, as a sentence. */
function disagreement(claimed: readonly FileCounts[], seen: readonly FileCounts[]): string | null {
  if (sumOf(seen).passed === 0) return 'no test was repeated from outside'
  for (const { file, passed: good, skipped: left } of seen) {
    const claim = claimed.find((one) => one.file === file)
    if (claim?.passed !== good || claim.skipped !== left)
      return `of ${oneLine(file, 120)} the project says that ${plural(claim?.passed ?? 0, 'test')} passed, and from outside it was ${good}`
  }
  return null
}

function diagnose(
  failure: ProjectRun['claims']['failures'][number] | NonNullable<ProjectRun['replay']>['failures'][number],
  project: string,
  where = '',
): Diagnostic {
  const places = placesIn(`${failure.message}\n${failure.stack}`, project)
  const file = failure.file === null ? null : relativeTo(project, failure.file)
  // The test says what failed; a shared function that compares is the innermost place of many.
  const at = file === null ? places[0] : places.find((place) => place.file === file)
  const trace = places.filter((place) => place !== at)
  return {
    gate: 'tests',
    file: file ?? at?.file ?? null,
    line: at?.line ?? failure.line,
    message: readableText(
      `${where}${failure.name}: ${withoutMachine(failure.message, project)}`,
      MAX_MESSAGE,
    ),
    test: failure.name,
    ...(trace.length > 0 && { trace }),
  }
}
