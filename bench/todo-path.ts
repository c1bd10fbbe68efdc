import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { makeApiClient } from '../bots/api-client.ts'
import { startService } from '../service.ts'
import { designOffline } from '../generator/designers/offline/design-offline.ts'
import { renderProject } from '../generator/stages/render-project.ts'
import { measureFloor } from './verify-floor.ts'
import { readKit } from '../generator/verify/kit.ts'
import { defaultStack } from '../generator/stacks/registry.ts'
import { median, ms, table } from './figures.ts'

const { kitDirectory } = defaultStack

const PROMPT = 'Create a REST API for a todo app with CRUD operations'

/**
 * The time from POST to completed for the todo prompt, offline, against the minimum cost of verification: the
 * bare type-check beside one bare process that boots the project, checks its health and runs its tests.
 * Both are measured in turn, so that a machine that slows down slows both.
 */
export async function todoPath({ runs }: { readonly runs: number }): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'bench-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      machine: {
        ...machine,
        env: { ...machine.env, PORT: '0', DATA_DIR: join(dir, 'data'), OPENAI_API_KEY: '' },
      },
      log: makeLog({ level: 'silent' }),
    }),
  )
  const api = makeApiClient({ baseUrl: service.url, apiKey: service.apiKey })

  const project = join(dir, 'project')
  for (const file of await renderProject(designOffline({ prompt: PROMPT }).blueprint)) {
    await mkdir(dirname(join(project, file.path)), { recursive: true })
    await writeFile(join(project, file.path), file.content)
  }
  const kit = await readKit(kitDirectory)
  await symlink(kit.nodeModules, join(project, 'node_modules'))
  const scratch = join(dir, 'scratch')
  await mkdir(scratch)

  const jobs: number[] = []
  const floors: number[] = []
  const stages = new Map<string, number[]>()
  // One extra round: the first warms the disk cache for both.
  for (let round = 0; round <= runs; round += 1) {
    const floor = await measureFloor({ project, nodePath: machine.nodePath, tsc: kit.tsc, scratch })
    const started = performance.now()
    const { jobId } = await api.generate({ prompt: PROMPT }, { idempotencyKey: ulid() })
    let timings: Partial<Record<string, number>> = {}
    for await (const { view } of api.follow(jobId, { signal: AbortSignal.timeout(60_000) })) {
      if (view.state === 'failed') throw new Error(view.error?.message)
      timings = view.report?.timings ?? {}
    }
    const took = performance.now() - started
    if (round === 0) continue
    jobs.push(took)
    floors.push(floor.ms)
    for (const [stage, time] of Object.entries(timings))
      stages.set(stage, [...(stages.get(stage) ?? []), time ?? 0])
  }

  const ratios = jobs.map((job, index) => job / floors[index]!)
  return [
    `Todo prompt, offline designer, ${runs} paired runs (queue: ${service.banner.find((line) => line.includes('Queue'))?.trim()})`,
    table([
      ['', 'min', 'median', 'max'],
      ['POST to completed', ms(Math.min(...jobs)), ms(median(jobs)), ms(Math.max(...jobs))],
      ["verify's floor", ms(Math.min(...floors)), ms(median(floors)), ms(Math.max(...floors))],
      [
        'ratio',
        ...[Math.min(...ratios), median(ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2)),
      ],
    ]),
    '',
    `Stages (median): ${[...stages].map(([stage, times]) => `${stage} ${ms(median(times))}`).join(', ')}`,
    `The median ratio is to stay within 1.50: ${median(ratios) <= 1.5 ? 'it does' : 'IT DOES NOT'}.`,
  ].join('\n')
}
