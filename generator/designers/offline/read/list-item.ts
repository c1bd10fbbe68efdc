import type { Chunk } from '../text/chunks.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { readItem } from './item.ts'
import { add, type ClauseState, type Reading } from './reading.ts'

/** An item of a `has` list, with the chunks of its values. */
export function readListItem(
  tokens: readonly Token[],
  list: readonly Chunk[],
  at: number,
  state: ClauseState,
  reading: Reading,
  app: boolean,
): number {
  // `first and last name`
  const next = list[at + 1]
  if (
    tokens.length <= 2 &&
    isWord(tokens.at(-1), 'first') &&
    isWord(next?.tokens[0], 'last') &&
    isWord(next?.tokens[1], 'name', 'names')
  ) {
    const first = readItem([tokens.at(-1)!, next!.tokens[1]!], [])
    if (first) add(reading, { kind: 'has', subject: state.subject, item: first.item, app }, tokens)
    return first ? 1 : 0
  }
  // `sizes S, M and XL`: values.
  if (tokens.length === 1 && /^(?:[A-Z]|X+[SL])$/.test(tokens[0]!.text)) return 0
  const made = readItem(namedIn(tokens), list.slice(at + 1))
  if (made === null) return 0
  // `status draft or published` in an entity list is not an entity; decided later.
  const taken = list.slice(at + 1, at + 1 + made.taken).flatMap((chunk) => chunk.tokens)
  const item = { ...made.item, tokens: [...tokens, ...taken] }
  if (state.list === 'entities') {
    add(reading, { kind: 'entity', phrase: item.phrase, listed: true }, item.tokens)
    item.details.forEach((detail) =>
      add(reading, { kind: 'has', subject: item.phrase, item: detail, app: false }, []),
    )
  } else {
    add(
      reading,
      {
        kind: 'has',
        subject: app ? null : state.subject,
        item,
        app,
        ...(state.required && { required: true }),
      },
      item.tokens,
    )
  }
  reading.coverage.unread(made.unread)
  state.lastItem = item
  return 1 + made.taken
}

/** `which car`, `what time`, `the id of the kiosk`: the noun that is meant. */
function namedIn(tokens: readonly Token[]): readonly Token[] {
  if (tokens.length > 1 && tokens.length < 4 && isWord(tokens[0], 'which', 'what')) return tokens.slice(1)
  const start = isWord(tokens[0], 'the', 'an', 'its') ? 1 : 0
  const [id, of, article, noun, ...more] = tokens.slice(start)
  const isKey = isWord(id, 'id', 'ids') && isWord(of, 'of') && isWord(article, 'the', 'a', 'an', 'its')
  return isKey && noun?.kind === 'word' && more.length === 0 ? [noun, id!] : tokens
}
