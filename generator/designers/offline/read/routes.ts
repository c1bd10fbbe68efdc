import type { Coverage } from '../text/coverage.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { add, type Reading } from './reading.ts'
import { OPERATION_VERBS } from './operations.ts'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** Words of a route's description that repeat the method. */
const PLAIN = new Set(
  `all a an the one single by its id new existing to for of list lists items item specific returns return and with from endpoint
  endpoints route routes details given details`
    .split(/\s+/)
    .concat(Object.keys(OPERATION_VERBS)),
)

/** `GET /api/tasks - list all tasks`, `the path is /v1/books`. Returns whether the sentence has a route. */
export function readRoutes(tokens: readonly Token[], reading: Reading): boolean {
  let found = false
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    if (token.kind !== 'path' || !token.text.startsWith('/')) continue
    const methods: Token[] = []
    for (let back = at - 1; back >= 0; back--) {
      const before = tokens[back]!
      if (isWord(before, ...METHODS)) methods.push(before)
      else if (!isMark(before, '/', ',', '|') && !isWord(before, 'and', 'or')) break
    }
    const path = token.text.replace(/\/+$/, '')
    const prefixed = tokens
      .slice(0, at)
      .some((word) => isWord(word, 'prefix', 'prefixed', 'under', 'base', 'behind'))
    if (prefixed && methods.length === 0) {
      add(reading, { kind: 'prefix', path }, tokens.slice(0, at + 1))
      found = true
      continue
    }
    for (const method of methods.length === 0 ? [null] : methods.reverse()) {
      add(reading, { kind: 'route', method: method?.lower ?? null, path, tokens: [...methods, token] }, [
        ...methods,
        token,
      ])
    }
    readDescription(tokens, at, reading.coverage, path)
    found = true
  }
  return found
}

/** Whether a description says no more than the method and path. */
function readDescription(tokens: readonly Token[], at: number, coverage: Coverage, path: string): void {
  const segments = path.toLowerCase().split(/[^a-z0-9]+/)
  const end = tokens.findIndex(
    (token, i) =>
      i > at &&
      (token.kind === 'path' || (isWord(token, 'and', ...METHODS) && tokens[i + 1]?.kind === 'path')),
  )
  const rest = tokens.slice(at + 1, end < 0 ? undefined : end)
  const plain = rest.every(
    (token) =>
      token.kind === 'mark' ||
      PLAIN.has(token.lower) ||
      segments.some(
        (part) =>
          part.length > 2 &&
          (part.startsWith(token.lower.slice(0, -1)) || token.lower.startsWith(part.slice(0, -1))),
      ),
  )
  if (plain) coverage.read(rest)
}
