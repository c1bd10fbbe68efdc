import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { table } from '../bench/figures.ts'
import { makeApiClient } from '../bots/api-client.ts'
import { startService } from '../service.ts'
import { PROMPTS } from '../test/support/prompts.ts'
import { unpack } from '../test/support/unpack.ts'

// Generates a project for each prompt, unpacks it elsewhere, and follows its README; prints a Markdown table.

const run = promisify(execFile)
await using stack = new AsyncDisposableStack()
const dir = await mkdtemp(join(tmpdir(), 'prompts-'))
stack.defer(() => rm(dir, { recursive: true, force: true }))
const machine = thisMachine(process, tmpdir())
const service = stack.use(
  await startService({
    machine: { ...machine, env: { ...machine.env, PORT: '0', DATA_DIR: join(dir, 'data') } },
    log: makeLog({ level: 'silent' }),
  }),
)
const api = makeApiClient({ baseUrl: service.url, apiKey: service.apiKey })

const rows = [
  [
    'prompt',
    'entities',
    'routes',
    'files',
    'tests',
    'design',
    'render',
    'verify',
    'npm ci',
    'npm test',
    'npm run check',
  ],
]
for (const prompt of PROMPTS) {
  const { jobId } = await api.generate({ prompt }, { idempotencyKey: ulid() })
  for await (const { view } of api.follow(jobId, { signal: AbortSignal.timeout(60_000) })) {
    const { report, archive, result } = view
    if (view.state === 'failed') throw new Error(`${prompt}: ${view.error?.message}`)
    if (view.state !== 'completed' || !report || !archive) continue
    const out = join(dir, jobId)
    await unpack(Buffer.from(await api.archive(jobId)), out)
    const cwd = join(out, archive.filename.replace(/\.zip$/, ''))
    const tried: string[] = []
    for (const args of [['ci', '--no-audit', '--no-fund'], ['test'], ['run', 'check']]) {
      const started = performance.now()
      await run('npm', args, { cwd, maxBuffer: 50_000_000 })
      tried.push(`passed, ${((performance.now() - started) / 1000).toFixed(1)} s`)
    }
    const took = (stage: 'design' | 'render' | 'verify') => `${Math.round(report.timings[stage] ?? 0)} ms`
    rows.push([
      prompt.replaceAll(/\s+/g, ' ').slice(0, 50),
      String(report.entities.length),
      String(report.routes.length),
      String(result?.files.length),
      String(report.verification.tests.passed),
      took('design'),
      took('render'),
      took('verify'),
      ...tried,
    ])
    console.log(`${rows.length - 1} of ${PROMPTS.length}: ${rows.at(-1)!.join(' | ')}`)
  }
}
console.log(`\n${table(rows)}`)
