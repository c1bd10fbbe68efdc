import { setTimeout as sleep } from 'node:timers/promises'
import type { JobView } from '#contract'

export type Watch = {
  /** The newest view; waits for the first one. */
  view(): Promise<JobView>
  /** Resolves when there is a newer view than the one that was taken last, or after `ms`. */
  changed(ms?: number): Promise<void>
} & AsyncDisposable

/**
 * Keeps the newest view of a job at hand: whoever is slow skips what lies between. Both calls throw what broke the
 * stream, or the signal's reason.
 */
export function watchJob(
  follow: (signal: AbortSignal) => AsyncIterable<{ view: JobView }>,
  signal: AbortSignal,
): Watch {
  const ending = new AbortController()
  let latest: JobView | null = null
  let news = false
  let failure: unknown = null
  let wake = () => {}

  async function run(): Promise<void> {
    try {
      for await (const { view } of follow(ending.signal)) {
        latest = view
        news = true
        wake()
      }
      if (latest === null) failure = new Error('The job cannot be followed: nothing is known of it.')
    } catch (error) {
      failure = error
    }
    wake()
  }
  const running = run()

  async function changed(ms?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    if (!news && failure === null && !signal.aborted) {
      const enough = new AbortController()
      const onAbort = () => resolve()
      signal.addEventListener('abort', onAbort)
      const late = ms === undefined ? [] : [sleep(ms, undefined, { signal: enough.signal }).catch(() => {})]
      await Promise.race([promise, ...late])
      signal.removeEventListener('abort', onAbort)
      enough.abort()
    }
    signal.throwIfAborted()
    if (failure !== null) throw failure
  }

  return {
    changed,
    async view() {
      for (;;) {
        if (latest !== null) {
          news = false
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
