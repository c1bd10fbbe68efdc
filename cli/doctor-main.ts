import { tmpdir } from 'node:os'
import { loadDotEnv } from '#lib/dot-env'
import { findNode } from '#lib/find-node'
import { thisMachine } from '#lib/machine'
import { readOptions, UsageError } from '#lib/read-options'
import { describeStartError } from '#lib/run-main'
import { runChecks } from './doctor/run-checks.ts'
import { renderFindings } from './doctor/findings.ts'

const HELP =
  'Usage: npm run doctor\n\nChecks everything that the service needs without starting it. It takes no options.'

loadDotEnv(process)
try {
  const { values, positionals } = readOptions(process.argv.slice(2), {
    help: { type: 'boolean', short: 'h' },
  })
  if (positionals.length > 0)
    throw new UsageError(`This command takes no arguments: remove ${JSON.stringify(positionals.join(' '))}.`)
  if (values.help) {
    console.log(HELP)
    process.exit(0)
  }
  const findings = await runChecks({
    machine: thisMachine(process, tmpdir()),
    nodeVersion: findNode(process).version,
    now: new Date(),
    signal: AbortSignal.timeout(60_000),
  })
  console.log(renderFindings(findings))
  process.exitCode = findings.some(({ state }) => state === 'broken') ? 1 : 0
} catch (error) {
  console.error(describeStartError(error))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
