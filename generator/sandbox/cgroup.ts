import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { access, constants, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ResourceGuard, MakeResourceGuard } from './resource-guard.ts'
import { processTree } from './process-tree.ts'

const PREFIX = 'backend-verify-'
/** bubblewrap's own two processes, plus headroom. */
const OWN_PROCESSES = 4
/** Half a second in total: reaping the last process takes a while on a busy machine. */
const REMOVE_TRIES = 54
const REMOVE_WAIT_MS = 10

/** A cgroup directory in which this worker may create groups. */
type Base = {
  readonly version: 1 | 2
  /** One for each controller in version 1, the same one in version 2. */
  readonly memory: string
  readonly pids: string
}

export type Cgroups = {
  /** One word for a log. */
  readonly description: 'cgroup v1' | 'cgroup v2'
  readonly guard: MakeResourceGuard
}

export type FindCgroupsInput = {
  readonly userId: number | undefined
  readonly processId: number
  /** The root of `/proc` and `/sys`; `/` except in tests. */
  readonly root?: string
}

/**
 * Finds by trial where the worker may create cgroups; null when it may not. Removes empty groups left by killed
 * workers.
 */
export async function findCgroups(input: FindCgroupsInput): Promise<Cgroups | null> {
  const base = await findBase(input).catch(() => null)
  if (base === null) return null
  await removeLeftGroups(base, join(input.root ?? '/', 'proc'))
  const name = () => `${PREFIX}${input.processId}-${randomBytes(6).toString('hex')}`
  try {
    await removeGroup(makeGroup(base, name(), { memoryBytes: 64_000_000, processes: 8 }))
  } catch {
    return null
  }
  return {
    description: `cgroup v${base.version}`,
    guard: ({ limits }) => guardWith(base, name(), limits),
  }
}

type GroupLimits = { readonly memoryBytes: number; readonly processes: number }
type Group = { readonly base: Base; readonly folders: readonly string[] }

function guardWith(base: Base, name: string, limits: GroupLimits): ResourceGuard {
  let group: Group | null = null
  return {
    async attach(pid) {
      group = makeGroup(base, name, limits)
      // The parent first: later children inherit the group, earlier ones are in the list.
      const moved = new Set<number>()
      for (let left = [pid]; left.length > 0; left = processTree(pid).filter((one) => !moved.has(one)))
        for (const one of left) {
          moved.add(one)
          for (const folder of group.folders) await moveInto(folder, one)
        }
    },
    isOverLimit: () => group !== null && killedFor(group) > 0,
    async release() {
      if (group) await removeGroup(group)
    },
  }
}

async function moveInto(folder: string, pid: number): Promise<void> {
  await writeFile(join(folder, 'cgroup.procs'), String(pid)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ESRCH') throw error // It ended before it could be moved.
  })
}

/** Synchronous: these are not disk files, and an event loop turn for each would take longer than all of them. */
function makeGroup(base: Base, name: string, limits: GroupLimits): Group {
  const folders = [...new Set([join(base.memory, name), join(base.pids, name)])]
  const group = { base, folders }
  try {
    for (const folder of folders) mkdirSync(folder)
    const [memory, pids] = [folders[0]!, folders.at(-1)!]
    const set = (folder: string, file: string, value: number) =>
      writeFileSync(join(folder, file), String(value))
    set(pids, 'pids.max', limits.processes + OWN_PROCESSES)
    if (base.version === 1) {
      set(memory, 'memory.limit_in_bytes', limits.memoryBytes)
      ignoring(() => set(memory, 'memory.memsw.limit_in_bytes', limits.memoryBytes)) // Only where swap is counted.
    } else {
      set(memory, 'memory.max', limits.memoryBytes)
      ignoring(() => set(memory, 'memory.swap.max', 0))
      set(memory, 'memory.oom.group', 1)
    }
    return group
  } catch (error) {
    void removeGroup(group)
    throw error
  }
}

function ignoring(action: () => void): void {
  try {
    action()
  } catch {
    // This machine has no such limit.
  }
}

