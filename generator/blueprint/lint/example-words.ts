import type { Json } from '#contract'

/** Any value but null. */
export const ANY = '$any'

/** A time relative to that of the request or run. */
export type AfterNow = { readonly unit: keyof typeof MS; readonly count: number }

const MS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 }
const UNITS = { m: 'minutes', h: 'hours', d: 'days' } as const
const AFTER_NOW = /^\$now(?:([+-]\d{1,5})([mhd]))?$/

/** What `$now`, `$now+7d` or `$now-90m` stands for; null for any other value. */
export function afterNow(value: Json | undefined): AfterNow | null {
  const [text, count = '0', unit = 'd'] = (typeof value === 'string' && AFTER_NOW.exec(value)) || []
  return text === undefined ? null : { unit: UNITS[unit as keyof typeof UNITS], count: Number(count) }
}

/** That time as an instant, where the time of the run is known. */
export const instantAfter = (now: string, { unit, count }: AfterNow): string =>
  new Date(Date.parse(now) + count * MS[unit]).toISOString()

/** The same value with null in place of times and `$any`, which refer to no row. */
export function withoutMatchers(value: Json): Json {
  if (value === ANY || afterNow(value) !== null) return null
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutMatchers)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutMatchers(inner)]))
}
