import { getPriority, setPriority } from 'node:os'

/** The lowest priority that a system knows. */
const LOWEST = 19

/**
 * Raises the niceness of this process by `by`. A worker may run at the lowest priority itself, and a system may permit no
 * change: neither ends the run.
 */
export function lowerOwnPriority(
  by: number,
  system: { getPriority(): number; setPriority(priority: number): void } = { getPriority, setPriority },
): void {
  try {
    system.setPriority(Math.min(LOWEST, system.getPriority() + by))
  } catch {
    // It runs with the priority that it has.
  }
}
