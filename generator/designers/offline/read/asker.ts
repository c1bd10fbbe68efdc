import { APP_NOUNS } from '../lexicon/words.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { Reading } from './reading.ts'

/** How far the program may stand from the verb: `needs a small internal web backend`. */
const NEAR = 6

const DOES = ['manages', 'handles', 'tracks', 'keeps', 'organizes', 'organises']
const isOfProgram = (token: Token) => isWord(token, 'the', 'this', 'our', 'my') || isWord(token, ...APP_NOUNS)
const KEEPS = 'record track manage store keep save organize organise collect register log document'.split(' ')

/** `The food bank needs a backend for its volunteers`: who asks is no row of it. Removed from the sentence. */
export function takeAsker(tokens: readonly Token[], reading: Reading): readonly Token[] {
  // `The application manages vehicles`
  const does = tokens.findIndex((token) => isWord(token, ...DOES))
  if (
    does > 0 &&
    does <= 3 &&
    tokens.slice(0, does).every(isOfProgram) &&
    isWord(tokens[does - 1], ...APP_NOUNS)
  ) {
    reading.coverage.read(tokens.slice(0, does + 1))
    return tokens.slice(does + 1)
  }
  const verb = tokens.findIndex((token) => isWord(token, 'needs', 'need', 'wants', 'want', 'requires'))
  if (verb < 1) return tokens
  const isWriter = isWord(tokens[verb - 1], 'i', 'we', 'you', 'they')
  if (!isWriter && isWord(tokens[verb + 1], 'to') && isWord(tokens[verb + 2], ...KEEPS)) {
    reading.coverage.read(tokens.slice(0, verb + 2))
    return tokens.slice(verb + 2)
  }
  const program = tokens.findIndex((token) => isWord(token, ...APP_NOUNS))
  if (program < verb || program > verb + NEAR) return tokens
  const asker = tokens.slice(0, verb)
  if (asker.some((token) => isMark(token, ',', ':') || token.kind === 'group')) return tokens
  reading.coverage.read(asker)
  return tokens.slice(verb)
}
