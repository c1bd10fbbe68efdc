import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { FieldSpec } from './facts.ts'
import { matchModifier } from './modifiers.ts'

/** The modifiers of tokens that contain nothing else; null otherwise. */
export function readOnlyModifiers(tokens: readonly Token[], inSpec = true): FieldSpec | null {
  // `number: string` names a field, even though its name looks like a type.
  if (
    isMark(tokens[1], ':') &&
    !isWord(tokens[0], 'default', 'max', 'min', 'type', 'length', 'maximum', 'minimum')
  )
    return null
  const spec: FieldSpec = {}
  let at = 0
  let any = false
  while (at < tokens.length) {
    const match = matchModifier(tokens, at, inSpec)
    if (match !== null) {
      Object.assign(spec, match.spec)
      at += match.take
      any = true
    } else if (
      isWord(
        tokens[at],
        'a',
        'an',
        'is',
        'are',
        'be',
        'must',
        'should',
        'it',
        'field',
        'value',
        'only',
        'format',
        'type',
        'in',
      ) ||
      isMark(tokens[at], ':')
    )
      at++
    else return null
  }
  return any ? spec : null
}
