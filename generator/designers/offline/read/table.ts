import { chunks } from '../text/chunks.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { readItem } from './item.ts'
import type { Scope } from './label.ts'
import { readPhrase } from './phrase.ts'
import { add, type Reading } from './reading.ts'

const ENTITY = ['entity', 'entities', 'table', 'model', 'resource', 'collection', 'object']
const FIELDS = ['fields', 'field', 'attributes', 'columns', 'properties', 'data']

/** `| title | string | required |`: one field per row, of the last named entity. */
export function isTableRow(tokens: readonly Token[]): boolean {
  return isMark(tokens[0], '|') && tokens.filter((token) => isMark(token, '|')).length >= 3
}

export function readTableRow(tokens: readonly Token[], parent: Scope, reading: Reading): Scope {
  const cells: Token[][] = [[]]
  for (const token of tokens) {
    if (isMark(token, '|')) cells.push([])
    else cells.at(-1)!.push(token)
  }
  const [name, ...spec] = cells.filter((cell) => cell.length > 0)
  if (isWord(name?.[0], ...ENTITY) && isWord(spec[0]?.[0], ...FIELDS)) {
    reading.coverage.read(tokens)
    reading.listsEntities = true
    return parent
  }
  if (reading.listsEntities && name !== undefined) {
    readEntityRow(name, spec[0] ?? [], reading)
    return parent
  }
  if (
    name === undefined ||
    (isWord(name[0], 'field', 'column', 'name', 'attribute', 'property') &&
      isWord(spec[0]?.[0], 'type', 'description', 'datatype', 'data'))
  ) {
    reading.coverage.read(tokens)
    return parent
  }
  const colon: Token = { kind: 'mark', text: ':', lower: ':', start: -1, end: -1, quoted: false, inner: [] }
  const made = readItem([...name, colon, ...spec.flat()], [])
  if (made !== null) {
    add(reading, { kind: 'has', subject: parent.subject, item: { ...made.item, tokens }, app: false }, tokens)
    reading.coverage.unread(made.unread)
  }
  return parent
}

/** `| Employee | name, email |` under `| Entity | Fields |`: one entity per row. */
function readEntityRow(name: readonly Token[], fields: readonly Token[], reading: Reading): void {
  const phrase = readPhrase(name)
  if (phrase === null) return
  add(reading, { kind: 'entity', phrase, listed: true }, name)
  const list = chunks(fields)
  for (let at = 0; at < list.length;) {
    const made = readItem(list[at]!.tokens, list.slice(at + 1))
    if (made !== null) {
      const taken = list.slice(at, at + 1 + made.taken).flatMap(({ tokens }) => tokens)
      const item = { ...made.item, tokens: taken }
      add(reading, { kind: 'has', subject: phrase, item, app: false }, taken)
      reading.coverage.unread(made.unread)
    }
    at += 1 + (made?.taken ?? 0)
  }
}
