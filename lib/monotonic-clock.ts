/**
 * Unix milliseconds that start at the system clock and then follow a monotonic clock: differences are never negative, even
 * when the system clock steps back.
 */
export function makeMonotonicClock(
  now: () => number = Date.now,
  elapsed: () => number = () => performance.now(),
): () => number {
  const [start, began] = [now(), elapsed()]
  return () => Math.floor(start + (elapsed() - began))
}
