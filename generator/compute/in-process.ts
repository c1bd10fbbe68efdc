import type { Compute, Tasks } from './compute.ts'

/**
 * Runs tasks in this very process, without a limit: for tests and commands that serve nobody else. The tasks are loaded by
 * the first one, since a worker has them in its pool alone.
 */
export function computeInProcess<All extends Tasks>(load: () => Promise<All>): Compute<All> {
  const run = async (name: string, input: unknown, signal: AbortSignal): Promise<unknown> => {
    signal.throwIfAborted()
    const task = (await load())[name] as (input: unknown) => unknown
    return task(input)
  }
  return run as Compute<All>
}
