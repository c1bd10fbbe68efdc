import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeClient, type RedisTarget } from '../connect.ts'

const EXIT_TIMEOUT_MS = 5_000

/**
 * Two servers must never write the same append-only file. The server of a killed process usually exits by itself; one
 * whose guard was killed too gets a SHUTDOWN. Rejects when it still runs after five seconds.
 */
export async function stopOrphanedRedis(
  folder: string,
  target: RedisTarget,
  signal?: AbortSignal,
): Promise<void> {
  const pidfile = join(folder, 'redis.pid')
  const since = performance.now()
  let isShuttingDown = false
  for (;;) {
    const pid = Number(await readFile(pidfile, 'utf8').catch(() => '0'))
    if (pid <= 0 || !(await isServer(pid))) break
    const waited = performance.now() - since
    if (waited > EXIT_TIMEOUT_MS)
      throw new Error(`another redis-server (process ${pid}) uses ${folder} and does not exit; stop it`)
    if (waited > 500 && !isShuttingDown) {
      isShuttingDown = true
      await shutdown(target)
    }
    await sleep(20, undefined, { signal })
  }
  await rm(pidfile, { force: true })
}

async function isServer(pid: number): Promise<boolean> {
  try {
    kill(pid, 0)
  } catch {
    return false
  }
  // On Linux, detect a pid that now belongs to another program.
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'redis-server')
  return /redis|valkey/.test(name)
}

async function shutdown(target: RedisTarget): Promise<void> {
  const client = makeClient(target, 'plain', { retryStrategy: () => null, connectTimeout: 1_000 })
  client.on('error', () => {})
  await client.call('SHUTDOWN').catch(() => {})
  client.disconnect()
}
