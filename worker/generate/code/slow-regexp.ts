import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp'
import { getFirstConsumedChar, toCache, type ReadonlyFlags } from 'regexp-ast-analysis'
import { analyse } from 'scslre'

/**
 * Why a regular expression can take time that grows exponentially with the text, or null. Quantifiers within and after
 * quantifiers are analysed; of alternatives in a repetition, each must start with other characters than the others,
 * which is rather too strict than too lax.
 */
export function slowRegexp(source: string, flags: string): string | null {
  const parsed = new RegExpParser().parseLiteral(`/${source}/${flags}`)
  const { reports } = analyse(
    { pattern: parsed.pattern, flags: parsed.flags },
    { reportTypes: { Move: false } },
  )
  const nested = reports.find(({ exponential }) => exponential)
  if (nested !== undefined) return 'it repeats a repetition'
  let reason: string | null = null
  visitRegExpAST(parsed, {
    onQuantifierEnter({ max, element }) {
      if (max > 10 && 'alternatives' in element && overlap(element.alternatives, parsed.flags))
        reason = 'it repeats alternatives that can start in the same way'
    },
  })
  return reason
}

function overlap(alternatives: readonly AST.Alternative[], flags: ReadonlyFlags): boolean {
  const cache = toCache(flags)
  const firsts = alternatives.map((one) => getFirstConsumedChar(one, 'ltr', cache).char)
  return firsts.some((first, index) => firsts.slice(index + 1).some((other) => !first.isDisjointWith(other)))
}
