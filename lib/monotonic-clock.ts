/**
 * Milliseconds since 1970 by the system's clock when this is called, and from then on by a clock that nobody sets: what is
 * measured between two readings is never negative, also where the system's clock steps back meanwhile.
 */
export function makeMonotonicClock(
  now: () => number = Date.now,
  elapsed: () => number = () => performance.now(),
): () => number {
  const [start, began] = [now(), elapsed()]
  return () => Math.floor(start + (elapsed() - began))
}
