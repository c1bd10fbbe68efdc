import { makeClient, whenReady } from '#queue/connect'
import { parseRedisUrl } from '#queue/hosts/redis-url'
import { compareStore } from '#queue/store-claim'
import { describeStore } from '#store/config'
import { makeFileStore } from '#store/file-store'
import type { JobStore } from '#store/job-store'
import { openStore } from '#store/open-store'
import type { ApiConfig } from '../../api/config.ts'
import type { Finding } from './findings.ts'
import { checkDisk } from './checks.ts'
import { probeDisk } from './probes.ts'

const name = 'Store'

/**
 * Checks the store: a writable folder with free space, or a bucket with conditional writes (a test object is written and
 * deleted); and that the queue belongs to the same store.
 */
export async function checkStore(
  { store: target, redisUrl }: Pick<ApiConfig, 'store' | 'redisUrl'>,
  signal: AbortSignal,
): Promise<Finding> {
  if (target.kind === 'file') {
    const finding = checkDisk(name, await probeDisk(target.dir))
    if (finding.state === 'broken') return finding
    return (await compared(redisUrl, makeFileStore({ dir: target.dir }), signal)) ?? finding
  }
  // Its errors explain what to do.
  const store = await openStore(target, { signal, startupTimeoutMs: 0 })
  const finding: Finding = {
    name,
    state: 'ok',
    detail: `${describeStore(target)} is writable and supports conditional writes`,
  }
  return (await compared(redisUrl, store, signal)) ?? finding
}

/** A finding only when the queue belongs to another store; other queue problems are reported by its own check. */
async function compared(
  redisUrl: string | undefined,
  store: JobStore,
  signal: AbortSignal,
): Promise<Finding | null> {
  if (redisUrl === undefined) return null
  const target = parseRedisUrl(redisUrl)
  const client = makeClient(target, 'plain')
  client.on('error', () => {})
  try {
    const ready = await whenReady(client, AbortSignal.any([signal, AbortSignal.timeout(4_000)])).then(
      () => true,
      () => false,
    )
    if (ready)
      await compareStore({ backend: { kind: 'redis', description: target.description }, client, store })
    return null
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'store_mismatch') throw error
    return { name, state: 'broken', detail: (error as Error).message }
  } finally {
    client.disconnect()
  }
}
