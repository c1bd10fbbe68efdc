import { tmpdir } from 'node:os'
import { loadDotEnv } from '#lib/dot-env'
import { findNode } from '#lib/find-node'
import { thisMachine } from '#lib/machine'
import { startFailure } from '#lib/run-main'
import { examine } from './doctor/examine.ts'
import { renderFindings } from './doctor/findings.ts'

loadDotEnv(process)
try {
  const findings = await examine({
    machine: thisMachine(process, tmpdir()),
    nodeVersion: findNode(process).version,
    now: new Date(),
    signal: AbortSignal.timeout(60_000),
  })
  console.log(renderFindings(findings))
  process.exitCode = findings.some(({ state }) => state === 'broken') ? 1 : 0
} catch (error) {
  console.error(startFailure(error))
  process.exitCode = 1
}
