export type Bounds = { kind: 'integer' | 'number'; min?: number | undefined; max?: number | undefined }

/** A range of valid numbers; a missing bound is a thousand from the other, or the limit of numbers. */
export function rangeOf({ kind, min, max }: Bounds): { low: number; high: number } {
  const most = kind === 'integer' ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  // A thousand makes no difference to very large numbers, so use a larger step.
  const reach = (from: number) => Math.max(1000, kind === 'integer' ? 0 : Math.abs(from))
  const low = min ?? Math.max(-most, Math.min(0, (max ?? 0) - reach(max ?? 0)))
  const high = max ?? Math.min(most, Math.max(1000, low + reach(low)))
  return kind === 'integer' ? { low: Math.ceil(low), high: Math.floor(high) } : { low, high }
}

export const SPREAD = 97

/**
 * Distinct numbers across the range: 97, or fewer if rounding makes neighbours equal,
 * as between 0 and 5e-324.
 */
export function spreadOf(type: Bounds): number[] {
  const { low, high } = rangeOf(type)
  const width = high - low
  const spread = Array.from({ length: SPREAD }, (_, index) =>
    // The widest ranges overflow a number.
    Number.isFinite(width * SPREAD)
      ? Math.min(high, low + (width * index) / SPREAD)
      : low + (high / SPREAD - low / SPREAD) * index,
  )
  const distinct = [...new Set(spread)]
  // The upper bound is not part of the spread, but counts if there are few numbers.
  return distinct.length < SPREAD ? [...new Set([high, ...distinct])].slice(0, SPREAD - 1) : distinct
}
