import { tiersOfThisMachine } from '../../generator/verify/testing/sandboxes.ts'
import { endingTable } from './outcome-table.ts'
import type { ModelFault } from './faults.ts'
import { KEY, runFaults, SECRET, wrongEnding, type Over } from './run-faults.ts'
import { wireProblem } from './wire.ts'

/** Runs the faults over these adapters and returns the unexpected outcomes; prints all outcomes. */
export async function judgeRuns(overs: readonly Over[], faults?: readonly ModelFault[]): Promise<string[]> {
  const tiers = await tiersOfThisMachine()
  const sandboxed = tiers.some(({ name, chosen }) => name === 'bubblewrap' && chosen !== null)
  const runs = await Promise.all(overs.map((over) => runFaults(over, faults)))
  const endings = runs.flatMap((run) => run.endings)
  const problems = endings.flatMap((ending) => {
    const problem = wrongEnding(ending, { sandboxed })
    return problem === null ? [] : [`${ending.fault.name} (${ending.over}) ${problem}`]
  })
  if (problems.length > 0) console.log(endingTable(endings))
  const requests = runs.flatMap((run, index) => run.requests.map((body) => [overs[index]!, body] as const))
  const malformed = requests.flatMap(([over, body]) => wireProblem(over, body, SECRET) ?? [])
  const leaks = runs
    .flatMap(({ logs }) => logs)
    .filter((line) => [KEY, SECRET].some((secret) => line.includes(secret)))
    .map((line) => `a secret was logged: ${line}`)
  return [...problems, ...malformed, ...leaks]
}
