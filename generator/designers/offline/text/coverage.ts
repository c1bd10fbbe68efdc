import { flatten, type Token } from './tokens.ts'

/** Tokens of the prompt that a rule has understood; the rest is reported. */
export type Coverage = {
  read(tokens: readonly Token[]): void
  unread(tokens: readonly Token[]): void
  has(token: Token): boolean
}

export function makeCoverage(): Coverage {
  const known = new Set<number>()
  return {
    read: (tokens) => flatten(tokens).forEach((token) => known.add(token.start)),
    unread: (tokens) => flatten(tokens).forEach((token) => known.delete(token.start)),
    has: (token) => known.has(token.start),
  }
}
