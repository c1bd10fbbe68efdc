import { readFileSync, statfsSync } from 'node:fs'
import type { MakeResourceGuard } from './resource-guard.ts'
import { processTree } from './process-tree.ts'

const TMPFS = 0x01021994
/** Kernel memory per file, even if empty. */
const INODE_BYTES = 1000

/**
 * The fallback without cgroups: adds up process memory and tmpfs usage of the run. It samples, so a run may exceed the
 * limit by what it allocates between two polls.
 */
export const watchMemory: MakeResourceGuard = ({ limits, disks }) => {
  let root: number | null = null
  return {
    attach: async (pid) => {
      root = pid
    },
    isOverLimit: () => {
      if (root === null) return false
      const tree = processTree(root)
      const held = tree.reduce((sum, pid) => sum + memoryOf(pid), 0)
      // The last process is the deepest: its root is the sandbox's, where the disks are.
      const disk = disks.reduce(
        (sum, { path, bytes }) => sum + diskUsage(`/proc/${tree.at(-1)}/root${path}`, bytes),
        0,
      )
      return held + disk > limits.memoryBytes
    },
    release: async () => {},
  }
}

/** Anonymous and shared memory of a process, in bytes. */
function memoryOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)].reduce(
      (sum, match) => sum + Number(match[1]) * 1024,
      0,
    )
  } catch {
    return 0
  }
}

function diskUsage(path: string, size: number): number {
  try {
    const disk = statfsSync(path)
    // Until the sandbox is set up this is a host disk of another size.
    const isOurs = disk.type === TMPFS && Math.abs(disk.blocks * disk.bsize - size) <= disk.bsize
    if (!isOurs) return 0
    return (disk.blocks - disk.bfree) * disk.bsize + (disk.files - disk.ffree) * INODE_BYTES
  } catch {
    return 0
  }
}
