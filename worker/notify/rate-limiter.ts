/** Burst size of the token bucket. */
const BURST = 10

export type RateLimiter = {
  /** Milliseconds until the next edit is allowed. */
  waitMs(): number
  /** Consumes a token. The final edit of a conversation may do so without waiting; later edits then wait longer. */
  acquire(): void
  /** Stops all edits for this many milliseconds, as the platform requested. */
  pause(ms: number): void
  /** Milliseconds until the pause ends. */
  pausedMs(): number
}

/** Token bucket that keeps all edits of a process within a workspace's rate limit. */
export function makeRateLimiter(options: { editsPerMinute: number; now?: () => number }): RateLimiter {
  const { now = () => performance.now() } = options
  const interval = 60_000 / options.editsPerMinute
  /** When the bucket would be full again without further edits. */
  let fullAt = 0
  let pausedUntil = 0
  const pausedMs = () => Math.max(0, pausedUntil - now())
  return {
    waitMs: () => Math.max(pausedMs(), fullAt - (BURST - 1) * interval - now(), 0),
    acquire() {
      fullAt = Math.max(fullAt, now()) + interval
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms)
    },
    pausedMs,
  }
}
