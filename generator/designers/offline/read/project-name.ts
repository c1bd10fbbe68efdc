import { isWord, type Token } from '../text/tokens.ts'
import { add, type Reading } from './reading.ts'

/** `an app called Shelfmark`, `named "My Shop"`: removed from the sentence, so that it does not become an entity. */
export function takeProjectName(tokens: readonly Token[], reading: Reading): readonly Token[] {
  const at = tokens.findIndex((token) => isWord(token, 'called', 'named'))
  if (
    at < 0 ||
    isWord(
      tokens[at - 1],
      'field',
      'column',
      'property',
      'attribute',
      'entity',
      'table',
      'resource',
      'model',
      'is',
      'are',
    )
  )
    return tokens
  let end = at + 1
  if (tokens[end]?.quoted) end++
  else {
    while (
      end < tokens.length &&
      end - at <= 4 &&
      tokens[end]!.kind === 'word' &&
      /^\p{Lu}/u.test(tokens[end]!.text)
    )
      end++
    if (end === at + 1 && tokens[end]?.kind === 'word') end++
  }
  const name = tokens.slice(at + 1, end)
  if (name.length === 0) return tokens
  add(reading, { kind: 'project', name: name.map((token) => token.text).join(' ') }, tokens.slice(at, end))
  return [...tokens.slice(0, at), ...tokens.slice(end)]
}
