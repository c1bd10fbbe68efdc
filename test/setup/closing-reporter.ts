import type { Reporter, TestModule } from 'vitest/node'

/** Where a name says why its test does not run here: "on redis-server (skipped: it is not on the PATH)". */
const REASON = /skipped: (.+?)(?:\)?(?:, and in no process[^>]*)?(?: >|$))/
const NAMES_SHOWN = 3

/**
 * Closes a run with what was skipped and why, and one plain line. Where everything is installed (`CI=true`)
 * a skip is a failure, named in full: otherwise a missing program would turn tests off unnoticed.
 */
export class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    const skipped: string[] = []
    for (const module of modules) {
      if (module.state() === 'failed' && module.children.size === 0) counts.failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'pending') continue
        counts[state] += 1
        if (state === 'skipped') skipped.push(`${module.relativeModuleId} > ${test.fullName}`)
      }
    }
    if (process.env['CI'] && skipped.length > 0) {
      for (const name of skipped) console.log(`skipped: ${name}`)
      console.log('Nothing may be skipped where CI=true: install what the names above ask for.')
      process.exitCode = 1
    } else for (const line of skippedLines(skipped)) console.log(line)
    const failed = counts.failed + errors.length
    console.log(
      `${counts.passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
    )
  }
}

/** One line for each reason, with how many tests it keeps from running. */
function skippedLines(skipped: readonly string[]): string[] {
  const given = skipped.map((name) => REASON.exec(name)?.[1]?.replace(/\)$/, '') ?? '')
  const whole = [...new Set(given)].filter((reason) => !reason.endsWith('…'))
  // Long titles are cut, so a reason that is cut is the whole one that begins with it.
  const full = (reason: string) => {
    const start = reason.replace(/….*$/, '')
    return reason === start ? reason : (whole.find((one) => one.startsWith(start)) ?? reason)
  }
  const reasons = Map.groupBy(skipped, (_, index) => full(given[index]!))
  return [...reasons]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([reason, names]) => {
      if (reason !== '') return `Skipped ${names.length}: ${reason}`
      const shown = names.slice(0, NAMES_SHOWN).join('; ')
      return `Skipped ${names.length} that need a program this machine lacks, as their names say: ${shown}${names.length > NAMES_SHOWN ? '; …' : ''}`
    })
}
