import type { IndexPart } from './table-definition.ts'
import type { Reader } from './token-reader.ts'
import type { Token } from './tokens.ts'

/** What stands between commas at the top level. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'sign' && token.text === '(') depth += 1
    else if (token.kind === 'sign' && token.text === ')') depth -= 1
    if (token.kind === 'sign' && token.text === ',' && depth === 0) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts.filter((part) => part.length > 0)
}

export function columnList(reader: Reader, what: string): string[] {
  reader.expect('(', `before the columns ${what}`)
  return splitAtCommas(reader.inBrackets()).map(([first]) => first!.text)
}

/** Columns and expressions of an index. */
export function indexParts(reader: Reader, what: string, isUnique: boolean): IndexPart[] {
  reader.expect('(', `before the columns ${what}`)
  return splitAtCommas(reader.inBrackets()).map((tokens) => {
    const [first, second] = tokens
    const isColumn =
      (first!.kind === 'word' || first!.kind === 'name') &&
      // `name(10)` of MySQL is the beginning of a column, which is unique where the whole is not.
      (second?.text !== '(' || (tokens[2]?.kind === 'number' && !isUnique))
    if (!isColumn || second?.text === '.') return { tokens }
    const ignoresCase = tokens.some(
      ({ text }, at) => /^nocase$/i.test(text) && /^collate$/i.test(tokens[at - 1]?.text ?? ''),
    )
    return { column: first!.text, ...(ignoresCase && { ignoresCase }) }
  })
}

/** Columns that are not expressions; undefined if one is. */
export function columnsOf(parts: readonly IndexPart[]): string[] | undefined {
  const columns = parts.map(({ column }) => column)
  return columns.every((column) => column !== undefined) ? columns : undefined
}

export function skipIndexWords(reader: Reader): void {
  while (reader.accept('clustered') || reader.accept('nonclustered')) continue
  if (reader.accept('using')) reader.next()
}

/** Options after a constraint or column list. */
export function skipWords(reader: Reader): void {
  while (!reader.isEnd() && !reader.is(',') && !reader.is(')') && !reader.isNextStatement()) {
    if (reader.accept('(')) reader.inBrackets()
    else reader.next()
  }
}
