import { matchAt } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'

/** A subject without its modal: `students can` → `students`. */
export function actorOf(tokens: readonly Token[]): Token[] {
  const end = tokens.findIndex(
    (token, at) =>
      isWord(token, 'can', 'may', 'should', 'must', 'shall', 'will', 'could', 'might', 'also', 'to') &&
      at > 0,
  )
  const start =
    matchAt(tokens, 0, 'and?') +
    (isWord(tokens[0], 'can', 'may', 'should', 'must', 'shall', 'will', 'optionally') ? 1 : 0)
  return tokens.slice(start, end < 0 ? undefined : end)
}
