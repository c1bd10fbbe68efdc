import { tmpdir } from 'node:os'
import { loadDotEnv } from '#lib/dot-env'
import { thisMachine } from '#lib/machine'
import { examine } from './doctor/examine.ts'
import { renderFindings } from './doctor/findings.ts'

loadDotEnv(process)
const findings = await examine({
  machine: thisMachine(process, tmpdir()),
  nodeVersion: process.version,
  now: new Date(),
  signal: AbortSignal.timeout(60_000),
})
console.log(renderFindings(findings))
process.exitCode = findings.some(({ state }) => state === 'broken') ? 1 : 0
