import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'

const INITIAL_DELAY_MS = 1_000
const MAX_DELAY_MS = 60_000

/** Tries until it succeeds or `signal` ends it, with growing pauses; each failure is one line in the log. */
export async function retryWithBackoff<T>(
  deps: {
    readonly log: Logger
    readonly signal: AbortSignal
    /** "Slack: signing in". */
    readonly what: string
    /** The platform's word for what went wrong, without secrets. */
    readonly errorSummary: (error: unknown) => string
    /** In milliseconds; 1,000 by default. */
    readonly initialDelayMs?: number
  },
  attempt: () => Promise<T>,
): Promise<T> {
  const { log, signal, what, errorSummary } = deps
  let pause = deps.initialDelayMs ?? INITIAL_DELAY_MS
  for (;;) {
    signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      const reason = errorSummary(error)
      log.warn(
        { reason, retryInMs: pause },
        `${what} failed (${reason}). The API and the worker go on; trying again.`,
      )
      await sleep(pause, undefined, { signal })
      pause = Math.min(2 * pause, MAX_DELAY_MS)
    }
  }
}
