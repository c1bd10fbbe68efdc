import { writeFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { processTree } from './process-tree.ts'

/**
 * The niceness of programs that verify a project, from 0 (default) to 19. Under contention they get a third of a CPU share
 * (weight 335 to 1024), otherwise all of it: a chat waits for milliseconds, a type-check for seconds.
 */
export const NICENESS = 5
/** For background programs of a job: a third of the share of its other programs. */
const BACKGROUND_NICENESS = NICENESS + 5

/**
 * Gives priority to everything else: the API, the bots and the worker's own thread. Call it right after the start: existing
 * children are found, later ones inherit. Does nothing where the system does not permit it.
 */
export function lowerPriority(pid: number, { isPatient = false } = {}): void {
  // A worker that runs at a lower priority itself is not overtaken by what it starts.
  const niceness = Math.max(getPriority(), isPatient ? BACKGROUND_NICENESS : NICENESS)
  // Parents first. A process that a child started before its turn is found by the next look.
  const lowered = new Set<number>()
  for (let found = [pid]; found.length > 0; found = processTree(pid).filter((one) => !lowered.has(one)))
    for (const one of found) {
      ignoring(() => setPriority(one, niceness))
      lowered.add(one)
    }
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
