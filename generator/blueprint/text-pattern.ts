import { samplePattern } from '../regexp/sample-pattern.ts'
import { slowRegexp } from '../regexp/slow-regexp.ts'

/** Text that matches a pattern somewhere, as in JSON Schema, and whose length is limited. */
type PatternText = {
  readonly pattern: string
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** Longest text of a sample. */
const MAX_SAMPLE = 1_000
/** How often parts repeat in samples; more only where a length requires it. */
const REPEATS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128]
/** More distinct values than any test needs. */
export const MANY_SAMPLES = 120
const MOST_KNOWN = 2_000

/** The expression, whose characters are code points where the pattern allows for it. Throws a `SyntaxError`. */
export function patternRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}

/** Why a pattern cannot be enforced, as the end of a sentence; null if it can. */
export function patternFault(text: PatternText): string | null {
  const { pattern } = text
  try {
    const { source, flags } = patternRegExp(pattern)
    const why = slowRegexp(source, flags)
    if (why !== null) return `it can take very long, since ${why}`
  } catch {
    return 'it is no regular expression'
  }
  return patternSamples(text, 1).length === 0 ? 'no text was found that matches it' : null
}

const known = new Map<string, readonly string[]>()

/** Up to `count` different texts that match and are not blank, the simplest first; at most `MANY_SAMPLES`. */
export function patternSamples(text: PatternText, count: number): readonly string[] {
  const isMany = count > 1
  const key = JSON.stringify([text.pattern, text.min, text.max, isMany])
  const before = known.get(key)
  if (before !== undefined) return before.slice(0, count)
  if (known.size >= MOST_KNOWN) known.clear()
  const found = findSamples(text, isMany ? MANY_SAMPLES : 1)
  known.set(key, found)
  return found.slice(0, count)
}

function findSamples({ pattern, min = 0, max = MAX_SAMPLE }: PatternText, count: number): string[] {
  const regexp = patternRegExp(pattern)
  const found = new Set<string>()
  for (const repeats of [...REPEATS, Math.min(min, MAX_SAMPLE)]) {
    for (let index = 0; index < 2 * count && found.size < count; index += 1) {
      const sample = samplePattern(pattern, { index, repeats })
      if (sample === null) return []
      const fits = sample.length >= min && sample.length <= max && sample.trim() !== ''
      if (fits && regexp.test(sample)) found.add(sample)
    }
    if (found.size === count) break
  }
  return [...found]
}

/** A text of a fitting length that does not match; null if none was found. */
export function patternMisfit({ pattern, min = 1, max = MAX_SAMPLE }: PatternText): string | null {
  const regexp = patternRegExp(pattern)
  const length = Math.min(Math.max(min, 1), max)
  const all = ['!', '0', 'x', '-', 'Ä', ' '].map((one) => `?${one.repeat(length)}`.slice(-length))
  return (
    [...all, `none of these`].find(
      (text) => text.length >= min && text.length <= max && text.trim() !== '' && !regexp.test(text),
    ) ?? null
  )
}
