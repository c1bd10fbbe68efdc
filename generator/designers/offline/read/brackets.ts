import { looksLikeField, typeFromName } from '../lexicon/field-types.ts'
import { chunks, type Chunk } from '../text/chunks.ts'
import { matchAt } from '../text/match.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { FieldSpec, Item, ItemReading } from './facts.ts'
import { ENUM_OPENERS, readValues, textOf, isListOfValues } from './values.ts'
import { readOnlyModifiers } from './only-modifiers.ts'

/** Parentheses after a noun; `readItem` reads the items of a field list in them. */
export function readGroup(
  group: Token,
  state: { spec: FieldSpec; details: Item[]; maybe: boolean; unread: Token[] },
  readItem: (tokens: readonly Token[], following: readonly Chunk[]) => ItemReading | null,
  isOfRows: boolean,
): void {
  let inner = group.inner
  // `routes (from harbour, to harbour)`: two ends, and no values.
  const isPeriod = isWord(inner[0], 'from') && inner.some((token) => isWord(token, 'to'))
  const opener = isPeriod ? undefined : ENUM_OPENERS.find((words) => matchAt(inner, 0, words) > 0)
  if (opener) inner = inner.slice(matchAt(inner, 0, opener))
  if (isMark(inner[0], ':')) inner = inner.slice(1)
  if (isWord(inner[0], 'e.g.', 'i.e.')) return
  const plain: Chunk[] = []
  const parts = chunks(inner)
  const isName = (chunk: Chunk) => readOnlyModifiers(chunk.tokens) === null && looksLikeField(textOf(chunk))
  // `treatments (date, product, dose)`
  const named = parts.some(isName) || (isOfRows && parts.length > 2)
  for (const chunk of parts) {
    // Next to other names, `email` and `date` are names, not types.
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
      // `price (in cents)` is a remark; `name (min 3 characters)` is an unsupported rule.
      single.length <= 3 &&
      single.every((token) => token.kind === 'word') &&
      !isWord(
        single[0],
        'must',
        'should',
        'no',
        'not',
        'only',
        'min',
        'max',
        'always',
        'never',
        'auto',
        'calculated',
        'computed',
        'hashed',
        'encrypted',
      )
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
  // `machines (laser cutter, lathe)` are examples of the rows, and no fields.
  const isField = ({ phrase, spec, details }: Item) =>
    looksLikeField(phrase.text) ||
    typeFromName(phrase.text).known ||
    Object.keys(spec).length > 0 ||
    details.length > 0
  if (isOfRows && state.details.length > 1 && !state.details.some((item) => isField(item))) {
    state.details.length = 0
    delete state.spec.values
    state.unread.push(...inner)
  }
}
