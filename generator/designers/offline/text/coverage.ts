import { flatten, type Token } from './tokens.ts'

/** Which tokens of the prompt some rule has understood. What stays is given back to the person. */
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
