import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { readPhrase } from './phrase.ts'

/** Where a sheet is named, and where its columns begin: `Sheet "Orders" with columns: …`, `the Orders tab (…)`. */

export type Opener = {
  readonly name: Phrase
  /** From the first word that names the sheet to the first column. */
  readonly from: number
  readonly to: number
  /** The columns, where they stand in brackets. */
  readonly group: Token | null
}

const SHEET = /^(?:work|spread)?sheet\d*$|^tab\d*$/
const SHEETS = /^(?:(?:work|spread)?sheets|tabs)$/
const LEAD =
  'the a an one another my our this that first second third fourth fifth last next other excel google single main'.split(
    ' ',
  )
const NAMED = 'called named titled labelled labeled for about of is contains'.split(' ')
const HAS = 'with has have having contains contain containing holds includes lists showing shows'.split(' ')
const COLUMNS = 'columns column fields headers headings header'.split(' ')
const BEFORE_COLUMNS = 'the these following as only just such'.split(' ')
const DASHES = ['-', '–', '—', '=', '→', '->']
const MAX_NAME = 3

export const isSheet = (token: Token | undefined): boolean =>
  token !== undefined && !token.quoted && token.kind === 'word' && SHEET.test(token.lower)

/** `three sheets`: several are introduced. */
export const isSheets = (token: Token | undefined): boolean =>
  token !== undefined && !token.quoted && token.kind === 'word' && SHEETS.test(token.lower)

/** The sheet that is named at `at`; `isListed` if sheets were introduced before, so that the word itself may be missing. */
export function openerAt(
  tokens: readonly Token[],
  at: number,
  isListed: boolean,
  opens: boolean,
): Opener | null {
  let next = at
  while (next - at < 4 && isWord(tokens[next], ...LEAD)) next++
  if (isSheet(tokens[next])) return afterSheet(tokens, at, next + 1, opens)
  for (let length = 1; length <= MAX_NAME; length++) {
    if (!isSheet(tokens[next + length])) continue
    return named(tokens, at, tokens.slice(next, next + length), separatorAt(tokens, next + length + 1, opens))
  }
  if (!isListed) return null
  // `one sheet for customers (…), another for orders (…)`
  const isFurther = isWord(tokens[at], 'one', 'another') && isWord(tokens[at + 1], 'for', 'with')
  return nameAt(tokens, at, isFurther ? at + 2 : next, false)
}

/** `1: Customers (…)`, `called Orders with the columns …`, `(Orders): …`. */
function afterSheet(tokens: readonly Token[], from: number, start: number, opens: boolean): Opener | null {
  let next = start
  if (tokens[next]?.kind === 'number') next++
  const group = tokens[next]
  if (group?.kind === 'group') return named(tokens, from, group.inner, separatorAt(tokens, next + 1, opens))
  if (isMark(tokens[next], ':', '.', ...DASHES) || isWord(tokens[next], ...NAMED)) next++
  while (isWord(tokens[next], 'the', 'our', 'my', 'all')) next++
  return nameAt(tokens, from, next, opens)
}

function nameAt(tokens: readonly Token[], from: number, at: number, opens: boolean): Opener | null {
  for (let length = 1; length <= MAX_NAME && at + length <= tokens.length; length++) {
    const separator = separatorAt(tokens, at + length, opens)
    if (separator !== null) return named(tokens, from, tokens.slice(at, at + length), separator)
  }
  return null
}

type Separator = { readonly to: number; readonly group: Token | null }

function named(
  _tokens: readonly Token[],
  from: number,
  name: readonly Token[],
  separator: Separator | null,
): Opener | null {
  if (separator === null || name.some((token) => isWord(token, ...HAS, ...COLUMNS, ...LEAD))) return null
  const phrase = readPhrase(name)
  return phrase === null ? null : { name: phrase, from, ...separator }
}

/** What stands between a name and its columns. */
function separatorAt(tokens: readonly Token[], at: number, opens: boolean): Separator | null {
  const token = tokens[at]
  if (token === undefined) return opens ? { to: at, group: null } : null
  if (token.kind === 'group') return { to: at + 1, group: token }
  if (isMark(token, ':', ...DASHES)) return { to: afterColumns(tokens, at + 1), group: null }
  let next = at
  if (isMark(tokens[next], ',') || isWord(tokens[next], 'and')) next++
  if (isWord(tokens[next], 'which', 'that', 'it')) next++
  if (isWord(tokens[next], ...HAS)) return { to: afterColumns(tokens, next + 1), group: null }
  return isWord(tokens[next], ...COLUMNS) ? { to: afterColumns(tokens, next), group: null } : null
}

/** Skips `the following columns:`. */
export function afterColumns(tokens: readonly Token[], at: number): number {
  let next = at
  while (isWord(tokens[next], ...BEFORE_COLUMNS)) next++
  if (!isWord(tokens[next], ...COLUMNS)) return isMark(tokens[at], ':') ? at + 1 : at
  while (isWord(tokens[next], ...COLUMNS, 'names')) next++
  while (isMark(tokens[next], ':', ...DASHES) || isWord(tokens[next], 'are', 'called', 'named')) next++
  return next
}

/** A plural or a quoted name is a sheet even where nothing else speaks of a spreadsheet. */
export const isCertain = ({ name }: Opener): boolean =>
  name.plural || name.tokens.some(({ quoted }) => quoted)

/** `customers.csv` as the words `sheet customers`. */
export function fileName(token: Token): Token[] {
  const text = /^([\p{L}\p{N}_-]+)\.(?:csv|xlsx?|ods)$/iu.exec(token.text)?.[1]
  if (text === undefined) return [token]
  return [
    { ...token, text: 'sheet', lower: 'sheet' },
    { ...token, text, lower: text.toLowerCase() },
  ]
}

/** Whether a text speaks of a spreadsheet. */
export const speaksOfSpreadsheet = (rows: readonly (readonly Token[])[]): boolean => {
  const words = rows.flat().filter(({ kind }) => kind === 'word')
  const isCertainWord = ({ lower }: Token) =>
    /^(?:excel|xlsx?|csv|spreadsheets?|workbooks?|worksheets?)$|\.(?:csv|xlsx?|ods)$/.test(lower)
  return words.some(isCertainWord) || words.filter((token) => isSheet(token)).length > 1
}
