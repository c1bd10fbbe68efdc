import { EMPTY_WORDS } from '../lexicon/words.ts'
import { flatten, type Token } from './tokens.ts'

/** Tokens of the prompt that a rule has understood; the rest is reported. */
export type Coverage = {
  read(tokens: readonly Token[]): void
  unread(tokens: readonly Token[]): void
  has(token: Token): boolean
  /** How many of the content words were not read, and the share of those that were, from 0 to 1. */
  of(rows: readonly (readonly Token[])[]): { readonly unread: number; readonly share: number }
}

export function makeCoverage(): Coverage {
  const known = new Set<number>()
  return {
    read: (tokens) => flatten(tokens).forEach((token) => known.add(token.start)),
    unread: (tokens) => flatten(tokens).forEach((token) => known.delete(token.start)),
    has: (token) => known.has(token.start),
    of: (rows) => {
      const words = rows.flatMap((row) => flatten(row).filter(isContent))
      const unread = words.filter((token) => !known.has(token.start)).length
      return { unread, share: words.length === 0 ? 1 : (words.length - unread) / words.length }
    },
  }
}

/** Whether a token says something by itself, unlike `the`, `please` or a comma. */
export function isContent(token: Token): boolean {
  if (token.kind === 'mark' || !/[\p{L}\p{N}]/u.test(token.text)) return false
  return token.quoted || !EMPTY_WORDS.has(token.lower)
}
