import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { kill, pid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder } from '#lib/make-folder'
import { z } from 'zod'
import { QueueInUseError } from './errors.ts'

/** `birth` distinguishes a process from an earlier one with the same pid; null when the platform does not provide it. */
const Owner = z.object({ pid: z.int(), birth: z.string().nullable(), host: z.string() })
type Owner = z.infer<typeof Owner>
type Held = { readonly text: string; readonly owner: Owner | null; readonly touchedAt: number }

/** Interval for touching the lock, in milliseconds. */
const TOUCH_MS = 1_000
/** How long to watch a lock of another host or container, whose pids cannot be checked here, in milliseconds. */
const SILENT_MS = 5_000

/**
 * Locks the queue's folder for this process until disposed. The lock of a dead process is taken over at once; a lock of
 * another host is watched for five seconds, and taken over if it is not touched.
 *
 * @throws QueueInUseError when a running process holds it.
 */
export async function acquireQueueLock(folder: string, signal?: AbortSignal): Promise<AsyncDisposable> {
  await makeFolder(folder)
  const file = join(folder, 'lock')
  const mine: Owner = { pid, birth: await processStartOf(pid), host: hostname() }
  const own = `${file}.${randomUUID()}`
  await writeFile(own, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
  try {
    await acquire(folder, file, own, signal)
  } finally {
    await unlink(own)
  }

  const touch = setInterval(() => {
    const now = new Date()
    utimes(file, now, now).catch(() => {})
  }, TOUCH_MS)
  touch.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(touch)
      await unlink(file).catch(() => {})
    },
  }
}

async function acquire(folder: string, file: string, own: string, signal?: AbortSignal): Promise<void> {
  let watched: { text: string; touchedAt: number; since: number } | null = null
  while (!(await linked(own, file))) {
    signal?.throwIfAborted()
    const held = await readLock(file)
    if (held === null) continue
    const foreign = held.owner === null || held.owner.host !== hostname()
    const refuse = () =>
      new QueueInUseError(folder, held.owner?.pid ?? 0, foreign ? (held.owner?.host ?? 'unknown') : null)

    if (!foreign) {
      if (await isAlive(held.owner)) throw refuse()
    } else if (watched?.text !== held.text) {
      watched = { ...held, since: performance.now() }
    } else if (watched.touchedAt !== held.touchedAt) {
      throw refuse()
    }
    if (foreign && performance.now() - (watched?.since ?? -Infinity) < SILENT_MS)
      await sleep(200, undefined, { signal })
    else await removeStale(file, held.text)
  }
}

/** Creates the lock atomically with its content; false when it exists. */
async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

async function readLock(file: string): Promise<Held | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    const owner = Owner.safeParse(parseJson(text))
    return { text, owner: owner.success ? owner.data : null, touchedAt: mtimeMs }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

async function isAlive(owner: Owner | null): Promise<boolean> {
  if (owner === null) return false
  try {
    kill(owner.pid, 0)
  } catch (error) {
    // EPERM: it runs as another user.
    if (!hasCode(error, 'EPERM')) return false
  }
  const birth = await processStartOf(owner.pid)
  return owner.birth === null || birth === null || owner.birth === birth
}

/**
 * Removes a stale lock unless it has changed. Serialized, because two processes must not take over the same lock.
 */
async function removeStale(file: string, text: string): Promise<void> {
  const takeover = `${file}.takeover`
  try {
    await mkdir(takeover)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    // A takeover lasts milliseconds; an older one was left by a crash.
    const since = await stat(takeover).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - since > SILENT_MS) await rmdir(takeover).catch(() => {})
    await sleep(10)
    return
  }
  try {
    if ((await readLock(file))?.text === text) await unlink(file)
  } finally {
    await rmdir(takeover)
  }
}

/** Process start time in kernel ticks since boot: pids are reused, in containers immediately. */
async function processStartOf(of: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${of}/stat`, 'utf8')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    // The command in parentheses may hold spaces; the start is the 20th field after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks === undefined ? null : `${boot.trim()}:${ticks}`
  } catch {
    return null
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const hasCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code
