import { singular } from '../../../blueprint/words.ts'
import { FEATURES } from '../lexicon/features.ts'
import { matchTopic, templateOf } from '../domains/index.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { APP_NOUNS } from '../lexicon/words.ts'
import { isMark, isWord } from '../text/tokens.ts'
import { readItem } from './item.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { add, type ChunkReader } from './reading.ts'

/** A noun with its fields: `Order items with product and quantity`, `Task (title, done)`. */
export const readDeclaration: ChunkReader = (list, at, state, reading) => {
  const { tokens: said } = list[at]!
  // `"Artist": { "name": "string" }`
  const tokens = said[2]?.text === '{' && isMark(said[1], ':') ? [said[0]!, said[2]] : said
  if (
    state.list !== 'none' ||
    (at > 0 && state.subject === null) ||
    tokens.some((token) => APP_NOUNS.has(token.lower))
  )
    return 0
  const group = tokens.findIndex((token) => token.kind === 'group')
  if (group < 0) {
    const noun = tokens.filter((token) => !isWord(token, 'also'))
    const phrase =
      at === 0 &&
      (list[1]?.before === 'with' || list[1]?.before === 'parts') &&
      !isWord(list[1].tokens[0], 'without')
        ? readPhrase(noun)
        : null
    // `the menu with prices`
    const isKnown = phrase !== null && isWord(noun[0], 'the') && templateOf(nameOf(phrase) ?? '') !== null
    if (
      phrase === null ||
      (!phrase.plural && phrase.quantity === 'none' && !isKnown && !/^\p{Lu}/u.test(phrase.text))
    )
      return 0
    // `Blog with posts`: a blog is not an entity.
    if (FEATURES.has(singular(phrase.tokens.at(-1)!.lower))) return 0
    const domain = matchTopic(phrase.text)
    if (domain !== null && !domain.templates.has(nameOf(phrase) ?? '')) return 0
    add(reading, { kind: 'entity', phrase }, tokens)
    state.subject = phrase
    return 1
  }
  const phrase = group === tokens.length - 1 ? readPhrase(tokens.slice(0, group)) : null
  const made = phrase && readItem(tokens, [])
  if (!phrase || !made || made.item.details.length === 0 || made.item.spec.note !== undefined) return 0
  // `Payment(id, amount)` is an entity among others, `name (first, last)` a field.
  const isNamed = /^\p{Lu}/u.test(phrase.text) && made.item.details.length > 1
  if (at > 0 && looksLikeField(phrase.text) && !isNamed) return 0
  // `members with voice (soprano, alto)`: a list of values.
  if (at > 0 && list[at]!.before === 'with' && !phrase.plural && !isNamed) return 0
  add(reading, { kind: 'entity', phrase, listed: true }, tokens)
  made.item.details.forEach((item) => add(reading, { kind: 'has', subject: phrase, item, app: false }, []))
  reading.coverage.unread(made.unread)
  state.subject = phrase
  return 1
}
