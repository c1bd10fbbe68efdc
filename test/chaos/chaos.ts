import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JobView } from '#contract'
import { makeFileStore } from '#store/file-store'
import { openS3Store } from '../../jobs/store/s3/open-s3-store.ts'
import { makeQueues } from '../support/queues.ts'
import { BUCKET, S3RVER_KEYS } from '../support/s3rver.ts'
import { temporaryFolder } from '../support/service.ts'
import { BOT_TOKEN } from '../../bots/discord/testing/fake-discord.ts'
import { makeOrder, type KilledProcess } from './model-calls.ts'
import { submitJob, cancelJob, type SubmittedJob } from './submit-job.ts'
import { decidePlans, type TakenDecision } from './decide-plans.ts'
import { startBucket } from './bucket.ts'
import { makeRng } from './rng.ts'
import { startDiscord } from './discord.ts'
import { changeSettings, lostSettings, type ChangedSettings } from './change-settings.ts'
import { checkResults, findLeftovers } from './check-results.ts'
import { startOpenAi } from './openai.ts'
import { startAll, startApi, startWorker, type ManagedProcess } from './processes.ts'
import { startRedis } from './redis.ts'
import { startSlack } from './slack.ts'
import { readJson, watchStages } from './watch-stages.ts'
import { injectFaults, type InjectedFault } from './inject-faults.ts'

export type ChaosOptions = {
  readonly queue: 'redis' | 'embedded'
  /** `bucket`: each program has its own folder, as on separate machines, and jobs are stored in S3. Default: folder. */
  readonly store?: 'folder' | 'bucket'
  readonly jobs: number
  readonly seed: number
  /** Pause between faults, in milliseconds. */
  readonly pauseMs?: readonly [number, number]
  /** Maximum duration of fault injection, in milliseconds. Default: until most jobs have ended. */
  readonly maxFaultMs?: number
  /** Time limit for all jobs to end after the faults, in milliseconds. */
  readonly settleMs?: number
  readonly log?: (line: string) => void
  /** Folder for the programs' output. */
  readonly keepLogs?: string
}