/** How many processes the kernel has killed for the group's memory. */
function killedFor({ base, folders }: Group): number {
  const file = base.version === 1 ? 'memory.oom_control' : 'memory.events'
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(folders[0]!, file), 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** A group can be removed once its last process is reaped, shortly after it exits. */
async function removeGroup({ folders }: Group): Promise<void> {
  for (const folder of folders)
    for (let tries = 0; tries < REMOVE_TRIES && existsSync(folder); tries++) {
      const removed = await rmdir(folder).then(
        () => true,
        () => false,
      )
      if (removed) break
      await delay(Math.min(2 ** tries, REMOVE_WAIT_MS))
    }
}

async function removeLeftGroups(base: Base, proc: string): Promise<void> {
  for (const folder of new Set([base.memory, base.pids])) {
    const names = await readdir(folder).catch(() => [])
    for (const name of names) {
      const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
      // Refused by the kernel while a process is in it.
      if (owner !== undefined && !existsSync(join(proc, owner)))
        await rmdir(join(folder, name)).catch(() => {})
    }
  }
}

async function findBase({ userId, root = '/' }: FindCgroupsInput): Promise<Base | null> {
  const [own, mounts] = await Promise.all([
    readFile(join(root, 'proc/self/cgroup'), 'utf8'),
    readFile(join(root, 'proc/self/mountinfo'), 'utf8'),
  ])
  const memory = ownFolder(own, mounts, 'memory')
  const pids = ownFolder(own, mounts, 'pids')
  if (memory && pids) return { version: 1, memory: join(root, memory), pids: join(root, pids) }

  const unified = ownFolder(own, mounts, '')
  if (unified === null) return null
  const folder = baseOfVersion2(unified, mountOf(mounts, '')!.point, userId)
  if (folder === null) return null
  const base = join(root, folder)
  const controllers = await readFile(join(base, 'cgroup.controllers'), 'utf8')
  if (!['memory', 'pids'].every((name) => controllers.split(/\s+/).includes(name))) return null
  await access(join(base, 'cgroup.procs'), constants.W_OK)
  const control = join(base, 'cgroup.subtree_control')
  const enabled = (await readFile(control, 'utf8')).split(/\s+/)
  if (!['memory', 'pids'].every((name) => enabled.includes(name))) await writeFile(control, '+memory +pids')
  return { version: 2, memory: base, pids: base }
}

/**
 * In cgroup v2 a group with processes cannot have limited child groups, so runs are siblings of the worker's group. Root
 * could write to any group; it stays in its own delegated unit (`Delegate=yes`, `DelegateSubgroup=`).
 */
function baseOfVersion2(own: string, mountPoint: string, userId: number | undefined): string | null {
  if (own === mountPoint) return own
  const parent = dirname(own)
  return userId === 0 && !/\.(service|scope)$/.test(parent) ? null : parent
}

/** The folder of this process's group for a controller; `''` for the one hierarchy of version 2. */
function ownFolder(own: string, mounts: string, controller: string): string | null {
  const line = own.split('\n').find((text) => text.split(':')[1]?.split(',').includes(controller))
  const path = line?.split(':').slice(2).join(':')
  const mount = mountOf(mounts, controller)
  if (path === undefined || mount === null) return null
  const below = mount.root === '/' ? path : path.startsWith(mount.root) ? path.slice(mount.root.length) : null
  return below === null ? null : join(mount.point, below).replace(/\/$/, '')
}

function mountOf(mounts: string, controller: string): { root: string; point: string } | null {
  for (const line of mounts.split('\n')) {
    const [before, after] = line.split(' - ')
    const [type, , options] = after?.split(' ') ?? []
    const fits =
      controller === '' ? type === 'cgroup2' : type === 'cgroup' && options?.split(',').includes(controller)
    const [, , , root, point] = before!.split(' ')
    if (fits && root !== undefined && point !== undefined) return { root, point }
  }
  return null
}
