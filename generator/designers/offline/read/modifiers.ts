import { isMark, isWord, type Token } from '../text/tokens.ts'
import { type Modifier, type Rule, found, literal } from './modifier.ts'
import { upperBound, lowerBound, range } from './bounds.ts'
import { lists, types } from './stated-types.ts'

/** Rules for the words around a field name; the first match wins. */
const required: Rule = (tokens, at, inSpec) => {
  const [token, next, third] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  if (isWord(token, 'not') && isWord(next, 'required', 'mandatory', 'needed'))
    return found(2, { required: false })
  if (isWord(token, 'not') && isWord(next, 'null', 'empty', 'blank', 'nullable'))
    return found(2, { required: true })
  if (isWord(token, 'not') && isWord(next, 'be') && isWord(third, 'empty', 'null', 'blank'))
    return found(3, { required: true })
  if (isWord(token, 'may', 'can') && isWord(next, 'be') && isWord(third, 'empty', 'blank'))
    return found(3, { blank: true })
  if (
    isWord(token, 'cannot', "can't", 'never') &&
    isWord(next, 'be') &&
    isWord(third, 'empty', 'null', 'blank')
  ) {
    return found(3, { required: true })
  }
  if (
    isWord(
      token,
      'required',
      'mandatory',
      'obligatory',
      'compulsory',
      'non-null',
      'not-null',
      'notnull',
      'req',
    )
  ) {
    return found(1, { required: true })
  }
  if (isWord(token, 'optional', 'optionally', 'nullable')) return found(1, { required: false })
  if (isWord(token, 'if') && isWord(next, 'any')) return found(2, { required: false })
  if (isMark(token, '!') && at > 0) return found(1, { required: true })
  if (isMark(token, '?') && at > 0) return found(1, { required: false })
  if (inSpec && isWord(token, 'null')) return found(1, { required: false })
  return null
}

const unique: Rule = (tokens, at) => {
  if (isWord(tokens[at], 'unique', 'distinct')) return found(1, { unique: true })
  if (isWord(tokens[at], 'no') && isWord(tokens[at + 1], 'duplicates')) return found(2, { unique: true })
  return null
}

const defaults: Rule = (tokens, at, inSpec) => {
  let next = at
  if (isWord(tokens[next], 'with') && isWord(tokens[next + 1], 'default')) next++
  if (isWord(tokens[next], 'by') && isWord(tokens[next + 1], 'default')) next++
  if (isWord(tokens[next], 'default', 'defaults', 'defaulting', 'defaulted', 'initially')) {
    next++
    if (isWord(tokens[next], 'value')) next++
    if (isWord(tokens[next], 'to', 'is', 'of', 'as', 'value', 'being') || isMark(tokens[next], ':', '='))
      next++
    const value = tokens[next]
    return value === undefined || value.kind === 'group' || value.kind === 'mark'
      ? null
      : found(next + 1 - at, { default: literal(value) })
  }
  if (isMark(tokens[at], '=') && tokens[at + 1] && tokens[at + 1]!.kind !== 'group') {
    return found(2, { default: literal(tokens[at + 1]!) })
  }
  // `false by default`
  if (
    at > 0 &&
    isWord(tokens[at + 1], 'by') &&
    isWord(tokens[at + 2], 'default') &&
    tokens[at]!.kind !== 'group'
  ) {
    return found(3, { default: literal(tokens[at]!) })
  }
  if (inSpec && at === 0 && isWord(tokens[1], 'default') && tokens.length === 2) {
    return found(2, { default: literal(tokens[0]!) })
  }
  return null
}

const RULES: readonly Rule[] = [required, unique, defaults, range, upperBound, lowerBound, lists, types]

/** The modifier at `at`. `inSpec`: after a colon, in parentheses or after `is`. */
export function matchModifier(tokens: readonly Token[], at: number, inSpec: boolean): Modifier | null {
  for (const rule of RULES) {
    const match = rule(tokens, at, inSpec)
    if (match !== null) return match
  }
  return null
}
