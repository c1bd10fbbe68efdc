import type { Compute } from './compute.ts'
import { TASKS } from './tasks.ts'

/** Runs tasks in this very process, without a limit: for tests and commands that serve nobody else. */
export const computeHere: Compute = async (name, input, signal) => {
  signal.throwIfAborted()
  const task = TASKS[name] as (input: unknown) => never
  return task(input)
}
