import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { catchMarkdown, catchTable, problemOf } from '../test/plausible/catch-table.ts'
import { CASES } from '../test/plausible/jobs.ts'
import { showMutants } from '../test/plausible/measure.ts'
import { isOfCode } from '../test/plausible/plausible-project.ts'
import { playAll } from '../test/plausible/play.ts'

// Plays every mistake of the plausible model, prints what noticed it, and writes that to the documents. A regular
// expression limits it to the mistakes and projects whose names match. With --mutants it tries every mutant of the good code
// instead, with the examples of the designs and with the further examples of the model.

const DOCUMENT = 'docs/develop/plausible-model.md'

const { values, positionals } = parseArgs({
  options: { mutants: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [wanted = ''] = positionals
if (values.mutants) {
  await showMutants(wanted)
  process.exit()
}
const chosen = CASES.filter(({ project, mistake }) =>
  `${project.blueprint.name} ${mistake.in} ${mistake.name}`.match(wanted),
)
const started = performance.now()
const secondsSoFar = () => Math.round((performance.now() - started) / 1000)
const played = await playAll(chosen, (some) => {
  for (const one of some)
    console.log(`${secondsSoFar()} s: ${one.mistake.name}: ${problemOf(one) ?? 'as it should be'}`)
})
const seconds = secondsSoFar()
console.log(catchTable(played))
const wrong = played.flatMap((one) => {
  const problem = problemOf(one)
  return problem === null ? [] : [`${one.project.blueprint.name}, ${one.mistake.name}: ${problem}`]
})
const repaired = played.filter(({ noticed, isRepaired }) => noticed !== null && isRepaired).length
const lost = played.reduce((sum, one) => sum + one.lost.length, 0)
const share = `${repaired} of ${played.length} noticed and repaired (${((100 * repaired) / played.length).toFixed(1)} %), ${lost} other operations or tasks lost`
console.log(`\n${share}, in ${seconds} s.`)
if (wrong.length > 0) {
  console.error(`\nNot as they should be:\n${wrong.join('\n')}`)
  process.exitCode = 1
} else if (wanted === '') {
  const ofCode = played.filter(({ mistake }) => isOfCode(mistake)).length
  await writeFile(
    DOCUMENT,
    `# What becomes of ordinary mistakes

Written by \`npm run plausible\`; \`test/plausible\` plays a spread of these mistakes in each change, and \`npm run soak\` every one.

A model designs a good backend with examples and writes good code, but for one mistake: ${ofCode} in the code of an operation or a
task, and ${played.length - ofCode} in an example. When it is shown what failed, it answers well. Each job goes through the whole service, and
its project is really built and run, with a mistake in one operation or task or in several, and at least one that is good.

**${share}.**

- *Noticed by*: \`code\`, the check of the code before it runs; \`types\`, the type-check; \`tests\`, an example of the design or a test that every operation has; \`further
  examples\`, the further examples that the model gives when deliberate faults in the code are noticed by no test.
- *Repaired*: whether the archive has the good code.
- *Others kept*: of the operations and tasks of the job that were good at once, those whose code is in the archive.

${catchMarkdown(played)}
`,
  )
  console.log(`Written to ${DOCUMENT}.`)
}
// The fake model still has timers of abandoned responses.
process.exit()
