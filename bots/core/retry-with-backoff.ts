import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'

const INITIAL_DELAY_MS = 1_000
const MAX_DELAY_MS = 60_000

/** Retries with exponential backoff until it succeeds or `signal` aborts. Logs each failure. */
export async function retryWithBackoff<T>(
  deps: {
    readonly log: Logger
    readonly signal: AbortSignal
    /** "Slack: signing in". */
    readonly what: string
    /** The error in short, without secrets. */
    readonly errorSummary: (error: unknown) => string
    /** In milliseconds; 1,000 by default. */
    readonly initialDelayMs?: number
  },
  attempt: () => Promise<T>,
): Promise<T> {
  const { log, signal, what, errorSummary } = deps
  let delay = deps.initialDelayMs ?? INITIAL_DELAY_MS
  for (;;) {
    signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      const reason = errorSummary(error)
      log.warn(
        { reason, retryInMs: delay },
        `${what} failed (${reason}). Retrying; the API and the worker keep running.`,
      )
      await sleep(delay, undefined, { signal })
      delay = Math.min(2 * delay, MAX_DELAY_MS)
    }
  }
}
