import { SpecError } from '../spec-error.ts'
import type { Token } from './tokens.ts'

export type Reader = ReturnType<typeof makeReader>

export function makeReader(tokens: readonly Token[], sql: string) {
  let at = 0
  const peek = (ahead = 0): Token | undefined => tokens[at + ahead]
  const is = (word: string, ahead = 0): boolean => {
    const token = peek(ahead)
    return (
      token !== undefined &&
      (token.kind === 'word' || token.kind === 'sign') &&
      token.text.toLowerCase() === word.toLowerCase()
    )
  }
  const accept = (...words: string[]): boolean => {
    if (!words.every((word, index) => is(word, index))) return false
    at += words.length
    return true
  }
  const fail = (reason: string, hint: string): never => {
    const token = peek() ?? tokens.at(-1)
    throw new SpecError(reason, { place: token?.place, hint })
  }
  const found = () => {
    const token = peek()
    return token === undefined ? 'the end' : `"${sql.slice(token.start, token.end).slice(0, 40)}"`
  }
  return {
    peek,
    is,
    accept,
    fail,
    found,
    isDone: () => at >= tokens.length,
    next: (): Token | undefined => tokens[at++],
    expect(sign: string, where: string): void {
      if (!accept(sign)) fail(`Expected "${sign}" ${where}, found ${found()}.`, 'Correct that line.')
    },
    /** The last part of a name that may have a schema. */
    name(what: string): string {
      const token = peek()
      if (!token || !['word', 'name'].includes(token.kind))
        fail(`Expected the name of ${what}, found ${found()}.`, 'Correct that line.')
      at += 1
      let { text } = token!
      while (accept('.')) text = tokens[at++]?.text ?? text
      return text
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
    skipStatement(): void {
      while (at < tokens.length && !is(';')) at += 1
    },
  }
}
