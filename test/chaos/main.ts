import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { killAll } from '../support/process.ts'
import { chaos, type ChaosOptions, type ChaosReport } from './chaos.ts'

/** `npm run test:chaos -- --jobs 200 --seed 7 --queue redis`; both queues without `--queue`, `--store bucket` with S3. Leaves its figures in files. */
const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    queue: { type: 'string' },
    store: { type: 'string', default: 'folder' },
    out: { type: 'string', default: '.data/chaos' },
  },
})
const queues = values.queue === undefined ? ['redis', 'embedded'] : [values.queue]
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    killAll()
    process.exit(1)
  })
let failed = false
for (const queue of queues as ChaosOptions['queue'][]) {
  const started = performance.now()
  const report = await chaos({
    queue,
    store: values.store as 'folder' | 'bucket',
    jobs: Number(values.jobs),
    seed: Number(values.seed),
    keepLogs: values.out,
    settleMs: 300_000,
    log: (line) => console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`),
  })
  const text = toMarkdown(report)
  console.log(`\n${text}`)
  await writeFile(`${values.out}/${queue}-${values.store}.json`, JSON.stringify(report, null, 2))
  await writeFile(`${values.out}/${queue}-${values.store}.md`, text)
  if (report.faults.length > 0) failed = true
}
process.exit(failed ? 1 : 0)

function toMarkdown({ queue, store, seed, seconds, figures, injected, stages, faults }: ChaosReport): string {
  const table = (title: string, rows: Readonly<Record<string, number>>) => [
    `| ${title} | |`,
    '| --- | ---: |',
    ...Object.entries(rows).map(([name, value]) => `| ${name} | ${value} |`),
    '',
  ]
  return [
    `# Chaos on ${queue === 'redis' ? 'Redis' : 'the embedded queue'}${store === 'bucket' ? ' and S3' : ''}, seed ${seed}, ${seconds} s`,
    '',
    ...table('figures', figures),
    ...table('what happened', injected),
    ...table('killed in', stages),
    faults.length === 0 ? 'Nothing is wrong.' : `${faults.length} faults:`,
    ...faults.map((fault) => `- ${fault}`),
    '',
  ].join('\n')
}
