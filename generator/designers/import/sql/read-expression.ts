import type { Reader } from './token-reader.ts'
import type { Token } from './tokens.ts'

/** Signs between two operands. */
const OPERATORS = [
  '::',
  '||',
  '+',
  '-',
  '*',
  '/',
  '%',
  '.',
  '->',
  '<',
  '>',
  '=',
  '<=',
  '>=',
  '<>',
  '!=',
  '~',
  '&',
  '|',
  '^',
]
/** Words before a literal: `timestamp '2020-01-01'`, `interval '1 day'`. */
const LITERAL_TYPES = new Set(['timestamp', 'timestamptz', 'date', 'time', 'interval', 'datetime'])
const TYPE_WORDS = ['varying', 'precision', 'with', 'without', 'local', 'time', 'zone', 'unsigned', 'signed']

/** A value: a literal, a call or a parenthesized expression, with casts and operators. */
export function readExpression(reader: Reader): Token[] {
  const tokens: Token[] = []
  readOperand(reader, tokens)
  for (;;) {
    const operator = OPERATORS.find((sign) => reader.is(sign))
    if (operator !== undefined) {
      tokens.push(reader.next()!)
      readOperand(reader, tokens)
      if (operator === '::') readCast(reader, tokens)
    } else if (reader.areNext('at', 'time', 'zone')) {
      for (let word = 0; word < 3; word++) tokens.push(reader.next()!)
      readOperand(reader, tokens)
    } else return tokens
  }
}

function readOperand(reader: Reader, tokens: Token[]): void {
  while (reader.is('-') || reader.is('+') || reader.is('~') || reader.is('not')) tokens.push(reader.next()!)
  if (reader.isEnd() || reader.is(',') || reader.is(')')) return
  const token = reader.next()!
  tokens.push(token)
  if (token.kind === 'sign' && token.text === '(') closeBracket(reader, token, tokens)
  else if (token.kind !== 'word') return
  else if (reader.is('(')) {
    tokens.push(reader.next()!)
    closeBracket(reader, token, tokens)
  } else if (/^array$/i.test(token.text) && reader.is('[')) readList(reader, tokens)
  else if (/^next$/i.test(token.text) && reader.accept('value', 'for')) reader.name('a sequence')
  else if (
    reader.peek()?.kind === 'text' &&
    (LITERAL_TYPES.has(token.text.toLowerCase()) || token.text.startsWith('_'))
  ) {
    tokens.pop()
    tokens.push(reader.next()!)
  }
}

function closeBracket(reader: Reader, token: Token, tokens: Token[]): void {
  for (const inner of reader.inBrackets()) tokens.push(inner)
  tokens.push({ ...token, kind: 'sign', text: ')' })
}

/** `[1, 2]`, with the lists in it. */
function readList(reader: Reader, tokens: Token[]): void {
  let depth = 0
  do {
    if (reader.is('[')) depth += 1
    if (reader.is(']')) depth -= 1
    const token = reader.next()
    if (!token) return
    tokens.push(token)
  } while (depth > 0)
}

/** What follows the first word of a type in a cast: the rest of its name, its size, and the brackets of a list. */
function readCast(reader: Reader, tokens: Token[]): void {
  while (reader.is('.')) {
    tokens.push(reader.next()!)
    if (reader.isName()) tokens.push(reader.next()!)
  }
  for (;;) {
    const word = TYPE_WORDS.find((one) => reader.is(one))
    if (word !== undefined) tokens.push(reader.next()!)
    else if (reader.is('[')) readList(reader, tokens)
    else if (reader.is('(')) closeBracket(reader, reader.next()!, tokens)
    else return
  }
}
