import type { Sleep } from './retry.ts'

const MINUTE_MS = 60_000

/** Lets through at most so many in any minute, in the order of asking. */
export type RateLimiter = {
  /** Resolves when it is this call's turn. Throws the signal's reason when it is told to stop before that. */
  enter(signal: AbortSignal): Promise<void>
}

/** `perMinute` null is without a limit. */
export function makeRateLimiter(deps: {
  readonly perMinute: number | null
  readonly pause: Sleep
  readonly now: () => number
}): RateLimiter {
  const { perMinute, pause, now } = deps
  /** When the last ones were let through, oldest first; at most `perMinute` of them. */
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
