import { setTimeout as sleep } from 'node:timers/promises'
import type { JobView } from '#contract'

export type JobWatch = {
  /** The latest view; waits for the first one. */
  view(): Promise<JobView>
  /** Resolves when there is a view newer than the last one returned, or after `ms`. */
  changed(ms?: number): Promise<void>
} & AsyncDisposable

/**
 * Keeps the latest view of a job; a slow reader skips intermediate views. Both calls throw the error that ended the
 * stream, or the signal's reason.
 */
export function watchJob(
  follow: (signal: AbortSignal) => AsyncIterable<{ view: JobView }>,
  signal: AbortSignal,
): JobWatch {
  const ending = new AbortController()
  let latest: JobView | null = null
  let hasUpdate = false
  let failure: unknown = null
  let wake = () => {}

  async function run(): Promise<void> {
    try {
      for await (const { view } of follow(ending.signal)) {
        latest = view
        hasUpdate = true
        wake()
      }
      if (latest === null) failure = new Error('Job not found: there are no events to follow.')
    } catch (error) {
      failure = error
    }
    wake()
  }
  const running = run()

  async function changed(ms?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    if (!hasUpdate && failure === null && !signal.aborted) {
      const timeout = new AbortController()
      const onAbort = () => resolve()
      signal.addEventListener('abort', onAbort)
      const late = ms === undefined ? [] : [sleep(ms, undefined, { signal: timeout.signal }).catch(() => {})]
      await Promise.race([promise, ...late])
      signal.removeEventListener('abort', onAbort)
      timeout.abort()
    }
    signal.throwIfAborted()
    if (failure !== null) throw failure
  }

  return {
    changed,
    async view() {
      for (;;) {
        if (latest !== null) {
          hasUpdate = false
          return latest
        }
        await changed()
      }
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
      await running
    },
  }
}
