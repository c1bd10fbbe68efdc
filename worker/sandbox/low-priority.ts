import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/**
 * The niceness of the programs that verify a project, from 0 (everybody's) to 19. A third of a share of the processor where
 * somebody else wants it, all of it where nobody does: a chat waits for milliseconds, a type-check for seconds.
 */
export const NICENESS = 5

/**
 * Lets everything else go first: the API, the bots and the worker's own thread. To be called right after the start, before
 * the program has threads or children, which inherit it. Does nothing where the system does not permit it.
 */
export function lowerPriority(pid: number): void {
  ignoring(() => setPriority(pid, NICENESS))
  // Linux shares by session first where sessions have no control group of their own, and niceness counts only within one.
  ignoring(() => writeFileSync(`/proc/${pid}/autogroup`, String(NICENESS), { flag: 'r+' }))
}

/** It may have ended already, and not every kernel has autogroups. */
function ignoring(action: () => void): void {
  try {
    action()
  } catch {
    // It runs with the priority that it has.
  }
}
