import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, getuid, kill, ppid } from 'node:process'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RunLimits } from './ports.ts'
import { findCgroups } from './cgroup.ts'

const LIMITS: RunLimits = {
  wallMs: 5000,
  cpuSeconds: 5,
  memoryBytes: 200_000_000,
  processes: 30,
  fileBytes: 1_000_000,
  openFiles: 64,
  scratchBytes: 1_000_000,
  outputBytes: 1000,
  resultBytes: 1000,
}

// Of a process that lives, so that nobody takes these groups for left ones, and other than those of parallel tests.
const here = await findCgroups({ userId: getuid?.(), processId: ppid })

/** What `/proc` and `/sys` say on a machine, as files. */
function machine(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'cgroup-test-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const V2_MOUNT = '30 20 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n'
const UNIT = 'sys/fs/cgroup/system.slice/backend.service'

describe('finding a place for groups', () => {
  test('version 2: beside the own group of a delegated unit, after its controllers were turned on', async () => {
    const root = machine({
      'proc/self/cgroup': '0::/system.slice/backend.service/worker\n',
      'proc/self/mountinfo': V2_MOUNT,
      [`${UNIT}/cgroup.controllers`]: 'cpu memory pids\n',
      [`${UNIT}/cgroup.procs`]: '',
      [`${UNIT}/cgroup.subtree_control`]: '\n',
    })
    const found = await findCgroups({ userId: 1000, processId: 1, root })
    expect(readFileSync(join(root, UNIT, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +pids')
    expect(found?.description).toBe('cgroup v2')
  })

  test('version 2: root does not leave its own group for one that is not its own', async () => {
    const root = machine({
      'proc/self/cgroup': '0::/system.slice/sshd.service\n',
      'proc/self/mountinfo': V2_MOUNT,
      'sys/fs/cgroup/system.slice/cgroup.controllers': 'memory pids\n',
      'sys/fs/cgroup/system.slice/cgroup.procs': '',
      'sys/fs/cgroup/system.slice/cgroup.subtree_control': 'memory pids\n',
    })
    expect(await findCgroups({ userId: 0, processId: 1, root })).toBeNull()
  })

  test('none without the controllers, without cgroups, and off Linux', async () => {
    const poor = machine({
      'proc/self/cgroup': '0::/a/b\n',
      'proc/self/mountinfo': V2_MOUNT,
      'sys/fs/cgroup/a/cgroup.controllers': 'hugetlb\n',
    })
    expect(await findCgroups({ userId: 1000, processId: 1, root: poor })).toBeNull()
    expect(await findCgroups({ userId: 1000, processId: 1, root: machine({}) })).toBeNull()
  })

  test('version 1 in a container: paths are read from where the hierarchy is mounted', async () => {
    const root = machine({
      'proc/self/cgroup': '4:memory:/docker/abc/worker\n8:pids:/docker/abc/worker\n',
      'proc/self/mountinfo':
        '31 20 0:26 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n' +
        '32 20 0:27 /docker/abc /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n',
      'sys/fs/cgroup/memory/worker/tasks': '',
      'sys/fs/cgroup/pids/worker/tasks': '',
    })
    expect((await findCgroups({ userId: 1000, processId: 1, root }))?.description).toBe('cgroup v1')
  })
})

// A machine need not have them: the bound is watched there, which the attacks prove.
if (here)
  describe(`a group of this machine (${here.description})`, () => {
    const ownGroups = () =>
      ['memory', 'pids', '.'].flatMap((name) => groupsBelow(join('/sys/fs/cgroup', name)))

    test('holds a process and its children to their memory, says so, and is gone afterwards', async () => {
      const guard = here.guard({ limits: LIMITS, disks: [] })
      const take = `process.stdin.once('data', () => {
        require('node:child_process').spawn(process.execPath, ['-e', 'kept = Buffer.alloc(150e6, 1); setTimeout(() => {}, 90_000)'])
        kept = Buffer.alloc(150e6, 1); setTimeout(() => {}, 90_000) })`
      const child = spawn(execPath, ['-e', take], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
      await guard.attach(child.pid!)
      expect(ownGroups().length).toBeGreaterThan(0)
      expect(guard.isOverLimit()).toBe(false)
      child.stdin!.write('go')
      await expect.poll(() => guard.isOverLimit(), { timeout: 90_000 }).toBe(true)
      kill(-child.pid!, 'SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await guard.release()
      expect(ownGroups()).toEqual([])
    })

    test('is made for a process that has ended already, and removed', async () => {
      const child = spawn(execPath, ['-e', '0'], { stdio: 'ignore' })
      await once(child, 'exit')
      const guard = here.guard({ limits: LIMITS, disks: [] })
      await guard.attach(child.pid!)
      await guard.release()
      expect(ownGroups()).toEqual([])
    })
  })

/** Names of our groups anywhere in the first levels of a hierarchy. */
function groupsBelow(folder: string, depth = 3): string[] {
  if (depth === 0 || !existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      name.startsWith(`backend-verify-${ppid}-`) ? [name] : groupsBelow(join(folder, name), depth - 1),
    )
}
