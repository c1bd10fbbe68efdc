import type { Token } from './tokens.ts'

/** A pattern match in tokens: `findMatch(tokens, 'is|are owned by')`. */
export type TokenMatch = { readonly at: number; readonly take: number }

const parsed = new Map<string, readonly (readonly string[])[]>()

/** The first match of a word pattern: `|` separates alternatives, a trailing `?` marks an optional word. */
export function findMatch(tokens: readonly Token[], pattern: string, from = 0): TokenMatch | null {
  for (let at = from; at < tokens.length; at++) {
    const take = matchAt(tokens, at, pattern)
    if (take > 0) return { at, take }
  }
  return null
}

/** How many tokens the pattern matches at `at`; 0 if none. */
export function matchAt(tokens: readonly Token[], at: number, pattern: string): number {
  let next = at
  for (const options of steps(pattern)) {
    const token = tokens[next]
    if (token !== undefined && token.kind === 'word' && options.includes(token.lower)) next++
    else if (!options.includes('?')) return 0
  }
  return next - at
}

/** The first of several patterns that matches anywhere, and which one. */
export function findAnyMatch(
  tokens: readonly Token[],
  patterns: readonly string[],
): (TokenMatch & { pattern: string }) | null {
  for (const pattern of patterns) {
    const place = findMatch(tokens, pattern)
    if (place !== null) return { ...place, pattern }
  }
  return null
}

function steps(pattern: string): readonly (readonly string[])[] {
  let made = parsed.get(pattern)
  if (made === undefined) {
    made = pattern.split(' ').map((step) => step.replace(/\?$/, '|?').split('|'))
    parsed.set(pattern, made)
  }
  return made
}
