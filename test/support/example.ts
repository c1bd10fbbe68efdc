import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { makeApiClient } from '../../bots/api-client.ts'
import { startService } from '../../service.ts'
import { unzip } from '../../generator/archive/unzip.ts'
import { exampleDesign, exampleRequest } from '../../generator/designers/model/design-example.ts'
import { startHostileModel } from '../hostile/hostile-model.ts'
import { exampleBlueprint } from './example-blueprint.ts'
import { OLD_REVIEWS, RATING } from './example-handlers.ts'

/** Folder of the example. */
export const EXAMPLE = 'docs/guide/examples/library'

/**
 * Runs the example's prompt through the whole service with a fake model, and returns the files of the example by name.
 * Deterministic: values that differ between runs are removed.
 */
export async function makeExample(): Promise<Map<string, string>> {
  const code = { code: RATING, notes: 'The average is not rounded.' }
  const task = { code: OLD_REVIEWS, notes: '' }
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'example-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const model = stack.use(await startHostileModel())
  const usage = (completion_tokens: number) => ({ prompt_tokens: 4000, completion_tokens })
  model.answer('', 'design', { response: { content: JSON.stringify(exampleDesign), usage: usage(1500) } })
  model.answer('GetBookRatingInput', 'code', {
    response: { content: JSON.stringify(code), usage: usage(300) },
  })
  model.answer('deleteOldReviews', 'code', {
    response: { content: JSON.stringify(task), usage: usage(300) },
  })

  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      machine: {
        ...machine,
        env: {
          PATH: machine.env['PATH'],
          HOME: machine.env['HOME'],
          PORT: '0',
          DATA_DIR: join(dir, 'data'),
          OPENAI_API_KEY: 'sk-example',
          OPENAI_BASE_URL: model.url,
          REVIEW: '0',
          // How many faults are tried depends on the machine.
          MUTANTS: '0',
        },
      },
      log: makeLog({ level: 'silent' }),
    }),
  )
  const api = makeApiClient({ baseUrl: service.url })
  const { jobId } = await api.generate({ prompt: exampleRequest }, { idempotencyKey: ulid() })
  let view = null
  for await (const change of api.follow(jobId, { signal: AbortSignal.timeout(300_000) })) view = change.view
  if (view?.state !== 'completed' || !view.report || !view.archive)
    throw new Error(`The example is ${view?.state}: ${view?.error?.message}`)

  const folder = view.archive.filename.replace(/\.zip$/, '')
  const files = await unzip(folder, await api.archive(jobId))
  const textOf = (path: string) =>
    Buffer.from(files.find((file) => file.path === path)!.bytes).toString('utf8')
  const { timings: _timings, verification, ...report } = view.report
  const gates = verification.gates.map(({ ms: _ms, ...gate }) => gate)
  return new Map([
    ['prompt.txt', `${exampleRequest}\n`],
    ['answers.json', json({ design: exampleDesign, code, task })],
    ['blueprint.json', json(exampleBlueprint())],
    ['report.json', json({ ...report, verification: { ...verification, gates } })],
    ['GENERATION_REPORT.md', textOf('GENERATION_REPORT.md')],
    [
      'files.txt',
      tree(
        folder,
        files.map(({ path }) => path),
      ),
    ],
  ])
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** A file tree with one line per file and folder, indented. */
function tree(folder: string, paths: readonly string[]): string {
  const lines = new Map<string, string>()
  for (const path of paths.toSorted()) {
    const parts = path.split('/')
    for (const [depth, part] of parts.entries()) {
      const isFolder = depth < parts.length - 1
      lines.set(parts.slice(0, depth + 1).join('/'), `${'  '.repeat(depth + 1)}${part}${isFolder ? '/' : ''}`)
    }
  }
  return `${folder}/\n${[...lines.values()].join('\n')}\n`
}