export type ChaosReport = {
  readonly queue: string
  readonly store: string
  readonly seed: number
  readonly seconds: number
  readonly figures: Readonly<Record<string, number>>
  readonly injected: Readonly<Record<string, number>>
  readonly stages: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

/**
 * Submits jobs while faults are injected, then checks all invariants: with the API, two workers and Redis as separate
 * processes, or with everything in one process and the embedded queue.
 */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const {
    queue,
    jobs,
    seed,
    log = () => {},
    settleMs = 180_000,
    maxFaultMs = Infinity,
    store = 'folder',
  } = options
  const began = performance.now()
  const rng = makeRng(seed)
  await using stack = new AsyncDisposableStack()
  const { path: home } = stack.use(await temporaryFolder('chaos'))
  const dataDir = join(home, 'data')
  await mkdir(join(home, 'tmp'))
  const slack = stack.use(await startSlack(rng))
  const discord = stack.use(await startDiscord(rng))
  const chats = [slack, discord]
  const order = makeOrder()
  const programs = new Map<string, ManagedProcess>()
  const lifeOf = (caller: string) => programs.get(caller)?.life() ?? 1
  const openai = stack.use(await startOpenAi({ rng, answerMs: 1_000, order, lifeOf }))
  const redis = queue === 'redis' ? stack.use(await startRedis(join(home, 'redis'))) : null
  const bucket = store === 'bucket' ? stack.use(await startBucket(rng)) : null
  const bare = makeQueues()
  stack.defer(bare.remove)

  const env: Record<string, string> = {
    ...(redis === null ? bare.kinds[0]!.env : { REDIS_URL: redis.url }),
    DATA_DIR: dataDir,
    TMPDIR: join(home, 'tmp'),
    LOG_LEVEL: 'info',
    SLACK_BOT_TOKEN: 'xoxb-chaos',
    SLACK_API_URL: slack.url,
    DISCORD_BOT_TOKEN: BOT_TOKEN,
    DISCORD_API_URL: discord.url,
    OPENAI_API_KEY: 'sk-chaos-0123456789',
    SHUTDOWN_GRACE_SECONDS: '5',
    WORKER_CONCURRENCY: '2',
    ...bucket?.env,
    // The fake service knows two kinds of calls.
    MUTANTS: '0',
  }
  /** Environment of one program: with a bucket, each has its own folder, as on separate machines. */
  const envOf = (name: string) => ({
    ...env,
    OPENAI_BASE_URL: openai.urlFor(inUrl(name)),
    REVIEW: '0',
    ...(bucket !== null && { DATA_DIR: join(home, `data-${inUrl(name)}`) }),
  })
  const deaths: KilledProcess[] = []
  const onKilled = async (name: string, life: number) => {
    const at = order()
    const kept = bucket === null ? await checkpointsIn(join(dataDir, 'jobs')) : bucket.checkpoints()
    deaths.push({ caller: inUrl(name), life, at, kept })
  }
  let api: ManagedProcess | null = null
  let url: string
  let workers: ManagedProcess[]
  if (queue === 'redis') {
    const started = await startApi(envOf('api'), onKilled)
    api = stack.use(started.program)
    url = started.url
    workers = await Promise.all(
      ['worker 1', 'worker 2'].map((name) => startWorker(name, envOf(name), onKilled)),
    )
    for (const worker of workers) stack.use(worker)
  } else {
    const started = await startAll(envOf('service'), onKilled)
    workers = [stack.use(started.program)]
    url = started.url
  }
  for (const program of workers) programs.set(inUrl(program.name), program)
  log(`seed ${seed}, ${queue}, ${url}`)

  const submitted: SubmittedJob[] = []
  const stages = stack.use(watchStages(url))
  const calm = new AbortController()
  let onDecision = () => {}
  // A single process takes seconds to restart after each fault, and needs time to make progress.
  const pauseMs = options.pauseMs ?? (queue === 'redis' ? [1_500, 5_000] : [3_000, 10_000])
  const injecting = injectFaults(
    {
      rng,
      workers,
      api,
      redis,
      chats,
      openai,
      bucket,
      onStage: stages.listen,
      onDecision: (listener) => void (onDecision = listener),
      pauseMs,
      log,
    },
    calm.signal,
  )
  const faultsEnd = performance.now() + maxFaultMs
  const cancelling: Promise<void>[] = []
  // Of their own, so that the same seed still means the same jobs.
  const [settingsRng, plans] = [makeRng(seed + 1), makeRng(seed + 2)]
  const changed: ChangedSettings = new Map()
  const settled = new AbortController()
  const deciding: Promise<[SubmittedJob, readonly TakenDecision[]]>[] = []
  /** A job whose plan nobody decides on would wait for a day. */
  const stuck: string[] = []
  for (let index = 0; index < jobs; index++) {
    if (settingsRng.hits(0.15)) await changeSettings({ url, rng: settingsRng, chats, changed })
    const job = await submitJob({ url, index, rng, plans, chats })
    submitted.push(job)
    if (job.course !== null) {
      const around = { url, onDecision: () => onDecision(), signal: settled.signal }
      const decided = decidePlans(around, job, job.course).catch((error: Error) => {
        stuck.push(`${job.jobId}: its plan was not decided: ${error.message}`)
        return []
      })
      deciding.push(decided.then((taken) => [job, taken]))
    }
    if (rng.hits(0.06)) {
      cancelling.push(cancelLater(url, job, rng.between(0, 8_000)))
    }
    // Keep the backlog small, since the embedded queue is meant for low load.
    while (submitted.length - (await countEnded(url)) > 40) await sleep(500)
  }
  log(`${jobs} jobs are accepted`)
  while (performance.now() < faultsEnd && (await countEnded(url)) < jobs * 0.9) await sleep(500)
  calm.abort()
  const injected = await injecting
  await Promise.all(cancelling)
  log('fault injection ended')

  const deadline = Date.now() + settleMs
  const open = new Set(submitted)
  while (open.size > 0 && Date.now() < deadline) {
    for (const job of open) if (await isOver(url, job)) open.delete(job)
    await sleep(500)
  }
  settled.abort(new Error('it did not go on in time'))
  const decisions = new Map(await Promise.all(deciding))
  const kept =
    bucket === null ? makeFileStore({ dir: join(dataDir, 'jobs') }) : await openStoreOf(bucket.endpoint)
  const findings = await checkResults({
    url,
    store: kept,
    submitted,
    decisions,
    chats,
    modelCalls: openai.modelCalls,
    deaths,
  })
  const running = [...workers, ...(api === null ? [] : [api])]
  const faults = [
    ...findings.faults,
    ...(await lostSettings(url, changed)),
    ...stuck,
    ...openai.unexpected,
    ...running.flatMap((program) => program.crashes()),
  ]

  for (const program of running) {
    const code = await program.stop()
    if (code !== 0) faults.push(`${program.name} exited with ${code} after SIGTERM`)
  }
  if (options.keepLogs !== undefined) {
    await mkdir(options.keepLogs, { recursive: true })
    for (const program of running)
      await writeFile(
        join(options.keepLogs, `${queue}-${store}-${program.name.replace(' ', '-')}.log`),
        program.output(),
      )
  }
  await redis?.stop('SIGTERM')
  const left = await findLeftovers(home, deaths.length)
  faults.push(...left.map((what) => `left behind: ${what}`))
  if (options.keepLogs === undefined) await rm(join(home, 'tmp'), { recursive: true, force: true })

  return {
    queue,
    store,
    seed,
    seconds: Math.round((performance.now() - began) / 1000),
    figures: { ...findings.figures, 'settings changed': changed.size, 'left behind': left.length },
    injected: {
      ...tally(injected.map(({ what }) => what)),
      ...prefixed('requests to S3: ', bucket?.hits() ?? {}),
    },
    stages: tally(injected.flatMap(({ stage }: InjectedFault) => (stage === null ? [] : [stage]))),
    faults,
  }
}

