import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { endingMarkdown, endingTable } from '../test/hostile/outcome-table.ts'
import { runFaults, wrongEnding } from '../test/hostile/run-faults.ts'

// Runs every fault of the hostile model over both adapters, prints the outcomes and writes them to the documents.

const DOCUMENT = 'docs/develop/hostile-model.md'

const started = performance.now()
const runs = await Promise.all([runFaults('responses'), runFaults('chat')])
const seconds = Math.round((performance.now() - started) / 1000)
const endings = runs.flatMap((run) => run.endings).toSorted((a, b) => (a.fault.name < b.fault.name ? -1 : 1))
console.log(endingTable(endings))

const wrong = endings.flatMap((ending) => {
  const problem = wrongEnding(ending, { sandboxed: true })
  return problem === null ? [] : [`${ending.fault.name} (${ending.over}): ${problem}`]
})
if (wrong.length > 0) {
  console.error(`\nNot as they should be:\n${wrong.join('\n')}`)
  process.exitCode = 1
} else {
  const count = new Set(endings.map(({ fault }) => fault.name)).size
  await writeFile(
    DOCUMENT,
    `# What a hostile model gets

Written by \`npm run hostile\`; \`test/hostile\` holds each fault in each change, and \`npm run soak\` every line. ${count} faults, ${endings.length} jobs over both
adapters, each through the whole service: the API, the queue, the worker with the real client, and the sandbox
(${runs[0]!.sandbox.replace(/^.*sandbox: /, '')}). In all ${seconds} s on ${availableParallelism()} processors, several jobs at once, so a
job's time is mostly that of others.

A job that is completed has an archive whose project booted and passed its tests. A gap is an operation that answers 501
there, or a task that does nothing, and is named in the report, the card and the API with this reason. "Unseen" is code that a look at it does not find,
and that only the sandbox stops.

${endingMarkdown(endings)}
`,
  )
  console.log(`\n${count} faults, all as they should be. Written to ${DOCUMENT}.`)
}
// The fake model still has timers of abandoned responses.
process.exit()
