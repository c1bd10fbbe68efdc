import { SpecError, type SourcePosition } from '../spec-error.ts'

export type Token = {
  /** `word` is bare, `name` is quoted. */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign'
  /** Without quotes. */
  readonly text: string
  readonly start: number
  readonly end: number
  readonly place: SourcePosition
}

/** SQL tokens in any dialect, without comments. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  const starts = [0, ...[...sql.matchAll(/\n/g)].map(({ index }) => index + 1)]
  let line = 0
  const placeOf = (at: number): SourcePosition => {
    while (line + 1 < starts.length && starts[line + 1]! <= at) line += 1
    return { line: line + 1, column: at - starts[line]! + 1 }
  }
  let at = 0
  const take = (kind: Token['kind'], end: number, text: string) => {
    tokens.push({ kind, text, start: at, end, place: placeOf(at) })
    at = end
  }
  const until = (mark: string, from: number, what: string) => {
    const end = sql.indexOf(mark, from)
    if (end !== -1) return end
    throw new SpecError(`${what} is not closed.`, {
      place: placeOf(at),
      hint: `Close it with ${mark}.`,
    })
  }
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(sql)?.[0]
  }
  while (at < sql.length) {
    const character = sql[at]!
    const pair = sql.slice(at, at + 2)
    const space = match(/\s+/y)
    if (space !== undefined) at += space.length
    else if (pair === '--' || character === '#') {
      const end = sql.indexOf('\n', at)
      at = end === -1 ? sql.length : end
    } else if (pair === '/*') at = until('*/', at + 2, 'The comment') + 2
    else if (character === "'" || /^[eEnNbBxX]'/.test(pair)) {
      const open = character === "'" ? at : at + 1
      const hasEscapes = /^[eE]/.test(character) || character === "'"
      const { end, text } = quoted(sql, open, "'", hasEscapes, () => until("'", sql.length, 'The text'))
      take('text', end, text)
    } else if (character === '"' || character === '`') {
      const { end, text } = quoted(sql, at, character, false, () => until(character, sql.length, 'The name'))
      take('name', end, text)
    } else if (character === '[' && /^\[[^\]\d'"][^\]\n]*\]/.test(sql.slice(at, at + 130))) {
      const end = until(']', at, 'The name') + 1
      take('name', end, sql.slice(at + 1, end - 1))
    } else if (character === '$' && match(/\$(\w*)\$/y) !== undefined) {
      const mark = match(/\$(\w*)\$/y)!
      const end = until(mark, at + mark.length, 'The text') + mark.length
      take('text', end, sql.slice(at + mark.length, end - mark.length))
    } else {
      const number = match(/\d+(\.\d+)?([eE][+-]?\d+)?/y)
      const word = match(/[\p{L}_][\p{L}\p{N}_$]*/uy)
      if (number !== undefined) take('number', at + number.length, number)
      else if (word !== undefined) take('word', at + word.length, word)
      else {
        const sign = ['::', '<=', '>=', '<>', '!=', '||'].includes(pair) ? pair : character
        take('sign', at + sign.length, sign)
      }
    }
  }
  return tokens
}

function quoted(sql: string, open: number, mark: string, hasEscapes: boolean, fail: () => never | number) {
  let text = ''
  for (let at = open + 1; at < sql.length; at++) {
    const character = sql[at]!
    if (character === mark) {
      if (sql[at + 1] !== mark) return { end: at + 1, text }
      text += mark
      at += 1
    } else if (hasEscapes && character === '\\' && at + 1 < sql.length && /['\\nrt]/.test(sql[at + 1]!)) {
      const next = sql[at + 1]!
      text += ({ n: '\n', r: '\r', t: '\t' } as Record<string, string>)[next] ?? next
      at += 1
    } else text += character
  }
  fail()
  return { end: sql.length, text }
}
