import { SpecError } from '../spec-error.ts'
import { lineEnd, sourcePosition } from './source-position.ts'
import type { Dialect } from './dialect.ts'
import { quotedText } from './quoted-text.ts'

export type Token = {
  /**
   * `word` is bare, `name` is quoted. `end` ends a batch of SQL Server, and `inner` is a semicolon within a routine: neither
   * ends a statement elsewhere.
   */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign' | 'end' | 'inner'
  /** Without quotes. */
  readonly text: string
  readonly start: number
  readonly end: number
}

const SPACE = /\s+/y
const NUMBER = /0x[\da-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_$#]*/uy
const TEMPORARY = /##?[\p{L}_][\p{L}\p{N}_$#]*/uy
const DOLLARS = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy
const BRACKETED = /\[[^\]\n]{1,128}\]/y
const CODE_COMMENT = /\/\*M?!\d*(?!\\)/y
const SIGNS = new Set(['::', '<=', '>=', '<>', '!=', '||', '->'])

/** SQL tokens, without comments, the commands of database clients, and the data of COPY. */
export function tokensOf(sql: string, dialect: Dialect): Token[] {
  const tokens: Token[] = []
  let at = 0
  /** Where the tokens of the present statement begin. */
  let first = 0
  let delimiter = ';'
  let codeComments = 0
  const take = (kind: Token['kind'], end: number, text: string) => {
    tokens.push({ kind, text, start: at, end })
    at = end
  }
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(sql)?.[0]
  }
  const fail = (what: string, mark: string): never => {
    throw new SpecError(`${what} is not closed.`, {
      place: sourcePosition(sql, at),
      hint: `Close it with ${mark}.`,
    })
  }
  const after = (mark: string, from: number, what: string): number => {
    const end = sql.indexOf(mark, from)
    return end === -1 ? fail(what, mark) : end + mark.length
  }
  const quoted = (kind: 'text' | 'name', open: number, hasEscapes: boolean) => {
    const mark = sql[open]!
    const found = quotedText(sql, open, { mark, hasEscapes })
    if (!found) return fail(kind === 'text' ? 'The text' : 'The name', mark)
    take(kind, found.end, found.text)
  }
  const isFirst = () => tokens.length === first
  const endStatement = (kind: 'sign' | 'end', length: number) => {
    const isCopy =
      isWord(tokens[first], 'copy') && tokens.slice(first).some((token) => isWord(token, 'stdin'))
    take(kind, at + length, kind === 'end' ? 'go' : ';')
    if (isCopy) at = endOfCopiedRows(sql, at)
    first = tokens.length
  }
  while (at < sql.length) {
    const character = sql[at]!
    const pair = sql.slice(at, at + 2)
    const space = match(SPACE)
    if (space !== undefined) at += space.length
    else if (delimiter !== ';' && sql.startsWith(delimiter, at)) endStatement('sign', delimiter.length)
    else if (character === ';') {
      if (delimiter === ';') endStatement('sign', 1)
      else take('inner', at + 1, ';')
    } else if (pair === '--') at = lineEnd(sql, at)
    else if (character === '#' && match(TEMPORARY) !== undefined && isBeforeTable(tokens.at(-1))) {
      const name = match(TEMPORARY)!
      take('word', at + name.length, name)
    } else if (character === '#' && dialect !== 'postgres' && dialect !== 'sqlserver') at = lineEnd(sql, at)
    else if (pair === '/*') {
      // MySQL runs what stands in such a comment.
      const code = dialect === 'mysql' ? match(CODE_COMMENT) : undefined
      if (code !== undefined) {
        codeComments += 1
        at += code.length
      } else if (dialect === 'postgres') at = endOfNested(sql, at) ?? fail('The comment', '*/')
      else at = after('*/', at + 2, 'The comment')
    } else if (pair === '*/' && codeComments > 0) {
      codeComments -= 1
      at += 2
    } else if (character === '\\' && isFirst()) at = lineEnd(sql, at)
    else if (character === "'") quoted('text', at, dialect === 'mysql')
    else if (/^[eEnNbBxX]'/.test(pair)) quoted('text', at + 1, dialect === 'mysql' || /^e/i.test(pair))
    else if (character === '"' || character === '`')
      quoted('name', at, dialect === 'mysql' && character === '"')
    else if (character === '[' && isName(match(BRACKETED), dialect, tokens.at(-1))) {
      const name = match(BRACKETED)!
      take('name', at + name.length, name.slice(1, -1))
    } else if (character === '$' && match(DOLLARS) !== undefined) {
      const mark = match(DOLLARS)!
      const end = after(mark, at + mark.length, 'The text')
      take('text', end, sql.slice(at + mark.length, end - mark.length))
    } else {
      const number = match(NUMBER)
      const word = number === undefined ? match(WORD) : undefined
      if (number !== undefined && !(character === '.' && isNamePart(tokens.at(-1), at)))
        take('number', at + number.length, number)
      else if (word !== undefined && isFirst() && word.toLowerCase() === 'delimiter') {
        const end = lineEnd(sql, at)
        delimiter =
          sql
            .slice(at + word.length, end)
            .trim()
            .split(/\s/, 1)[0] || ';'
        at = end
      } else if (word !== undefined && dialect === 'sqlserver' && /^go$/i.test(word) && isAlone(sql, at))
        endStatement('end', 2)
      else if (word !== undefined) take('word', at + word.length, word)
      else {
        const sign = SIGNS.has(pair) ? pair : character
        take('sign', at + sign.length, sign)
      }
    }
  }
  return tokens
}

const isWord = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'word' && token.text.toLowerCase() === text

const isNamePart = (token: Token | undefined, at: number): boolean =>
  (token?.kind === 'word' || token?.kind === 'name') && token.end === at

/** `CREATE TABLE #orders`: a temporary table of SQL Server, not a comment. */
const isBeforeTable = (token: Token | undefined): boolean =>
  ['table', 'into', 'exists'].some((word) => isWord(token, word))

/** `[Order Details]` of SQL Server and SQLite, not `ARRAY[a]` or `labels[1]`. */
function isName(bracketed: string | undefined, dialect: Dialect, before: Token | undefined): boolean {
  if (bracketed === undefined || dialect === 'postgres') return false
  if (dialect === 'sqlserver') return true
  return /^\[[^\d'"]/.test(bracketed) && !isWord(before, 'array')
}

/** Whether a word stands in a line of its own, but for a number: `GO 2`. */
function isAlone(sql: string, at: number): boolean {
  const before = sql.slice(Math.max(0, at - 100), at)
  if (!/(^|\n)[ \t]*$/.test(before) || (at > 100 && !before.includes('\n'))) return false
  return /^go[ \t]*(\d{1,9}[ \t]*)?;?\r?(\n|$)/i.test(sql.slice(at, at + 200))
}

/** The rows of COPY end with a line of a backslash and a dot. */
function endOfCopiedRows(sql: string, at: number): number {
  const end = sql.indexOf('\n\\.', at)
  return end === -1 ? sql.length : lineEnd(sql, end + 1)
}

const COMMENT_MARK = /\/\*|\*\//g

/** The end of a comment that may hold others; undefined if it has none. */
function endOfNested(sql: string, at: number): number | undefined {
  COMMENT_MARK.lastIndex = at
  let depth = 0
  for (let found = COMMENT_MARK.exec(sql); found; found = COMMENT_MARK.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return found.index + 2
  }
  return undefined
}
