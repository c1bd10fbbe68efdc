import { isPlural } from '../../../blueprint/words.ts'
import { fitsPlural, fitsSingular } from '../lexicon/verbs.ts'
import { HAS_VERBS, MODALS, SINGULAR_DETERMINERS } from '../lexicon/words.ts'
import type { Token } from '../text/tokens.ts'

/** Where the verb of a clause stands after a subject of up to three words: `members log runs`, `each member logs runs`; 0 elsewhere. */
export function verbOfClause(tokens: readonly Token[]): number {
  const at = tokens.findIndex((token, i) => i > 0 && i <= 4 && agrees(tokens, i, token))
  return at > 0 && at < tokens.length - 1 && tokens.slice(0, at).every(({ kind }) => kind === 'word') ? at : 0
}

function agrees(tokens: readonly Token[], at: number, { lower, kind, quoted }: Token): boolean {
  if (kind !== 'word' || quoted) return false
  const subject = tokens[at - 1]!
  if (isPlural(subject.text) || subject.lower === 'people')
    return fitsPlural(lower) || HAS_VERBS.has(lower) || MODALS.has(lower)
  const first = tokens[0]!.lower
  const isOne = SINGULAR_DETERMINERS.has(first) || ['the', 'each', 'every'].includes(first)
  return at > 1 && isOne && (fitsSingular(lower) || MODALS.has(lower))
}
