import type { Chunk } from '../text/chunks.ts'
import { makeCoverage, type Coverage } from '../text/coverage.ts'
import type { Token } from '../text/tokens.ts'
import type { Fact, Item, Phrase } from './facts.ts'

/** What all readers write into: the facts so far, and which words they came from. */
export type Reading = {
  readonly facts: Fact[]
  readonly coverage: Coverage
  /** Rows that a reader looked at; what is left of them unread is told to the person. */
  readonly rows: (readonly Token[])[]
}

/** What a sentence has said so far, for the chunks that go on with it. */
export type ClauseState = {
  subject: Phrase | null
  /** The list that a further chunk continues. */
  list: 'none' | 'topics' | 'app' | 'has' | 'entities' | 'belongsTo'
  required: boolean
  lastItem: Item | null
  /** The thing that somebody does something with: `patients book appointments`, then `with doctors`. */
  acted: Phrase | null
  /** The relation that `list: 'belongsTo'` repeats. */
  role?: string
  optional?: boolean
}

/** Reads the chunk at `at`, and says how many chunks it took; 0 when the chunk is none of its own. */
export type ChunkReader = (list: readonly Chunk[], at: number, state: ClauseState, reading: Reading) => number

export function makeReading(): Reading {
  return { facts: [], coverage: makeCoverage(), rows: [] }
}

export function add(reading: Reading, fact: Fact, tokens: readonly Token[]): void {
  reading.facts.push(fact)
  reading.coverage.read(tokens)
}
