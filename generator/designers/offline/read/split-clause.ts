import { isPlural } from '../../../blueprint/words.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { ACTS, MODALS } from '../lexicon/words.ts'
import type { Chunk } from '../text/chunks.ts'
import { isWord, type Token } from '../text/tokens.ts'

const VERBS = [
  ...ACTS,
  'attend',
  'attends',
  'join',
  'joins',
  'enroll',
  'enrolls',
  'enrol',
  'belong',
  'belongs',
  'reserve',
  'reserves',
]

/**
 * `members with email and password book classes`: the last field of a `with` list is followed by the verb of the
 * sentence. Splits it into the field and a clause of its own, with the subject of the sentence.
 */
export function splitClause(list: readonly Chunk[]): readonly Chunk[] {
  const first = list.findIndex(({ before }) => before === 'with')
  if (first < 1) return list
  const subject = list[first - 1]!.tokens
  const at = list.findIndex(
    ({ tokens, before }, at) => at >= first && before !== 'where' && verbIn(tokens) > 0,
  )
  if (at < 0 || !isPlural(subject.at(-1)!.text)) return list
  const { tokens, before } = list[at]!
  const cut = verbIn(tokens)
  const clause: Chunk = { tokens: [...subject, ...tokens.slice(cut)], before: 'start' }
  return [...list.slice(0, at), { tokens: tokens.slice(0, cut), before }, clause, ...list.slice(at + 1)]
}

/** Where the verb begins after a field's name; 0 if the tokens are only a name. */
function verbIn(tokens: readonly Token[]): number {
  const at = tokens.findIndex((token, at) => at > 0 && (isWord(token, ...VERBS) || MODALS.has(token.lower)))
  if (at < 1 || at === tokens.length - 1) return 0
  const name = tokens.slice(0, at)
  const isName =
    name.every(({ kind }) => kind === 'word') && looksLikeField(name.map(({ text }) => text).join(' '))
  const object = tokens.at(-1)!
  const isClause =
    MODALS.has(tokens[at]!.lower) ||
    isWord(tokens[at], 'belong', 'belongs') ||
    (object.kind === 'word' && isPlural(object.text))
  return isName && isClause ? at : 0
}
