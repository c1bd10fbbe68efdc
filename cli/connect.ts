import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLog } from '#lib/log'
import type { Machine } from '#lib/machine'
import { z } from 'zod'
import { makeApiClient, type ApiClient } from '../bots/api-client.ts'
import { readApiConfig } from '../api/config.ts'
import { serviceFile, startService } from '../service.ts'

/** No API responds at the given URL. */
class NoApiError extends Error {
  readonly code = 'api_unreachable'
  override readonly name = 'NoApiError'
}

/** How long to wait for a service in another process that is starting or stopping, in milliseconds. */
const WAIT_FOR_OTHER_MS = 10_000

/**
 * Finds a running API: the named one, the local one, or one started here and owned by `stack`. Call it again after a lost
 * connection to search again.
 */
export function makeConnect(options: {
  readonly machine: Machine
  readonly named: string | null
  readonly stack: AsyncDisposableStack
  readonly onStatus: (text: string) => void
}): () => Promise<ApiClient> {
  const { machine, named, stack, onStatus } = options
  const { env } = machine
  // If a service is started here, it listens on loopback.
  const { dataDir, port } = readApiConfig({ ...env, HOST: '127.0.0.1' })
  const client = (baseUrl: string, apiKey = env['API_KEY']?.trim()) => makeApiClient({ baseUrl, apiKey })

  return async function connect() {
    if (named !== null) {
      if (await answers(named)) return client(named)
      throw new NoApiError(`No API responds at ${named}. Start one with npm start, or omit --api.`)
    }
    const deadline = performance.now() + WAIT_FOR_OTHER_MS
    for (;;) {
      const other = await otherService(dataDir)
      if (other !== null && (await answers(other.url))) return client(other.url, other.apiKey)
      const usual = `http://127.0.0.1:${port}`
      if (await answers(usual)) return client(usual)
      try {
        const service = stack.use(
          await startService({
            machine: { ...machine, env: { ...env, PORT: '0', HOST: '127.0.0.1' } },
            log: openLog(
              { ...readApiConfig(env).log, ...(env['LOG_LEVEL'] === undefined && { level: 'silent' }) },
              env,
            ),
            onStatus,
          }),
        )
        return client(service.url, service.apiKey)
      } catch (error) {
        const inUse = error instanceof Error && 'code' in error && error.code === 'queue_in_use'
        if (!inUse || performance.now() > deadline) throw error
        await sleep(200)
      }
    }
  }
}

/** A process that uses the same data folder publishes its API's URL and a key here, readable by this user. */
async function otherService(dataDir: string): Promise<z.infer<typeof OtherService> | null> {
  const text = await readFile(serviceFile(dataDir), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return OtherService.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const OtherService = z.object({ url: z.url(), apiKey: z.string().optional() })

/** Whether our API responds at this URL. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(2000) })
    const body = z.object({ service: z.literal('backend-generator') }).safeParse(await response.json())
    return response.ok && body.success
  } catch {
    return false
  }
}
