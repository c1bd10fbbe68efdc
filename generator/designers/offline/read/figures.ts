import { HAS_VERBS } from '../lexicon/words.ts'
import { findMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'

/** `Give me the total per category and month`: figures of the rows, and neither rows nor fields. */
export function asksForFigures(tokens: readonly Token[]): boolean {
  const start = tokens.findIndex((token) => !isWord(token, 'and', 'also', 'please', 'then', 'finally'))
  const first = tokens[start]
  const wish = tokens.findIndex(
    (token) => !isWord(token, 'i', 'we', 'want', 'need', 'would', 'like', 'to', 'see', 'the'),
  )
  if (wish > 1 && FIGURES.has(tokens[wish]!.lower)) return true
  const isAsked =
    isWord(first, 'compute', 'calculate', 'count', 'sum') ||
    (isWord(first, 'give', 'show', 'tell', 'return') && isWord(tokens[start + 1], 'me', 'us', 'the', 'how'))
  if (isAsked)
    return tokens.some(({ lower }) => FIGURES.has(lower)) || isWord(first, 'compute', 'calculate', 'count')
  return (
    findMatch(tokens, 'total|totals|average|averages|sum|number|count per|by') !== null &&
    !tokens.some(({ lower }) => HAS_VERBS.has(lower))
  )
}

const FIGURES = new Set(
  'total totals average averages sum sums number count counts many much per statistics stats ranking leaderboard percentage percentages summary'.split(
    ' ',
  ),
)
