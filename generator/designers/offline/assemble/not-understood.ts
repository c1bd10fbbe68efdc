import { chunks } from '../text/chunks.ts'
import { isContent } from '../text/coverage.ts'
import { flatten, type Token } from '../text/tokens.ts'
import type { Draft } from './draft.ts'

const MAX_PHRASES = 50
const MAX_LENGTH = 200

/** Every part of the prompt that no rule has read, as written and in order. */
export function notUnderstood(draft: Draft): string[] {
  const { coverage, rows } = draft.reading
  const phrases: string[] = []
  for (const row of rows) {
    let open: { from: number; to: number } | null = null
    for (const chunk of chunks(row)) {
      const content = flatten(chunk.tokens).filter((token) => isContent(token))
      const unread = content.filter((token) => !coverage.has(token))
      if (unread.length === 0) {
        if (open) phrases.push(slice(draft.prompt, open))
        open = null
        continue
      }
      const whole = unread.length * 2 >= content.length
      const span: { from: number; to: number } = whole ? spanOf(chunk.tokens) : spanOf(unread)
      // Unread text on both sides of a comma is one part.
      if (open && whole) open = { from: open.from, to: span.to }
      else {
        if (open) phrases.push(slice(draft.prompt, open))
        open = span
      }
      if (!whole) {
        phrases.push(slice(draft.prompt, open))
        open = null
      }
    }
    if (open) phrases.push(slice(draft.prompt, open))
  }
  const distinct = [
    ...new Set([...phrases.filter((phrase) => /[\p{L}\p{N}]/u.test(phrase)), ...draft.missing]),
  ]
  if (distinct.length <= MAX_PHRASES) return distinct
  return [...distinct.slice(0, MAX_PHRASES), `and ${distinct.length - MAX_PHRASES} more phrases`]
}

function spanOf(tokens: readonly Token[]): { from: number; to: number } {
  const words = tokens.filter((token) => token.kind !== 'mark')
  const used = words.length > 0 ? words : tokens
  return { from: used[0]!.start, to: used.at(-1)!.end }
}

function slice(prompt: string, { from, to }: { from: number; to: number }): string {
  const text = prompt.slice(from, to).replace(/\s+/gu, ' ').trim()
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`
}
