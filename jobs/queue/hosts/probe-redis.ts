import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { makeClient, type RedisTarget } from '../connect.ts'
import { QueueUnreachableError } from './errors.ts'
import { isNewEnough } from './redis-executable.ts'

/** Time limit for a Redis that is still starting. */
const CONNECT_TIMEOUT_MS = 4_000

/**
 * Verifies that a suitable Redis responds at `target`, and returns its version for the banner.
 *
 * @throws QueueUnreachableError within five seconds, with advice.
 */
export async function probeRedis(deps: {
  target: RedisTarget
  log: Logger
  signal?: AbortSignal | undefined
}): Promise<{ version: string }> {
  const { target, log, signal } = deps
  let lastError: Error | null = null
  const refused = Promise.withResolvers<never>()
  const client = makeClient(target, 'plain', {
    retryStrategy: () => 200,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: null,
  })
  client.on('error', (error: Error & { lastNodeError?: Error }) => {
    lastError = error.lastNodeError ?? error
    // A retry does not fix a wrong password.
    if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(lastError.message)) refused.reject(lastError)
  })
  const done = new AbortController()
  const overdue = sleep(CONNECT_TIMEOUT_MS, undefined, {
    signal: signal ? AbortSignal.any([done.signal, signal]) : done.signal,
  }).then(() => Promise.reject(lastError ?? new Error('no response')))
  try {
    const info = await Promise.race([client.info(), refused.promise, overdue])
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
    const version = field('valkey_version') ?? field('redis_version') ?? 'unknown'
    if (!isNewEnough(version)) throw new Error(`it is version ${version}, but 6.2 or newer is required`)
    const policy = field('maxmemory_policy')
    if (policy !== undefined && policy !== 'noeviction')
      log.warn(
        `${target.description} may evict queued jobs: set maxmemory-policy from ${policy} to noeviction`,
      )
    return { version }
  } catch (error) {
    signal?.throwIfAborted()
    throw new QueueUnreachableError(
      `REDIS_URL is set, but ${target.description} cannot be used: ${(error as Error).message.replace(/\.$/, '')}. ` +
        'Check that it runs and that host, port and password are right, or unset REDIS_URL to use a local queue.',
      { cause: error },
    )
  } finally {
    done.abort()
    client.disconnect()
    overdue.catch(() => {})
    refused.promise.catch(() => {})
  }
}
