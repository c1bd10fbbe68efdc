import { matchAt } from './match.ts'
import { isMark, isWord, type Token } from './tokens.ts'

/** A piece of a sentence between commas, `and` and the words that begin a clause. */
export type Chunk = {
  readonly tokens: readonly Token[]
  /** The separator before it, or the word that opens a clause (`with`, `where`). */
  readonly before: 'start' | ',' | 'and' | 'but' | 'with' | 'parts' | 'where' | '.'
}

const CLAUSE_WORDS = ['where', 'which', 'that', 'who', 'whose', 'while', 'when', 'because', 'since', 'if']
const AND_WORDS = ['and', 'plus']

/** Participles that include their `with`: `tagged with many tags`. */
const TOGETHER = ['tagged', 'labeled', 'labelled', 'linked', 'associated', 'related', 'connected', 'shared']

/** How many words introduce the parts of a whole, which are what it is `with`. */
const partsAt = (tokens: readonly Token[], at: number): number =>
  matchAt(tokens, at, 'made|composed|consisting|comprised up? of') ||
  matchAt(tokens, at, 'split|divided|grouped|organised|organized into')

export function chunks(tokens: readonly Token[]): Chunk[] {
  const found: Chunk[] = []
  let part: Token[] = []
  let before: Chunk['before'] = 'start'
  const cut = (next: Chunk['before']) => {
    if (part.length > 0) found.push({ tokens: part, before })
    // `, and` counts as `and`; `and with` as `with`.
    if (part.length > 0 || found.length > 0) before = next
    part = []
  }
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    const [previous, next] = [tokens[at - 1], tokens[at + 1]]
    const betweenNumbers = previous?.kind === 'number' && next?.kind === 'number'
    // `cities, each with a country`
    if (isWord(token, 'each') && isWord(next, 'with', 'having')) continue
    if (isMark(token, ',', '，', '、', ';', '—', '–', '|') && !betweenNumbers) cut(',')
    else if (isMark(token, '&', '+') || (isWord(token, ...AND_WORDS) && !token.quoted)) {
      if (betweenNumbers) part.push(token)
      else cut('and')
    } else if (isWord(token, 'as') && isWord(next, 'well')) {
      cut('and')
      at += isWord(tokens[at + 2], 'as') ? 2 : 1
    } else if (isWord(token, 'with') && isWord(previous, ...TOGETHER)) part.push(token)
    else if (isWord(token, 'but', 'however', 'though', 'although')) cut('but')
    else if (isWord(token, 'with', 'without', 'including', 'containing', 'featuring', 'having')) {
      cut('with')
      // `without` is kept: a negation follows.
      if (token.lower === 'without') part.push(token)
    } else if (part.length > 0 && partsAt(tokens, at) > 0) {
      // `a course is made of lessons`
      if (isWord(part.at(-1), 'is', 'are')) part.pop()
      cut('parts')
      at += partsAt(tokens, at) - 1
    } else if (isWord(token, ...CLAUSE_WORDS) && part.length > 0) {
      cut('where')
    } else part.push(token)
  }
  cut('.')
  return found
}
