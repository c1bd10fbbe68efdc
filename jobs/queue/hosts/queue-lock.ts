import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { kill, pid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder } from '#lib/make-folder'
import { z } from 'zod'
import { QueueInUseError } from './errors.ts'

/** `birth` tells a process from an earlier one with the same pid; null where the platform does not say. */
const Owner = z.object({ pid: z.int(), birth: z.string().nullable(), host: z.string() })
type Owner = z.infer<typeof Owner>
type Held = { readonly text: string; readonly owner: Owner | null; readonly touchedAt: number }

/** How often an owner touches its lock, in milliseconds. */
const TOUCH_MS = 1_000
/** How long an untouched lock of another host (another container, whose pids say nothing here) is waited for. */
const SILENT_MS = 5_000

/**
 * Takes the queue's folder for this process, until disposed. The lock of a dead process is taken over at once;
 * one that another host left is watched for five seconds, and taken over if nobody touches it.
 *
 * @throws QueueInUseError when a living process holds it.
 */
export async function takeQueueLock(folder: string, signal?: AbortSignal): Promise<AsyncDisposable> {
  await makeFolder(folder)
  const file = join(folder, 'lock')
  const mine: Owner = { pid, birth: await birthOf(pid), host: hostname() }
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

/** Creates the lock in one step, complete with its content; false when there is one already. */
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
    // EPERM: it lives, under another user.
    if (!hasCode(error, 'EPERM')) return false
  }
  const birth = await birthOf(owner.pid)
  return owner.birth === null || birth === null || owner.birth === birth
}

/**
 * Removes a lock that was judged stale, unless it has changed since. One at a time: between the look and the removal
 * nobody else may take the lock over, or two would hold it.
 */
async function removeStale(file: string, text: string): Promise<void> {
  const takeover = `${file}.takeover`
  try {
    await mkdir(takeover)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    // Takes milliseconds; one that is older was left by a crash.
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

/** The time that a process started, in the kernel's ticks since boot: pids come again, in containers at once. */
async function birthOf(of: number): Promise<string | null> {
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
