import type { Sleep } from './retry.ts'

const MINUTE_MS = 60_000

/** Limits calls per minute, in FIFO order. */
export type RateLimiter = {
  /** Resolves when it is this call's turn. Throws the signal's reason when it aborts first. */
  enter(signal: AbortSignal): Promise<void>
}

/** `perMinute` null means no limit. */
export function makeRateLimiter(deps: {
  readonly perMinute: number | null
  readonly pause: Sleep
  readonly now: () => number
}): RateLimiter {
  const { perMinute, pause, now } = deps
  /** Timestamps of the last calls, oldest first; at most `perMinute`. */
  const entered: number[] = []
  let turn = Promise.resolve()

  async function wait(limit: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const oldest = entered.length < limit ? null : entered[0]!
    if (oldest !== null) {
      const waitMs = oldest + MINUTE_MS - now()
      if (waitMs > 0) await pause(waitMs, signal)
      entered.shift()
    }
    entered.push(now())
  }

  return {
    enter(signal) {
      if (perMinute === null) return Promise.resolve()
      const mine = turn.then(() => wait(perMinute, signal))
      turn = mine.catch(() => {})
      return mine
    },
  }
}
