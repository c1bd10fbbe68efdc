import type { Chunk } from '../text/chunks.ts'
import { makeCoverage, type Coverage } from '../text/coverage.ts'
import type { Sentence } from '../text/sentences.ts'
import type { Token } from '../text/tokens.ts'
import type { Fact, Item, Phrase } from './facts.ts'

/** The output of all readers: facts, and the words they came from. */
export type Reading = {
  readonly facts: Fact[]
  readonly coverage: Coverage
  /** The words that each fact came from. */
  readonly sources: Map<Fact, readonly Token[]>
  /** The first heading: the title of the text, whatever else it says. */
  title: readonly Token[]
  /** What was spoken of last: what `them` refers to in a clause that names nothing itself. */
  spoken: readonly Phrase[]
  /** Whether the table that is being read has an entity in each row. */
  listsEntities: boolean
  /** Whether the text speaks of a spreadsheet, and the sheet that was named last. */
  hasSpreadsheet: boolean
  sheet: Phrase | null
  readonly sentences: Sentence[]
  /** Tokens that a reader considered; their unread rest is reported. */
  readonly rows: (readonly Token[])[]
}

/** The state of a sentence, for the chunks that continue it. */
export type ClauseState = {
  subject: Phrase | null
  /** The list that a further chunk continues. */
  list: 'none' | 'topics' | 'app' | 'has' | 'entities' | 'belongsTo'
  required: boolean
  lastItem: Item | null
  /** A list of fields stands in a list of records: `books with title and price, customers with email`. */
  nested?: boolean
  /** What such a list stands in: `each hotel has rooms with a number`. */
  outer?: Phrase | null
  /** A sentence that names records in passing: the next record is no part of the last one. */
  isLoose?: boolean
  /** The object of an action: `patients book appointments`, then `with doctors`. */
  acted: Phrase | null
  /** The relation that `list: 'belongsTo'` repeats. */
  role?: string
  optional?: boolean
}

/** Reads the chunk at `at` and returns how many chunks it took; 0 if it does not match. */
export type ChunkReader = (list: readonly Chunk[], at: number, state: ClauseState, reading: Reading) => number

export function makeReading(): Reading {
  return {
    facts: [],
    coverage: makeCoverage(),
    sources: new Map(),
    title: [],
    spoken: [],
    listsEntities: false,
    hasSpreadsheet: false,
    sheet: null,
    sentences: [],
    rows: [],
  }
}

export function add(reading: Reading, fact: Fact, tokens: readonly Token[]): void {
  reading.facts.push(fact)
  reading.sources.set(fact, tokens)
  reading.coverage.read(tokens)
}
