import { matchAt } from '../text/match.ts'
import { isMark, isWord } from '../text/tokens.ts'
import { CHARACTERS, UNITS, type Rule, found, numeric, bound, phraseAt } from './modifier.ts'

/** `max 200 characters`, `at least 0`, `between 1 and 5`. */

export const upperBound: Rule = (tokens, at) => {
  // `a rating out of 10`
  const outOf = matchAt(tokens, at, 'out of')
  if (outOf > 0 && tokens[at + outOf]?.kind === 'number')
    return bound(tokens, at, outOf + 1, tokens[at + outOf]!, 'max', { min: 0 })
  const words = phraseAt(tokens, at, [
    ['maximum', 'length', 'of'], ['max', 'length', 'of'], ['no', 'longer', 'than'], ['not', 'longer', 'than'],
    ['no', 'more', 'than'], ['not', 'more', 'than'], ['limited', 'to'],
    ['not', 'exceed'], ['maximum', 'of'], ['max', 'of'],
    ['maximum', 'length'], ['max', 'length'], ['max', 'len'], ['up', 'to'], ['at', 'most'], ['less', 'than'], ['under'], ['below'],
    ['maximum'], ['maxlength'], ['max'], ['<='], ['<'],
  ]) // prettier-ignore
  if (words === null) {
    // `200 chars max`, `200 character limit`
    const size = tokens[at]?.kind === 'number' && isWord(tokens[at + 1], ...CHARACTERS)
    if (size && isWord(tokens[at + 2], 'max', 'maximum', 'limit'))
      return bound(tokens, at, 3, tokens[at]!, 'length')
    if (tokens[at]?.kind === 'number' && isWord(tokens[at + 1], 'max', 'maximum'))
      return bound(tokens, at, 2, tokens[at]!, 'max')
    return null
  }
  let next = at + words.length
  if (isMark(tokens[next], ':', '=')) next++
  const value = tokens[next]
  if (value?.kind !== 'number') return null
  const chars =
    isWord(tokens[next + 1], ...CHARACTERS) ||
    words.includes('length') ||
    words.includes('len') ||
    words.includes('longer') ||
    words.includes('maxlength')
  const unit = isWord(tokens[next + 1], ...CHARACTERS, ...UNITS) ? 1 : 0
  const long = unit === 1 && isWord(tokens[next + 2], 'long', 'max') ? 1 : 0
  const made = bound(tokens, at, next + 1 + unit + long - at, value, chars ? 'length' : 'max')
  if (
    made &&
    (words.includes('less') || words.includes('under') || words.includes('below') || words.includes('<'))
  ) {
    return found(made.take, { ...made.spec, maxExclusive: true })
  }
  return made
}

export const lowerBound: Rule = (tokens, at) => {
  if (isWord(tokens[at], 'positive')) {
    const extra = isWord(tokens[at + 1], 'only') ? 1 : 0
    return found(1 + extra, { min: 0, minExclusive: true, boundTokens: [tokens[at]!] })
  }
  if (isWord(tokens[at], 'non-negative', 'nonnegative'))
    return found(1, { min: 0, boundTokens: [tokens[at]!] })
  if (isWord(tokens[at], 'not', 'never') && isWord(tokens[at + 1], 'negative')) return found(2, { min: 0 })
  if (matchAt(tokens, at, 'not be negative') > 0) return found(3, { min: 0 })
  if (
    isWord(tokens[at], 'cannot', "can't") &&
    isWord(tokens[at + 1], 'be') &&
    isWord(tokens[at + 2], 'negative')
  ) {
    return found(3, { min: 0 })
  }
  if (isWord(tokens[at], 'be') && isWord(tokens[at + 1], 'negative')) return null
  const words = phraseAt(tokens, at, [
    ['no', 'less', 'than'], ['not', 'less', 'than'], ['greater', 'than', 'or', 'equal', 'to'], ['minimum', 'of'],
    ['min', 'of'], ['at', 'least'], ['greater', 'than'], ['more', 'than'], ['bigger', 'than'], ['above'], ['over'],
    ['minimum'], ['min'], ['>='], ['>'],
  ]) // prettier-ignore
  if (words === null) return null
  let next = at + words.length
  if (isMark(tokens[next], ':', '=')) next++
  const value = tokens[next]
  // A Blueprint cannot express a minimum length, so it stays unread and is reported.
  if (value?.kind !== 'number' || isWord(tokens[next + 1], ...CHARACTERS)) return null
  const exclusive =
    !words.includes('equal') && ['greater', 'more', 'bigger', 'above', 'over', '>'].includes(words[0]!)
  const made = bound(tokens, at, next + 1 - at, value, 'min')
  return made && exclusive && words[0] !== 'no'
    ? found(made.take, { ...made.spec, minExclusive: true })
    : made
}

export const range: Rule = (tokens, at) => {
  let next = at
  if (isWord(tokens[next], 'between', 'from')) next++
  const [low, dash, high] = [tokens[next], tokens[next + 1], tokens[next + 2]]
  if (low?.kind !== 'number' || high?.kind !== 'number') return null
  if (!isMark(dash, '-', '–', '—', '..', '...', '/') && !isWord(dash, 'to', 'and', 'through')) return null
  const [min, max] = [numeric(low), numeric(high)]
  if (min === null || max === null || min > max) return null
  let take = next + 3 - at
  if (isWord(tokens[at + take], ...CHARACTERS)) return null
  if (isWord(tokens[at + take], ...UNITS)) take++
  return found(take, { min, max, boundTokens: tokens.slice(at, at + take) })
}
