import type { Chunk } from '../text/chunks.ts'
import type { Phrase } from './facts.ts'
import { readPhrase } from './phrase.ts'

/** `… delete books and authors`: only nouns, in the chunks from `at` on. */
export function furtherObjects(list: readonly Chunk[], at: number): Phrase[] {
  const found: Phrase[] = []
  for (const { tokens, before } of list.slice(at)) {
    const phrase = before === 'and' || before === ',' ? readPhrase(tokens) : null
    if (phrase === null || !phrase.plural) break
    found.push(phrase)
  }
  return found
}
