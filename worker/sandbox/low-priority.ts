import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { processTree } from './process-tree.ts'

/**
 * The niceness of the programs that verify a project, from 0 (everybody's) to 19. A third of a share of the processor (335 to
 * 1024, by the kernel's table of weights) where somebody else wants it, all of it where nobody does: a chat waits for milliseconds, a type-check for seconds.
 */
export const NICENESS = 5
/** Of those that the others of the same job go before: a third of their share. */
const BACKGROUND_NICENESS = NICENESS + 5

/**
 * Lets everything else go first: the API, the bots and the worker's own thread. To be called right after the start. A child
 * that it has by then is found, one that it gets later inherits. Does nothing where the system does not permit it.
 */
export function lowerPriority(pid: number, { isPatient = false } = {}): void {
  const niceness = isPatient ? BACKGROUND_NICENESS : NICENESS
  // First its own, so that there is no moment in which a child is neither found nor inherits.
  ignoring(() => setPriority(pid, niceness))
  for (const descendant of processTree(pid).slice(1)) ignoring(() => setPriority(descendant, niceness))
  // Linux shares by session first where sessions have no control group of their own, and niceness counts only within one.
  ignoring(() => writeFileSync(`/proc/${pid}/autogroup`, String(niceness), { flag: 'r+' }))
}

/** It may have ended already, and not every kernel has autogroups. */
function ignoring(action: () => void): void {
  try {
    action()
  } catch {
    // It runs with the priority that it has.
  }
}
