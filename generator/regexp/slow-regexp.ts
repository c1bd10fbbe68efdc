import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp'
import { getFirstConsumedChar, toCache, type ReadonlyFlags } from 'regexp-ast-analysis'
import { analyse } from 'scslre'

/** More than any pattern of ordinary code has. What is within them is analysed in milliseconds. */
const MAX_LENGTH = 2000
const MAX_QUANTIFIERS = 40
const MAX_NESTED_QUANTIFIERS = 3
/** Pairs of repetitions that can share a text between them. An address of mail has one or two. */
const MAX_SHARING = 5

/**
 * Why a regular expression can take time that grows exponentially with the text, or null. Quantifiers within and after
 * quantifiers are analysed; of alternatives in a repetition, each must start with other characters than the others,
 * which is rather too strict than too lax.
 */
export function slowRegexp(source: string, flags: string): string | null {
  if (source.length > MAX_LENGTH) return 'it is very long'
  const parsed = new RegExpParser().parseLiteral(`/${source}/${flags}`)
  // Before the analysis, whose time doubles with each repetition around another.
  const { count, depth } = quantifiersOf(parsed)
  if (depth > MAX_NESTED_QUANTIFIERS) return 'it repeats a repetition'
  if (count > MAX_QUANTIFIERS) return 'it has very many repetitions'
  const { reports } = analyse(
    { pattern: parsed.pattern, flags: parsed.flags },
    { reportTypes: { Move: false } },
  )
  const nested = reports.find(({ exponential }) => exponential)
  if (nested !== undefined) return 'it repeats a repetition'
  if (reports.filter(({ type }) => type === 'Trade').length > MAX_SHARING)
    return 'many of its repetitions match the same characters one after another'
  let reason: string | null = null
  visitRegExpAST(parsed, {
    onQuantifierEnter({ max, element }) {
      if (max > 10 && 'alternatives' in element && overlap(element.alternatives, parsed.flags))
        reason = 'it repeats alternatives that can start in the same way'
    },
  })
  return reason
}

/** How many there are, and how many that repeat stand within one another. */
function quantifiersOf(parsed: AST.RegExpLiteral): { readonly count: number; readonly depth: number } {
  let [count, open, depth] = [0, 0, 0]
  visitRegExpAST(parsed, {
    onQuantifierEnter({ max }) {
      count += 1
      if (max > 1) open += 1
      depth = Math.max(depth, open)
    },
    onQuantifierLeave({ max }) {
      if (max > 1) open -= 1
    },
  })
  return { count, depth }
}

function overlap(alternatives: readonly AST.Alternative[], flags: ReadonlyFlags): boolean {
  const cache = toCache(flags)
  const firsts = alternatives.map((one) => getFirstConsumedChar(one, 'ltr', cache).char)
  return firsts.some((first, index) => firsts.slice(index + 1).some((other) => !first.isDisjointWith(other)))
}
