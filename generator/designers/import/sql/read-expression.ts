import type { Reader } from './token-reader.ts'
import type { Token } from './tokens.ts'

/** A value: a literal, a call or a parenthesized expression, with casts. */
export function readExpression(reader: Reader): Token[] {
  const tokens: Token[] = []
  const one = () => {
    let token = reader.next()
    while (token?.kind === 'sign' && (token.text === '-' || token.text === '+')) {
      tokens.push(token)
      token = reader.next()
    }
    if (!token) return
    tokens.push(token)
    if (token.kind === 'sign' && token.text === '(') {
      for (const inner of reader.inBrackets()) tokens.push(inner)
      tokens.push({ ...token, text: ')' })
    } else if (reader.is('(') && token.kind === 'word') {
      reader.accept('(')
      tokens.push({ ...token, kind: 'sign', text: '(' })
      for (const inner of reader.inBrackets()) tokens.push(inner)
      tokens.push({ ...token, kind: 'sign', text: ')' })
    }
  }
  one()
  while (reader.is('::') || reader.is('||') || reader.is('.')) {
    const isCast = reader.is('::')
    tokens.push(reader.next()!)
    one()
    if (isCast) {
      if (reader.accept('varying')) continue
      while (reader.accept('[')) reader.accept(']')
    }
  }
  return tokens
}
