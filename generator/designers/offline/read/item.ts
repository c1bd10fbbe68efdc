import { isPlural } from '../../../blueprint/words.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { DETERMINERS } from '../lexicon/words.ts'
import type { Chunk } from '../text/chunks.ts'
import { matchAt } from '../text/match.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { FieldSpec, Item, ItemReading } from './facts.ts'
import { matchModifier } from './modifiers.ts'
import { readFieldPhrase, readPhrase } from './phrase.ts'
import { ENUM_OPENERS, hasValues, readValues, isListOfValues } from './values.ts'
import { readGroup } from './brackets.ts'

/** A longer item is not plausible; the limit keeps hostile prompts linear. */
const MAX_TOKENS = 60

/**
 * A list item with its modifiers: `a unique sku`, `title: string (required)`,
 * `status: draft or published`, `rating (1-5)`. Enum values may continue in the following chunks.
 * Null if the tokens are not a noun.
 */
export function readItem(tokens: readonly Token[], following: readonly Chunk[]): ItemReading | null {
  // `early/late/night` has no name.
  if (tokens.length > MAX_TOKENS || (isMark(tokens[1], '/') && tokens[0]?.kind === 'word')) return null
  const name: Token[] = []
  const unread: Token[] = []
  const referring: Token[] = []
  const state = { spec: {} as FieldSpec, details: [] as Item[], maybe: false, unread }
  let [inSpec, nameEnded, taken] = [false, false, 0]

  for (let at = 0; at < tokens.length;) {
    const token = tokens[at]!
    if (name.length > 0 && isMark(token, ':', '-', '–', '->', '=>', '→') && at < tokens.length - 1) {
      inSpec = true
      at++
      continue
    }
    if (token.kind === 'group') {
      readGroup(token, state, readItem, name.length > 0 && isPlural(name.at(-1)!.text))
      nameEnded = name.length > 0
      at++
      continue
    }
    const modifier = matchModifier(tokens, at, inSpec)
    if (
      modifier !== null &&
      !(modifier.take === 1 && tokens.every((one) => one === token || DETERMINERS.has(one.lower)))
    ) {
      Object.assign(state.spec, modifier.spec)
      nameEnded = name.some((part) => !DETERMINERS.has(part.lower))
      at += modifier.take
      continue
    }
    if (inSpec && at > 0 && isMark(tokens[at - 1], ':') && name.length > 0 && isPlural(name.at(-1)!.text)) {
      const fields = readFields(tokens.slice(at), following)
      if (fields !== null) {
        state.details.push(...fields.items)
        taken = fields.taken
        break
      }
    }
    const opener = name.length > 0 ? ENUM_OPENERS.find((words) => matchAt(tokens, at, words) > 0) : undefined
    // `cheeses made from milk, cellars`
    const isOrigin = opener === 'from' && name.some(({ text }) => isPlural(text))
    const listed =
      name.length > 0 && isListOfValues(tokens, at) && (inSpec || hasValues(name, tokens.slice(at)))
    if ((opener !== undefined && !isOrigin) || listed || (inSpec && token.kind !== 'mark')) {
      const from = at + (opener ? matchAt(tokens, at, opener) : 0)
      // `pending/paid default pending`: the values end at a modifier.
      const stop = tokens.findIndex((_, i) => i > from && matchModifier(tokens, i, false) !== null)
      const until = stop < 0 ? tokens.length : stop
      const values = readValues(tokens.slice(from, until), stop < 0 ? following : [], opener !== undefined)
      if (values !== null) {
        state.spec.values = values.values
        taken = values.taken
        at = until
        continue
      }
    }
    if (isMark(token, '"', "'", '`', ',', '.', ':')) at++
    else if (!inSpec && !nameEnded && (token.kind === 'word' || token.kind === 'number'))
      name.push(tokens[at++]!)
    else if (
      isWord(
        token,
        'a',
        'an',
        'the',
        'is',
        'be',
        'must',
        'should',
        'it',
        'in',
        'as',
        'of',
        'field',
        'value',
        'which',
      )
    )
      at++
    else if (inSpec && token.kind === 'word' && referring.length < 5) referring.push(tokens[at++]!)
    else unread.push(tokens[at++]!)
  }

  const phrase = readFieldPhrase(name)
  if (phrase === null) return null
  const { spec, details, maybe } = state
  if (referring.length > 0) {
    // `author: User`: only the whole prompt shows whether this is an entity.
    const target = readPhrase(
      referring.filter(
        (token) =>
          !isWord(
            token,
            'ref',
            'reference',
            'references',
            'foreign',
            'key',
            'fk',
            'to',
            'id',
            'relation',
            'belongs',
          ),
      ),
    )
    if (target !== null) spec.refers = target
    else unread.push(...referring)
  }
  return { item: { tokens, phrase, spec, details, maybe }, taken, unread }
}

/** `items: name, quantity`: after a plural, a list that starts with a field name is a field list. */
function readFields(
  tokens: readonly Token[],
  following: readonly Chunk[],
): { items: Item[]; taken: number } | null {
  const rows = [{ tokens, before: ',' as const }, ...following]
  const items: Item[] = []
  let at = 0
  while (at < rows.length && items.length < 60) {
    const row = rows[at]!
    if (at > 0 && row.before !== ',' && row.before !== 'and') break
    const made = readItem(row.tokens, rows.slice(at + 1))
    if (made === null || (at === 0 && !looksLikeField(made.item.phrase.text))) break
    items.push(made.item)
    at += 1 + made.taken
  }
  return items.length < 2 ? null : { items, taken: at - 1 }
}
