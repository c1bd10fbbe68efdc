import type { Field } from '#contract'

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

/** How many different values the type has; counted only where that is few. */
export function valuesOf({ type }: Pick<Field, 'type'>): number {
  if (type.kind === 'boolean') return 2
  if (type.kind === 'enum') return type.values.length
  if (type.kind === 'string' && type.maxLength === 1) return 26
  if (type.kind === 'number') {
    const { length } = spreadOf(type)
    return length < SPREAD ? length : Infinity
  }
  if (type.kind !== 'integer') return Infinity
  const { low, high } = rangeOf(type)
  return high - low + 1
}

/** Whether a table soon runs out of values for this field, if it is unique. */
export const fewValues = (field: Field): boolean => valuesOf(field) < 100

/** How many rows there can be: those without a value may repeat. */
export function capacityOf(field: Field): number {
  return field.unique && field.required ? valuesOf(field) : Infinity
}
