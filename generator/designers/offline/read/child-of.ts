import { looksLikeField } from '../lexicon/field-types.ts'
import { isPlural } from '../../../blueprint/words.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { readItem } from './item.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader } from './reading.ts'

/** `orders of a customer`, `ingredients of a recipe (name, amount)`: rows that belong to another row. */
export const readChildOf: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  const group = tokens.at(-1)?.kind === 'group' ? tokens.at(-1)! : null
  const words = group === null ? tokens : tokens.slice(0, -1)
  const of = words.findIndex((token) => isWord(token, 'of'))
  if (of < 1 || !isWord(words[of + 1], 'a', 'an', 'each', 'every', 'one')) return 0
  const children = words.slice(0, of)
  const child = readPhrase(children)
  // `bookings of a court for an hour`: what follows stays unread.
  const more = words.findIndex((token, i) => i > of + 1 && isWord(token, 'for', 'in', 'at', 'on'))
  const whole = more < 0 ? words : words.slice(0, more)
  const parent = readPhrase(whole.slice(of + 1))
  // `books with the names of an author` is about fields.
  if (state.list === 'has' && group === null) return 0
  if (child === null || parent === null || parent.plural || !isRecords(children, group !== null)) return 0
  add(reading, { kind: 'entity', phrase: child, listed: true }, children)
  const relation = { kind: 'relation', shape: 'belongsTo', from: child, to: parent } as const
  add(reading, { ...relation, stated: true }, whole)
  const described = group === null ? null : readItem([...child.tokens, group], [])
  described?.item.details.forEach((item) =>
    add(reading, { kind: 'has', subject: child, item, app: false }, item.tokens),
  )
  if (group !== null) reading.coverage.read([group])
  if (described !== null) reading.coverage.unread(described.unread)
  // `orders of a customer with order lines` goes on about the orders.
  state.subject = child
  if (state.list === 'none') state.list = 'app'
  return 1
}

/** A plural that names rows and no field, such as `orders`; with fields of its own, any. */
function isRecords(tokens: readonly Token[], isDescribed: boolean): boolean {
  const text = tokens.map((token) => token.text).join(' ')
  return (
    isPlural(text) && tokens.every(({ kind }) => kind === 'word') && (isDescribed || !looksLikeField(text))
  )
}
