import type { QueueBackend } from '#queue/backend'
import type { Jobs } from '#queue/producer/jobs'
import { openDashboardQueues } from '#queue/producer/dashboard-queues'
import type { JobStore } from '#store/job-store'
import type { Logger } from '#lib/log'
import { openLinks } from '#lib/link-secret'
import { buildApp } from './app.ts'
import type { ApiConfig } from './config.ts'

/** The API cannot listen on the configured address. */
class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: string
  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}

export type RunningApi = AsyncDisposable & { readonly url: string }

/** Starts listening, with clear errors. `port` 0 picks a free port. */
export async function startApi(deps: {
  readonly backend: Pick<QueueBackend, 'connect'>
  readonly jobs: Jobs
  readonly store: JobStore
  readonly config: ApiConfig
  readonly log: Logger
  readonly version: string
  readonly recoveryFault?: () => string | null
}): Promise<RunningApi> {
  const { host, port, linkSecrets: secrets, dataDir } = deps.config
  // Closed together with the queue.
  const redis = deps.backend.connect('producer')
  const dashboard = openDashboardQueues(deps)
  const app = buildApp({
    ...deps,
    redis,
    queues: dashboard.queues,
    links: await openLinks({ secrets, dataDir }),
  })
  app.addHook('onClose', () => dashboard[Symbol.asyncDispose]())
  try {
    const address = await app.listen({ host, port })
    return {
      url: address.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]'),
      [Symbol.asyncDispose]: () => app.close(),
    }
  } catch (error) {
    await app.close()
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EADDRINUSE') {
      throw new ListenError(
        'port_in_use',
        `Port ${port} on ${host} is in use by another program. Stop it, or choose another port: PORT=${port + 1} npm start`,
        error,
      )
    }
    if (code === 'EACCES') {
      throw new ListenError(
        'port_forbidden',
        `Port ${port} requires elevated privileges. Set PORT to a value above 1023.`,
        error,
      )
    }
    if (code === 'EADDRNOTAVAIL') {
      throw new ListenError(
        'host_unknown',
        `HOST is "${host}", which is not an address of this machine.`,
        error,
      )
    }
    throw error
  }
}
