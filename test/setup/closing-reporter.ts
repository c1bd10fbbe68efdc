import type { Reporter, TestModule } from 'vitest/node'

/**
 * Closes a run with one plain line, and names what was skipped. Where everything is installed (`CI=true`)
 * a skip is a failure: otherwise a missing program would turn tests off without anybody noticing.
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
    for (const name of skipped) console.log(`skipped: ${name}`)
    if (process.env['CI'] && skipped.length > 0) {
      console.log('Nothing may be skipped where CI=true: install what the names above ask for.')
      process.exitCode = 1
    }
    const failed = counts.failed + errors.length
    console.log(
      `${counts.passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
    )
  }
}
