import { EMPTY_WORDS } from '../lexicon/words.ts'
import type { Sentence } from '../text/sentences.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { readItem } from './item.ts'
import type { Scope } from './label.ts'
import { add, type Reading } from './reading.ts'
import {
  afterColumns,
  fileName,
  isCertain,
  isSheet,
  isSheets,
  openerAt,
  type Opener,
} from './sheet-openers.ts'

/**
 * Tables that a person keeps in a spreadsheet: `Sheet Customers: name, phone; Sheet Orders: date, customer`. Each sheet is
 * an entity, each column a field of it.
 */

/** What was read: the scope of the sentences under it, and the words that are left for other readers. */
type Read = { readonly scope: Scope; readonly rest: readonly Token[] }

export function readSpreadsheet(sentence: Sentence, parent: Scope, reading: Reading): Read | null {
  if (parent.mode === 'fields' && !sentence.heading) return null
  if (!sentence.tokens.some((token) => mayNameSheet(token, reading))) return null
  const tokens = sentence.tokens.flatMap((token) => fileName(token))
  const opens =
    sentence.opens ||
    sentence.leads ||
    isWord(reading.sentences[sentence.index + 1]?.tokens[0], 'columns', 'headers', 'headings')
  const ofLast = columnsOfLast(tokens, reading)
  if (ofLast) return { scope: { mode: 'fields', subject: reading.sheet }, rest: [] }
  const introduced = tokens.findIndex((token) => isSheets(token))
  const start = introduced < 0 ? 0 : afterIntroduction(tokens, introduced)
  const found = openersIn(tokens, start, introduced >= 0, opens).filter(
    (opener) => reading.hasSpreadsheet || isCertain(opener),
  )
  const [first] = found
  if (first === undefined) {
    const isOnlyFrame = reading.hasSpreadsheet && readFrame(tokens, reading)
    if (isOnlyFrame) return { scope: opens ? { mode: 'entities', subject: null } : parent, rest: [] }
    if (introduced < 0 || !reading.hasSpreadsheet || (start === tokens.length && !opens)) return null
    readFrame(tokens.slice(0, start), reading)
    return { scope: { mode: 'entities', subject: null }, rest: tokens.slice(start) }
  }
  readFrame(tokens.slice(0, first.from), reading)
  found.forEach((opener, at) => {
    const end = found[at + 1]?.from ?? tokens.length
    readSheet(opener, opener.group?.inner ?? tokens.slice(opener.to, end), tokens, reading)
    // What follows the brackets says something else.
    if (opener.group !== null) readFrame(tokens.slice(opener.to, end), reading)
  })
  return { scope: { mode: 'fields', subject: found.at(-1)!.name }, rest: [] }
}

const mayNameSheet = (token: Token, { hasSpreadsheet, sheet }: Reading): boolean =>
  isSheet(token) ||
  (hasSpreadsheet && (isSheets(token) || isWord(token, 'excel', 'spreadsheets'))) ||
  fileName(token).length > 1 ||
  (sheet !== null && isWord(token, 'columns', 'headers', 'headings'))

/** `Columns: name, phone.` after `Sheet Customers.` */
function columnsOfLast(tokens: readonly Token[], reading: Reading): boolean {
  const { sheet } = reading
  const start = isWord(tokens[0], 'the', 'its', 'with', 'it') ? (isWord(tokens[1], 'has') ? 2 : 1) : 0
  const from = afterColumns(tokens, start)
  if (sheet === null || from <= start || !isWord(tokens[start], 'columns', 'headers', 'headings', 'the'))
    return false
  reading.coverage.read(tokens.slice(0, from))
  addColumns(sheet, tokens.slice(from), reading)
  return true
}

/** Where the list begins after `a workbook with three sheets:`. */
function afterIntroduction(tokens: readonly Token[], at: number): number {
  let next = at + 1
  while (isMark(tokens[next], ':', ',', '-', '–', '—') || isWord(tokens[next], 'called', 'named')) next++
  return next
}

function openersIn(tokens: readonly Token[], start: number, isListed: boolean, opens: boolean): Opener[] {
  const found: Opener[] = []
  for (let at = start; at < tokens.length;) {
    const isStart = at === start || isMark(tokens[at - 1], ',', ';', ':') || isWord(tokens[at - 1], 'and')
    const mayBegin = isStart || found.length === 0 || tokens[at - 1]!.kind === 'group'
    // Where a list has begun with `Customers: name, phone`, `orders (date)` is the next sheet.
    const opener = mayBegin ? openerAt(tokens, at, (isListed && isStart) || found.length > 0, opens) : null
    if (opener !== null && (found.length === 0 || isNext(found.at(-1)!, opener, tokens))) {
      found.push(opener)
      at = Math.max(opener.to, at + 1)
    } else at++
  }
  return found
}

/** Whether it is another sheet and no column with a bracket, such as `status (open, closed)`. */
function isNext(before: Opener, opener: Opener, tokens: readonly Token[]): boolean {
  const words = tokens.slice(opener.from, opener.to)
  if (words.some((token) => isSheet(token))) return true
  if (isWord(words[0], 'one', 'another')) return true
  return opener.name.plural && (before.group !== null) === (opener.group !== null)
}

function readSheet(
  { name, from, to }: Opener,
  columns: readonly Token[],
  tokens: readonly Token[],
  reading: Reading,
): void {
  add(reading, { kind: 'entity', phrase: name, listed: true }, tokens.slice(from, to))
  reading.sheet = name
  addColumns(name, columns.slice(afterColumns(columns, 0)), reading)
}

function addColumns(subject: Phrase, columns: readonly Token[], reading: Reading): void {
  for (const cell of cellsOf(columns)) {
    const made = readItem(cell, [])
    if (made === null) continue
    add(reading, { kind: 'has', subject, item: made.item, app: false, isColumn: true }, cell)
    reading.coverage.unread(made.unread)
  }
}

function cellsOf(columns: readonly Token[]): Token[][] {
  const cells: Token[][] = [[]]
  const hasMarks = columns.some((token) => isMark(token, ',', '|', ';'))
  for (const token of columns) {
    const cuts = isMark(token, ',', '|', ';', '.') || isWord(token, 'and') || isMark(token, '&')
    if (cuts || (!hasMarks && isMark(token, '/'))) cells.push([])
    else cells.at(-1)!.push(token)
  }
  return cells.filter((cell) => cell.length > 0)
}

/** Reads words that say only that there are sheets; false if they say more. */
function readFrame(tokens: readonly Token[], { coverage }: Reading): boolean {
  const isFrame = (token: Token) =>
    token.kind !== 'word' || EMPTY_WORDS.has(token.lower) || FRAME.has(token.lower) || isSheets(token)
  if (!tokens.every(isFrame)) return false
  coverage.read(tokens)
  return true
}

const FRAME = new Set(
  `excel google file files document workbook workbooks spreadsheet spreadsheets numbers csv xlsx currently now today keep keeps
  use uses everything two three four five six seven several different contains consists called columns whose first second`.split(
    /\s+/,
  ),
)
