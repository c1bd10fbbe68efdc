import { readdirSync, readFileSync } from 'node:fs'

/**
 * A process and everything that descends from it, parents first, as the kernel of Linux tells it. Processes that ended
 * meanwhile are left out. Inside a process namespace orphans go to its first process, so nothing leaves this tree.
 */
export function processTree(root: number): number[] {
  const tree = [root]
  for (const pid of tree) tree.push(...childrenOf(pid))
  return tree
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim()
      return text === '' ? [] : text.split(' ').map(Number)
    })
  } catch {
    return []
  }
}
