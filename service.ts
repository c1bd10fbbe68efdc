import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLog, type Logger } from '#lib/log'
import type { Machine } from '#lib/machine'
import { openTelemetry } from '#lib/open-telemetry'
import { VERSION } from '#lib/version'
import { openQueueBackend } from '#queue/hosts/open-backend'
import { makeJobs } from '#queue/producer/jobs'
import { claimStoreAtStart } from '#queue/store-claim'
import { prepareFolder } from '#store/disk'
import { openStore } from '#store/open-store'
import { withInternalKey } from './api/access/keys.ts'
import { readApiConfig, type ApiConfig } from './api/config.ts'
import { recoverAtStart } from './api/recover-at-start.ts'
import { startApi } from './api/start-api.ts'
import { startMaintenance } from './api/start-maintenance.ts'
import { readBotsConfig } from './bots/config.ts'
import { startBotsThread } from './bots/start-bots-thread.ts'
import { readWorkerConfig } from './worker/config.ts'
import { startWorker } from './worker/start-worker.ts'

export type Service = AsyncDisposable & {
  readonly url: string
  /** API key for local commands; undefined when the API has no keys. */
  readonly apiKey: string | undefined
  /** Startup lines: which features are on or off, and how to enable them. */
  readonly banner: readonly string[]
}

/** The file in which a running service publishes its address for the command line. */
export const serviceFile = (dataDir: string) => join(dataDir, 'service.json')

/**
 * The API and a worker in one process, on the best available queue. Disposing shuts down gracefully: stops accepting work,
 * finishes running jobs or returns them to the queue, then closes the queue.
 */
export async function startService(options: {
  readonly machine: Machine
  readonly log?: Logger
  /** Whether to start the configured bots: only one process per token may, so not for short-lived commands. */
  readonly bots?: boolean
  /** Called with a short line when a step takes long. */
  readonly onStatus?: (text: string) => void
  readonly signal?: AbortSignal
}): Promise<Service> {
  const { machine, onStatus, signal } = options
  const { env } = machine
  const api = readApiConfig(env)
  const worker = readWorkerConfig(env)
  const chats = readBotsConfig(options.bots ? env : {})
  const log = options.log ?? openLog(worker.log, env)

  await using stack = new AsyncDisposableStack()
  const telemetry = stack.use(
    await openTelemetry({ config: worker.telemetry, service: 'backend-generator', version: VERSION, log }),
  )
  const store = await openStore(worker.store, { log, ...(signal && { signal }) })
  const backend = stack.use(
    await openQueueBackend({
      ...(worker.redisUrl && { redisUrl: worker.redisUrl }),
      dataDir: worker.dataDir,
      production: worker.production,
      log,
      telemetry,
      ...(signal && { signal }),
    }),
  )
  await claimStoreAtStart({ backend, store })
  const jobs = stack.use(makeJobs({ backend, store, log, quotas: api.quotas, models: api.models }))
  const recovery = stack.use(await recoverAtStart({ jobs, log, ...(signal && { signal }) }))
  const { requeued } = recovery
  stack.use(startMaintenance({ jobs, keep: api.keep, log }))
  const running = stack.use(
    await startWorker({
      backend,
      store,
      config: worker,
      machine,
      log,
      ...(onStatus && { onStatus }),
      ...(signal && { signal }),
    }),
  )
  // Components of this process get internal keys, named as in a distributed setup.
  const forBots = withInternalKey(api.keys, 'bots', ['bot'])
  const forCommands = withInternalKey(forBots.keys, 'cli', ['generate', 'read'])
  const { keys } = forCommands
  const listening = stack.use(
    await startApi({
      backend,
      jobs,
      store,
      config: { ...api, keys },
      log,
      version: VERSION,
      recoveryFault: recovery.fault,
    }),
  )
  const bots = stack.use(
    await startBotsThread({
      config: chats.apiUrl === undefined ? { ...chats, apiKey: forBots.secret } : chats,
      apiUrl: chats.apiUrl ?? listening.url,
      log,
    }),
  )

  const file = serviceFile(worker.dataDir)
  await prepareFolder(worker.dataDir, 'DATA_DIR')
  await rm(file, { force: true })
  await writeFile(file, JSON.stringify({ url: listening.url, apiKey: forCommands.secret }), { mode: 0o600 })
  stack.defer(() => rm(file, { force: true }))

  const owned = stack.move()
  return {
    url: listening.url,
    apiKey: forCommands.secret,
    banner: [
      `Backend Generator ${VERSION}`,
      `  API      on   ${listening.url}  (reference at ${listening.url}/docs)`,
      `  Access   ${accessLine(api)}`,
      running.sandbox === null
        ? '  Worker   off  no jobs run here: WORKER_ROLES is deliver.'
        : `  Worker   on   ${worker.concurrency} ${worker.concurrency === 1 ? 'job' : 'jobs'} at once, sandbox: ${running.sandbox}`,
      running.chats.length === 0
        ? '  Notifier off  no notifications are sent. Set SLACK_BOT_TOKEN, DISCORD_BOT_TOKEN or WEBHOOK_SECRET.'
        : `  Notifier on   ${running.chats.join(', ')}`,
      ...bots.banner,
      `  Queue    on   ${backend.description}${requeued > 0 ? `, ${requeued} unfinished jobs requeued` : ''}`,
      worker.model === null
        ? '  OpenAI   off  the offline designer is used. Set OPENAI_API_KEY to use a model.'
        : `  OpenAI   on   ${running.model ?? worker.model.model}`,
      ...(running.modelNote === null ? [] : [`                ${running.modelNote}`]),
      '',
      'Try it:',
      `  curl -s ${listening.url}/generate-backend${api.keys.length === 0 ? '' : ' -H "authorization: Bearer $API_KEY"'} -H 'content-type: application/json' -d '{"prompt":"a todo app"}'`,
    ],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function accessLine({ keys, allowAnonymous }: ApiConfig): string {
  if (keys.length > 0) return `on   keys: ${[...new Set(keys.map(({ name }) => name))].join(', ')}`
  return allowAnonymous
    ? 'off  ALLOW_ANONYMOUS: anyone who can reach the API may use it.'
    : 'off  no keys, so only this machine is served. Create one: npm run keys -- create NAME'
}
