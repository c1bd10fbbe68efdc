import { readdirSync, readFileSync } from 'node:fs'

/**
 * A process and all its descendants, parents first, as reported by the Linux kernel, without processes that have exited.
 * Inside a PID namespace orphans are reparented to its first process, so none can leave this tree.
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