async function cancelLater(url: string, job: SubmittedJob, afterMs: number): Promise<void> {
  await sleep(afterMs)
  if (await cancelJob(url, job.jobId)) job.cancelled = true
}

const inUrl = (name: string) => name.replace(' ', '-')

/** As `jobId/checkpoint`. */
async function checkpointsIn(folder: string): Promise<Set<string>> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return new Set(
    names.flatMap((name) => /^([^/]+)\/checkpoints\/([^/]+\.json)$/.exec(name)?.slice(1).join('/') ?? []),
  )
}

const openStoreOf = (endpoint: string) =>
  openS3Store(
    {
      kind: 's3',
      bucket: BUCKET,
      prefix: 'chaos/',
      endpoint,
      region: 'us-east-1',
      pathStyle: true,
      links: false,
    },
    { credentials: S3RVER_KEYS },
  )

const prefixed = (prefix: string, counted: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counted).map(([name, count]) => [prefix + name, count]))

const tally = (words: readonly string[]): Record<string, number> => {
  const counted: Record<string, number> = {}
  for (const word of words) counted[word] = (counted[word] ?? 0) + 1
  return counted
}

/** 0 without a response. */
async function countEnded(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) }).catch(() => null)
  const text = (await response?.text().catch(() => null)) ?? ''
  const ended = text.matchAll(/_jobs\{state="(?:completed|failed|cancelled)"\} (\d+)/g)
  return [...ended].reduce((sum, [, count]) => sum + Number(count), 0)
}

async function isOver(url: string, { jobId, chat }: SubmittedJob): Promise<boolean> {
  const view = JobView.safeParse(await readJson(`${url}/jobs/${jobId}`))
  if (!view.success || ['waiting', 'active'].includes(view.data.state)) return false
  return chat === null || view.data.delivery !== undefined
}
