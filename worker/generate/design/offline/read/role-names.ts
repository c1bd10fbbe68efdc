import { chunks } from '../text/chunks.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { readPhrase } from './phrase.ts'
import { add, type Reading } from './reading.ts'

/** `Roles: admin and member`: what accounts may be, and no rows. Says whether the sentence was that. */
export function readRoleNames(tokens: readonly Token[], reading: Reading): boolean {
  const colon = tokens.findIndex((token) => isMark(token, ':'))
  const label = tokens.slice(0, colon)
  const isLabel =
    colon > 0 &&
    isWord(label.at(-1), 'roles') &&
    label.slice(0, -1).every((token) => isWord(token, 'user', 'users', 'account', 'the', 'available'))
  if (!isLabel) return false
  const named = chunks(tokens.slice(colon + 1)).map(({ tokens: words }) => words)
  const roles = named.map((words) => (words.length <= 2 ? readPhrase(words) : null))
  const phrases = roles.filter((phrase) => phrase !== null)
  if (phrases.length === 0 || phrases.length < roles.length) return false
  add(
    reading,
    { kind: 'role', roles: phrases, only: false, operations: [], subjects: [], tokens: [...tokens] },
    tokens,
  )
  return true
}
