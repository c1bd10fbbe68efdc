import { isPlural } from '../../words.ts'
import { looksLikeField, typeFromName } from '../lexicon/field-types.ts'
import { DETERMINERS } from '../lexicon/words.ts'
import { chunks, type Chunk } from '../text/chunks.ts'
import { matchAt } from '../text/seek.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { FieldSpec, Item } from './facts.ts'
import { matchModifier } from './modifiers.ts'
import { readFieldPhrase, readPhrase } from './phrase.ts'

/**
 * One thing in a list, with all that is said about it: `a unique sku`, `title: string (required)`,
 * `status: draft or published`, `rating (1-5)`. Enum values may run on into the chunks that follow.
 */
export type ItemReading = {
  readonly item: Item
  /** How many of the following chunks were values of this item. */
  readonly taken: number
  readonly unread: readonly Token[]
}

const ENUM_OPENERS = [
  'one of',
  'either',
  'any of',
  'enum of?',
  'can be either|one?',
  'values',
  'options',
  'such as',
  'choice of',
  'from',
]

export function readItem(tokens: readonly Token[], following: readonly Chunk[]): ItemReading | null {
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
      readGroup(token, state)
      nameEnded = name.length > 0
      at++
      continue
    }
    const modifier = matchModifier(tokens, at, inSpec)
    if (modifier !== null && !(modifier.take === 1 && tokens.length === 1)) {
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
    const listed = name.length > 0 && isListOfValues(tokens, at)
    if (opener !== undefined || listed || (inSpec && token.kind !== 'mark')) {
      const from = at + (opener ? matchAt(tokens, at, opener) : 0)
      // `pending/paid default pending`: the values end where a modifier begins.
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
    // `author: User`: whether this is an entity, only the whole prompt can tell.
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

/** `items: name, quantity`: after a plural, a list that begins with a field's name is a list of fields. */
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

/** What brackets say about the noun before them. */
function readGroup(
  group: Token,
  state: { spec: FieldSpec; details: Item[]; maybe: boolean; unread: Token[] },
): void {
  let inner = group.inner
  const opener = ENUM_OPENERS.find((words) => matchAt(inner, 0, words) > 0)
  if (opener) inner = inner.slice(matchAt(inner, 0, opener))
  if (isMark(inner[0], ':')) inner = inner.slice(1)
  if (isWord(inner[0], 'e.g.', 'i.e.')) return
  const plain: Chunk[] = []
  const parts = chunks(inner)
  const isName = (chunk: Chunk) => readOnlyModifiers(chunk.tokens) === null && looksLikeField(textOf(chunk))
  const named = parts.some(isName)
  for (const chunk of parts) {
    // Beside other names, `email` and `date` are names and not types.
    const ambiguous =
      named &&
      chunk.tokens.length === 1 &&
      isWord(chunk.tokens[0], 'email', 'date', 'url', 'link', 'phone', 'text', 'time', 'day', 'number')
    const spec = ambiguous ? null : readOnlyModifiers(chunk.tokens)
    if (spec !== null) Object.assign(state.spec, spec)
    else plain.push(chunk)
  }
  if (plain.length === 0) return
  const single = plain.length === 1 ? plain[0]!.tokens : null
  const values = readValues(plain[0]!.tokens, plain.slice(1), true)
  if (single !== null && !isListOfValues(single, 0) && opener === undefined) {
    const item = readItem(single, [])
    const typed = item !== null && Object.keys(item.item.spec).length > 0
    if (typed && item !== null && (looksLikeField(item.item.phrase.text) || group.text !== '('))
      state.details.push(item.item)
    else if (
      single.length <= 4 &&
      single.every((token) => token.kind === 'word' || token.kind === 'number')
    ) {
      state.spec.note = single.map((token) => token.text).join(' ')
      state.maybe = true
    } else state.unread.push(...single)
    return
  }
  if (values !== null && values.taken === plain.length - 1) state.spec.values = values.values
  state.maybe = opener === undefined
  if (opener !== undefined) return
  for (let at = 0; at < plain.length;) {
    const reading = readItem(plain[at]!.tokens, plain.slice(at + 1))
    if (reading) state.details.push(reading.item)
    else if (values === null) state.unread.push(...plain[at]!.tokens)
    at += 1 + (reading?.taken ?? 0)
  }
}

/** The modifiers of a row that holds nothing else; null when there is something else. */
export function readOnlyModifiers(tokens: readonly Token[], inSpec = true): FieldSpec | null {
  // `number: string` names a field, however much its name looks like a type.
  if (
    isMark(tokens[1], ':') &&
    !isWord(tokens[0], 'default', 'max', 'min', 'type', 'length', 'maximum', 'minimum')
  )
    return null
  const spec: FieldSpec = {}
  let at = 0
  let any = false
  while (at < tokens.length) {
    const match = matchModifier(tokens, at, inSpec)
    if (match !== null) {
      Object.assign(spec, match.spec)
      at += match.take
      any = true
    } else if (
      isWord(
        tokens[at],
        'a',
        'an',
        'is',
        'are',
        'be',
        'must',
        'should',
        'it',
        'field',
        'value',
        'only',
        'format',
        'type',
        'in',
      ) ||
      isMark(tokens[at], ':')
    )
      at++
    else return null
  }
  return any ? spec : null
}

type Values = { values: string[]; taken: number }

/** `low/medium/high`, `draft or published`, `todo, in progress, done` (the commas are chunk borders). */
export function readValues(
  tokens: readonly Token[],
  following: readonly Chunk[],
  certain: boolean,
): Values | null {
  const values: string[] = []
  const first = splitValues(tokens)
  if (first === null) return null
  values.push(...first.values)
  let taken = 0
  let closed = first.closed && first.values.length > 1 && !first.slashes
  for (const chunk of following) {
    if (
      closed ||
      (first.slashes && first.values.length > 1) ||
      (chunk.before !== ',' && chunk.before !== 'and')
    )
      break
    if (readOnlyModifiers(chunk.tokens) !== null) break
    const more = splitValues(chunk.tokens)
    const endsWithOr = more !== null && more.closed
    if (more === null || (!endsWithOr && !certain && looksLikeAnotherField(chunk))) break
    values.push(...more.values)
    taken++
    closed = endsWithOr || chunk.before === 'and'
  }
  const distinct = [...new Set(values)].filter((value) => value.length <= 80).slice(0, 50)
  if (distinct.length < 2) return null
  return { values: distinct, taken }
}

const textOf = (chunk: Chunk) => chunk.tokens.map((token) => token.text).join(' ')

function looksLikeAnotherField(chunk: Chunk): boolean {
  const { known, type } = typeFromName(textOf(chunk))
  return (
    DETERMINERS.has(chunk.tokens[0]!.lower) || (known && type.kind !== 'boolean' && type.kind !== 'integer')
  )
}

/** The values inside one chunk; null when it is more than a few words. */
function splitValues(
  tokens: readonly Token[],
): { values: string[]; closed: boolean; slashes: boolean } | null {
  const values: string[] = []
  let part: Token[] = []
  let [closed, slashes] = [false, false]
  const cut = () => {
    if (part.length > 0) values.push(part.map((token) => token.text).join(' '))
    part = []
  }
  for (const token of tokens) {
    if (isMark(token, '/', '|')) {
      cut()
      slashes = true
    } else if (isWord(token, 'or')) {
      cut()
      closed = true
    } else if (isMark(token, '"', "'", '[', ']', '.', '-') || isWord(token, 'either')) continue
    else if ((token.kind === 'word' || token.kind === 'number') && part.length < 4) part.push(token)
    else return null
  }
  cut()
  return values.length === 0 || values.some((value) => !/[\p{L}\p{N}]/u.test(value))
    ? null
    : { values, closed, slashes }
}

function isListOfValues(tokens: readonly Token[], at: number): boolean {
  const [token, next] = [tokens[at], tokens[at + 1]]
  if (token === undefined || token.kind === 'mark' || token.kind === 'group') return false
  return isMark(next, '/', '|') || isWord(next, 'or')
}
