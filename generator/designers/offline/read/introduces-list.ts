import { isPlural } from '../../../blueprint/words.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { APP_NOUNS, HAS_VERBS } from '../lexicon/words.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'

/** `Each product has:` and `An API for expenses:` introduce a list; in `deals have a stage: …` the colon belongs to an item. */
export function introducesList(label: readonly Token[]): boolean {
  const isUs = isWord(label[0], 'i', 'we')
  const verb = label.findIndex(
    (token, at) => at > 0 && HAS_VERBS.has(token.lower) && !isUs && !isWord(label[at - 1], 'to'),
  )
  const list = isWord(
    label.at(-1),
    'fields',
    'attributes',
    'properties',
    'columns',
    'entities',
    'models',
    'resources',
    'tables',
    'following',
  )
  const introduced = label.some((token) => isWord(token, 'with', 'including'))
  // `The system shall store visits: patient, date`
  const stored = verb === label.length - 2 && label.slice(0, verb).some(({ lower }) => APP_NOUNS.has(lower))
  if (stored && isPlural(label.at(-1)!.text) && !looksLikeField(label.at(-1)!.text)) return true
  return list || verb === label.length - 1 || (verb < 0 && !introduced)
}

export const isSpacedDash = (tokens: readonly Token[]) =>
  tokens.some(
    (token, at) => at > 0 && at < 5 && isMark(token, '-', '–', '—', '→') && token.start > tokens[at - 1]!.end,
  )
