import type { Reader } from './token-reader.ts'

export function columnList(reader: Reader, what: string): string[] {
  reader.expect('(', `before the columns ${what}`)
  const inner = reader.inBrackets()
  const names: string[] = []
  let depth = 0
  let isStart = true
  for (const token of inner) {
    if (token.kind === 'sign' && token.text === '(') depth += 1
    else if (token.kind === 'sign' && token.text === ')') depth -= 1
    else if (token.kind === 'sign' && token.text === ',' && depth === 0) isStart = true
    else if (isStart && depth === 0) {
      names.push(token.text)
      isStart = false
    }
  }
  return names
}

export function skipIndexWords(reader: Reader): void {
  if (reader.accept('using')) reader.next()
}

/** Options after a constraint or column list. */
export function skipWords(reader: Reader): void {
  while (!reader.isDone() && !reader.is(',') && !reader.is(')') && !reader.is(';')) {
    if (reader.accept('(')) reader.inBrackets()
    else reader.next()
  }
}
