import { SpecError } from '../spec-error.ts'
import type { Dialect } from './dialect.ts'
import { sourcePosition } from './source-position.ts'
import type { TableName } from './table-definition.ts'
import type { Token } from './tokens.ts'

export type Reader = ReturnType<typeof makeReader>

/** Schemas that a database uses where none is named. */
const USUAL_SCHEMAS = new Set(['public', 'dbo', 'main'])

export function makeReader(tokens: readonly Token[], sql: string, dialect: Dialect) {
  let at = 0
  const peek = (ahead = 0): Token | undefined => tokens[at + ahead]
  const is = (word: string, ahead = 0): boolean => {
    const token = tokens[at + ahead]
    return (
      token !== undefined &&
      (token.kind === 'word' || token.kind === 'sign') &&
      token.text.length === word.length &&
      token.text.toLowerCase() === word
    )
  }
  const areNext = (...words: string[]): boolean => words.every((word, index) => is(word, index))
  const accept = (...words: string[]): boolean => {
    if (!areNext(...words)) return false
    at += words.length
    return true
  }
  const fail = (reason: string, hint: string): never => {
    const token = peek() ?? tokens.at(-1)
    throw new SpecError(reason, { place: token && sourcePosition(sql, token.start), hint })
  }
  const found = () => {
    const token = peek()
    return token === undefined ? 'the end' : `"${sql.slice(token.start, token.end).slice(0, 40)}"`
  }
  const isEnd = (): boolean => at >= tokens.length || is(';') || tokens[at]?.kind === 'end'
  const isName = (ahead = 0): boolean => ['word', 'name'].includes(peek(ahead)?.kind ?? '')
  const names = (what: string): string[] => {
    // SQLite takes a text for a name where only a name can stand.
    const isQuoted = peek()?.kind === 'text' && (dialect === 'sqlite' || dialect === undefined)
    if (!isName() && !isQuoted) fail(`Expected the name of ${what}, found ${found()}.`, 'Correct that line.')
    const parts = [tokens[at++]!.text]
    while (accept('.')) if (!is('.')) parts.push(tokens[at++]?.text ?? '')
    return parts
  }
  /** Scripts of SQL Server may leave out the semicolon. */
  const isNextStatement = (): boolean =>
    dialect === 'sqlserver' &&
    (areNext('create', 'table') || areNext('alter', 'table') || areNext('insert', 'into'))
  /** Where the last batch of SQL Server ends. */
  const lastBatch = tokens.findLastIndex(({ kind }) => kind === 'end')
  return {
    dialect,
    /** Whether the bodies of routines end so far; where one does not, each ends with its first statement. */
    routines: { end: true },
    isInBatch: (): boolean => at <= lastBatch,
    peek,
    is,
    areNext,
    accept,
    fail,
    found,
    isEnd,
    isName,
    isNextStatement,
    isDone: () => at >= tokens.length,
    next: (): Token | undefined => tokens[at++],
    /** Whether no line break stands before the next token. */
    isSameLine: (): boolean =>
      !sql.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? sql.length).includes('\n'),
    position: (): number => at,
    goTo(position: number): void {
      at = position
    },
    /** The text of the document from one token to another. */
    source: (from: number, to = at): string =>
      sql.slice(tokens[from]?.start ?? sql.length, tokens[to - 1]?.end ?? sql.length),
    expect(sign: string, where: string): void {
      if (!accept(sign)) fail(`Expected "${sign}" ${where}, found ${found()}.`, 'Correct that line.')
    },
    /** The last part of a name that may have a schema. */
    name: (what: string): string => names(what).at(-1)!,
    tableName(what: string): TableName {
      const parts = names(what)
      const schema = parts.at(-2)
      return {
        name: parts.at(-1)!,
        schema: schema === undefined || USUAL_SCHEMAS.has(schema.toLowerCase()) ? undefined : schema,
      }
    },
    /** Tokens up to the closing parenthesis. */
    inBrackets(): Token[] {
      const inner: Token[] = []
      let depth = 1
      while (depth > 0) {
        const token = tokens[at++]
        if (!token) return fail('A bracket is not closed.', 'Add the missing ")".')
        if (token.kind === 'sign' && token.text === '(') depth += 1
        if (token.kind === 'sign' && token.text === ')') depth -= 1
        if (depth > 0) inner.push(token)
      }
      return inner
    },
    /** Whether a later statement creates this table. */
    createsLater(table: string): boolean {
      const name = table.toLowerCase()
      const textAt = (index: number) => tokens[index]?.text.toLowerCase()
      for (let index = at; index < tokens.length; index++) {
        if (textAt(index) !== 'create' || textAt(index + 1) !== 'table') continue
        const start = index + 2 + (textAt(index + 2) === 'if' ? 3 : 0)
        if (textAt(start + (textAt(start + 1) === '.' ? 2 : 0)) === name) return true
      }
      return false
    },
    skipStatement(): void {
      while (!isEnd() && !isNextStatement()) at += 1
    },
    /** To the next of these words or the end of the statement, over brackets. */
    skipTo(...words: string[]): void {
      let depth = 0
      while (!isEnd()) {
        if (depth === 0 && words.some((word) => is(word))) return
        if (is('(')) depth += 1
        else if (is(')')) depth -= 1
        at += 1
      }
    },
  }
}
