import { isMark, isWord, type Token } from '../text/tokens.ts'
import { add, type Reading } from './reading.ts'

/** `an app called Shelfmark`, `named "My Shop"`: removed from the sentence, so that it does not become an entity. */
export function takeProjectName(said: readonly Token[], reading: Reading): readonly Token[] {
  const tokens = withoutBrand(said, reading)
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

const BUILDS = 'building build making make developing develop launching launch creating create'.split(' ')

/** `We're building Paws&Co, a marketplace for …`: a name before what it is. */
function withoutBrand(tokens: readonly Token[], reading: Reading): readonly Token[] {
  const verb = tokens.findIndex((token) => isWord(token, ...BUILDS))
  let end = verb + 1
  while (end - verb <= 5 && (/^\p{Lu}/u.test(tokens[end]?.text ?? '') || isMark(tokens[end], '&'))) end++
  const isNamed = verb >= 0 && verb < 4 && end > verb + 1 && isMark(tokens[end], ',', '–', '—', '-')
  if (!isNamed || !isWord(tokens[end + 1], 'a', 'an', 'the', 'our')) return tokens
  const name = tokens.slice(verb + 1, end)
  add(reading, { kind: 'project', name: name.map(({ text }) => text).join(' ') }, name)
  return [...tokens.slice(0, verb + 1), ...tokens.slice(end + 1)]
}
