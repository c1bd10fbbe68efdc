/** A seeded random number generator (mulberry32), so that a run can be repeated. */
export function makeRng(seed: number) {
  let state = seed >>> 0
  /** From 0 (inclusive) to 1 (exclusive). */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    hits: (share: number): boolean => next() < share,
    between: (from: number, to: number): number => from + next() * (to - from),
    oneOf: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!,
  }
}
export type Rng = ReturnType<typeof makeRng>
