/** A cache of at most `max` entries, each for `ttlMs` milliseconds. Evicts the oldest entry. */
export function makeTtlCache<T>(options: { ttlMs: number; max: number; now?: () => number }) {
  const { ttlMs, max, now = Date.now } = options
  const entries = new Map<string, { value: T; until: number }>()
  return {
    get(key: string): T | undefined {
      const entry = entries.get(key)
      return entry && entry.until > now() ? entry.value : undefined
    },
    set(key: string, value: T): T {
      entries.delete(key)
      entries.set(key, { value, until: now() + ttlMs })
      if (entries.size > max) entries.delete(entries.keys().next().value!)
      return value
    },
  }
}
