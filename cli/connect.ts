import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeLog } from '#lib/log'
import type { Machine } from '#lib/machine'
import { z } from 'zod'
import { makeApiClient, type ApiClient } from '../bots/api-client.ts'
import { readApiConfig } from '../api/config.ts'
import { serviceFile, startService } from '../service.ts'

/** Nobody answers at the address that was asked for. */
class NoApiError extends Error {
  readonly code = 'api_unreachable'
  override readonly name = 'NoApiError'
}

/** How long to wait for a service that is just starting, or just stopping, in another process. */
const WAIT_FOR_OTHER_MS = 10_000

/**
 * Finds an API that answers: the one that was named, the one that runs on this machine, or one started here for
 * as long as `stack` lives. Calling it again after a loss looks again, in the same order.
 */
export function makeConnect(options: {
  readonly machine: Machine
  readonly named: string | null
  readonly stack: AsyncDisposableStack
  readonly onStatus: (text: string) => void
}): () => Promise<ApiClient> {
  const { machine, named, stack, onStatus } = options
  const { env } = machine
  const { dataDir, port } = readApiConfig(env)

  return async function connect() {
    if (named !== null) {
      if (await answers(named)) return makeApiClient({ baseUrl: named })
      throw new NoApiError(`No API answers at ${named}. Start one with npm start, or leave --api out.`)
    }
    const deadline = Date.now() + WAIT_FOR_OTHER_MS
    for (;;) {
      for (const url of [`http://127.0.0.1:${port}`, await urlOfOther(dataDir)]) {
        if (url !== null && (await answers(url))) return makeApiClient({ baseUrl: url })
      }
      try {
        const service = stack.use(
          await startService({
            machine: { ...machine, env: { ...env, PORT: '0', HOST: '127.0.0.1' } },
            log: makeLog({ level: env['LOG_LEVEL'] ? readApiConfig(env).logLevel : 'silent' }),
            onStatus,
          }),
        )
        return makeApiClient({ baseUrl: service.url })
      } catch (error) {
        const inUse = error instanceof Error && 'code' in error && error.code === 'queue_in_use'
        if (!inUse || Date.now() > deadline) throw error
        await sleep(200)
      }
    }
  }
}

/** Another process on the same data folder says here where its API is. */
async function urlOfOther(dataDir: string): Promise<string | null> {
  const text = await readFile(serviceFile(dataDir), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return z.object({ url: z.url() }).parse(JSON.parse(text)).url
  } catch {
    return null
  }
}

/** Whether it is our API that answers there, and it has a worker. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(2000) })
    const body = z.object({ service: z.literal('backend-generator') }).safeParse(await response.json())
    return response.ok && body.success
  } catch {
    return false
  }
}
