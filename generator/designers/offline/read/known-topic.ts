import { APP_NOUNS, APP_VERBS } from '../lexicon/words.ts'
import { isWord } from '../text/tokens.ts'
import { matchTopic } from '../domains/index.ts'
import { readPhrase } from './phrase.ts'
import { add, type Reading } from './reading.ts'
import type { Fact } from './facts.ts'

/** Whether a fact has a noun that may become an entity. */
export function namesSomething(fact: Fact): boolean {
  if (fact.kind === 'privacy') return fact.rules.some(({ subjects }) => subjects.length > 0)
  return !['note', 'auth', 'prefix', 'operations', 'project', 'constraint', 'fieldRule'].includes(fact.kind)
}

/** A sentence that no rule could parse may still name a known topic: `something like a kanban board, as an API`. */
export function readKnownTopic(reading: Reading): void {
  const rows = reading.rows.filter((row) => row.some((token) => isWord(token, ...APP_NOUNS, ...APP_VERBS)))
  for (const row of rows) {
    const words = row.filter((token) => token.kind === 'word').slice(0, 200)
    for (const size of [3, 2, 1]) {
      for (let at = 0; at + size <= words.length; at++) {
        const tokens = words.slice(at, at + size)
        const phrase = readPhrase(tokens)
        if (phrase === null || matchTopic(phrase.text) === null) continue
        // `vote with my team`: those who use the program.
        if (isWord(words[at - 1], 'my', 'our', 'their', 'your', 'with')) continue
        add(reading, { kind: 'topic', phrase, app: true }, tokens)
        return
      }
    }
  }
}
