import { availableParallelism } from 'node:os'
import type { JobView } from '#contract'
import { ulid } from 'ulid'
import type { ApiClient } from '../../bots/api-client.ts'
import { unzip } from '../../generator/archive/unzip.ts'
import { formatForeign } from '../../generator/codegen/format.ts'
import type { HostileModel } from '../hostile/hostile-model.ts'
import { startServiceWith } from '../hostile/service-with-model.ts'
import { jobsOf, type Case, type PlayedJob } from './jobs.ts'
import { noticedIn, type Noticed } from './noticed.ts'
import { pathOf } from './plausible-project.ts'
import { teach } from './teach.ts'

export type Played = Case & {
  readonly view: JobView
  /** What noticed it first, by what the model was sent. */
  readonly noticed: Noticed | null
  /** Whether the archive has the good code of the operation or task. */
  readonly isRepaired: boolean
  /** The other operations and tasks of the job that had good code, and those of them that the archive has not. */
  readonly others: number
  readonly lost: readonly string[]
}

/**
 * Plays each case through a complete service; the model makes the mistake, and answers well when it is asked again. A job has
 * several mistakes, each in another operation or task, and at least one that is good.
 */
export async function playAll(
  cases: readonly Case[],
  onPlayed: (played: readonly Played[]) => void = () => {},
): Promise<Played[]> {
  const played: Played[] = []
  for (const needsMutants of [false, true]) {
    const jobs = jobsOf(cases, needsMutants)
    if (jobs.length === 0) continue
    await using running = await startServiceWith({
      MUTANTS: needsMutants ? '1' : '0',
      MUTANTS_SECONDS: '90',
      WORKER_CONCURRENCY: String(availableParallelism()),
      OPENAI_API_KEY: 'sk-plausible',
      OPENAI_API: 'responses',
      // All code is that of this folder.
      SANDBOX: 'none',
    })
    const results = jobs.map(async (job, at) => {
      const result = await play(job, { ...running, token: `job-${Number(needsMutants)}-${at}.` })
      onPlayed(result)
      return result
    })
    played.push(...(await Promise.all(results)).flat())
  }
  return played.toSorted((a, b) => cases.findIndex(isCase(a)) - cases.findIndex(isCase(b)))
}

const isCase =
  ({ mistake }: Case) =>
  (one: Case) =>
    one.mistake === mistake

async function play(
  job: PlayedJob,
  { model, api, token }: { readonly model: HostileModel; readonly api: ApiClient; readonly token: string },
): Promise<Played[]> {
  const { project, mistakes } = job
  const { blueprint, handlers, further } = project
  teach(model, job, token)
  const { jobId } = await api.generate(
    { prompt: `${blueprint.title}. This is ${token}` },
    { idempotencyKey: ulid() },
  )
  let view: JobView | null = null
  for await (const change of api.follow(jobId, { signal: AbortSignal.timeout(3_000_000) })) view = change.view
  const { archive } = view!
  const files =
    archive === null ? [] : await unzip(archive.filename.replace(/\.zip$/, ''), await api.archive(jobId))
  const contents = new Map(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('utf8')]))
  const isGood = async (id: string) => {
    const path = pathOf(id, project)
    return contents.get(path) === (await formatForeign(path, handlers[id]!))
  }
  const good = new Map(
    await Promise.all(Object.keys(handlers).map(async (id) => [id, await isGood(id)] as const)),
  )
  const others = Object.keys(handlers).filter((id) => !mistakes.some((one) => one.in === id))
  return mistakes.map((mistake) => ({
    project,
    mistake,
    view: view!,
    noticed: noticedIn(model.requests(token), {
      path: pathOf(mistake.in, project),
      further: (further[mistake.in] ?? []).map(({ title }) => title),
    }),
    isRepaired: good.get(mistake.in)!,
    others: others.length,
    lost: others.filter((id) => !good.get(id)),
  }))
}
