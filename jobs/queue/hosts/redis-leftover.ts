import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeClient, type RedisTarget } from '../connect.ts'

const PATIENCE_MS = 5_000

/**
 * Two servers must never write one append-only file. A server of a process that was killed a moment ago is on its
 * way out; one whose guard was killed too is asked to go. Rejects when it is still there after five seconds.
 */
export async function outwaitLeftover(
  folder: string,
  target: RedisTarget,
  signal?: AbortSignal,
): Promise<void> {
  const pidfile = join(folder, 'redis.pid')
  const since = performance.now()
  let asked = false
  for (;;) {
    const pid = Number(await readFile(pidfile, 'utf8').catch(() => '0'))
    if (pid <= 0 || !(await isServer(pid))) break
    const waited = performance.now() - since
    if (waited > PATIENCE_MS)
      throw new Error(`another redis-server (process ${pid}) works on ${folder} and does not leave; stop it`)
    if (waited > 500 && !asked) {
      asked = true
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
  // Where the platform tells names, a pid that now belongs to something else is no server.
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'redis-server')
  return /redis|valkey/.test(name)
}

async function shutdown(target: RedisTarget): Promise<void> {
  const client = makeClient(target, 'plain', { retryStrategy: () => null, connectTimeout: 1_000 })
  client.on('error', () => {})
  await client.call('SHUTDOWN').catch(() => {})
  client.disconnect()
}
