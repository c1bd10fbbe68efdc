import type { Compute, Tasks } from './compute.ts'

/**
 * Runs tasks in this process, without limits: for tests and commands that serve no other requests. Tasks are loaded on
 * first use, since a worker loads them only in its pool.
 */
export function computeInProcess<All extends Tasks>(load: () => Promise<All>): Compute<All> {
  const run = async (name: string, input: unknown, signal: AbortSignal): Promise<unknown> => {
    signal.throwIfAborted()
    const task = (await load())[name] as (input: unknown) => unknown
    return task(input)
  }
  return run as Compute<All>
}
