import { isMark, isWord, type Token } from '../text/tokens.ts'
import { readItem } from './item.ts'
import type { Scope } from './label.ts'
import { add, type Reading } from './reading.ts'

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
