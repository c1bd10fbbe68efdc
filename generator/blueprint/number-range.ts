export type Bounds = { kind: 'integer' | 'number'; min?: number | undefined; max?: number | undefined }

/** A range of valid numbers; where a bound is missing it reaches a thousand from the other, or as far as numbers go. */
export function rangeOf({ kind, min, max }: Bounds): { low: number; high: number } {
  const most = kind === 'integer' ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  // Where numbers are so large that a thousand makes no difference, it takes more of them.
  const reach = (from: number) => Math.max(1000, kind === 'integer' ? 0 : Math.abs(from))
  const low = min ?? Math.max(-most, Math.min(0, (max ?? 0) - reach(max ?? 0)))
  const high = max ?? Math.min(most, Math.max(1000, low + reach(low)))
  return kind === 'integer' ? { low: Math.ceil(low), high: Math.floor(high) } : { low, high }
}

export const SPREAD = 97

/**
 * Different numbers all over the range: 97 of them, or fewer where rounding makes neighbours the same number,
 * as it does between 0 and 5e-324.
 */
export function spreadOf(type: Bounds): number[] {
  const { low, high } = rangeOf(type)
  const width = high - low
  const spread = Array.from({ length: SPREAD }, (_, index) =>
    // The widest ranges are wider than a number can say.
    Number.isFinite(width * SPREAD)
      ? Math.min(high, low + (width * index) / SPREAD)
      : low + (high / SPREAD - low / SPREAD) * index,
  )
  const distinct = [...new Set(spread)]
  // The upper bound is no part of the spread; where there are few numbers, it counts.
  return distinct.length < SPREAD ? [...new Set([high, ...distinct])].slice(0, SPREAD - 1) : distinct
}
