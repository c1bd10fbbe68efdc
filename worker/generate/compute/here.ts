import type { Compute } from './compute.ts'

/**
 * Runs tasks in this very process, without a limit: for tests and commands that serve nobody else. The tasks are loaded by
 * the first one, since a worker has them in its pool alone.
 */
export const computeHere: Compute = async (name, input, signal) => {
  signal.throwIfAborted()
  const { TASKS } = await import('./tasks.ts')
  const task = TASKS[name] as (input: unknown) => never
  return task(input)
}
