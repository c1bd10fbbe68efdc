import type { FieldType, Operation } from '#contract'
import type { Token } from '../text/tokens.ts'

/**
 * What readers find, before it is known which nouns are entities and which are fields.
 * Readers only look at words; `assemble/` gives the facts their meaning.
 */

/** A noun with its determiner taken off: `each new order item` → `order item`, quantity `one`. */
export type Phrase = {
  readonly tokens: readonly Token[]
  readonly text: string
  readonly plural: boolean
  readonly quantity: 'many' | 'one' | 'none'
}

export type FieldSpec = {
  kind?: Exclude<FieldType['kind'], 'enum'>
  values?: string[]
  required?: boolean
  unique?: boolean
  default?: string | number | boolean
  min?: number
  max?: number
  /** The bound itself is outside: `positive`, `more than 3`. */
  minExclusive?: boolean
  maxExclusive?: boolean
  maxLength?: number
  note?: string
  /** A noun in the place of the type, such as `User` in `author: User`. */
  refers?: Phrase
  /** Tokens of bounds, to be reported again if the type turns out to have no bounds. */
  boundTokens?: Token[]
}

export type Item = {
  readonly tokens: readonly Token[]
  readonly phrase: Phrase
  readonly spec: FieldSpec
  /** A bracket or a colon list that is no modifier: a field list or enum values, by what the noun is. */
  readonly details: readonly Item[]
  /** Enum values were introduced by a colon or brackets alone, so they may still be sub-fields. */
  readonly maybe: boolean
}

/**
 * One thing in a list, with all that is said about it: `a unique sku`, `title: string (required)`,
 * `status: draft or published`, `rating (1-5)`. Enum values may run on into the chunks that follow.
 */
export type ItemReading = {
  readonly item: Item
  /** How many of the following chunks were values of this item. */
  readonly taken: number
  readonly unread: readonly Token[]
}

export type Fact =
  /** What the backend is about: `a todo app`, `for managing books`. `app` when it names the program. */
  | { kind: 'topic'; phrase: Phrase; app: boolean }
  /** A noun that is an entity for sure, such as under `Entities:`. */
  | { kind: 'entity'; phrase: Phrase }
  /** `X has a, b and c`; subject null is what the sentence before was about. */
  | { kind: 'has'; subject: Phrase | null; item: Item; app: boolean; required?: boolean }
  /** `the title is required`, `status can be a or b`. */
  | { kind: 'constraint'; subject: Phrase | null; item: Item }
  | {
      kind: 'relation'
      shape: 'belongsTo' | 'hasMany' | 'hasOne' | 'manyToMany'
      from: Phrase | null
      to: Phrase
      /** The relation's own name, where the words give one (`assigned to` → assignee). */
      role?: string
      optional?: boolean
      /** Said in so many words and not guessed from a verb. */
      stated: boolean
    }
  /** `users can write posts`: an actor, a verb and a thing. */
  | { kind: 'act'; actor: Phrase; verb: string; object: Phrase; own: boolean; tokens: readonly Token[] }
  | { kind: 'selfReference'; subject: Phrase; role: string }
  | { kind: 'onDelete'; target: Phrase; children: Phrase; rule: 'cascade' | 'restrict' | 'setNull' }
  | { kind: 'auth'; on: boolean; account: Phrase | null; tokens: readonly Token[] }
  | {
      kind: 'access'
      who: 'public' | 'authenticated' | 'owner'
      read: boolean
      write: boolean
      subject: Phrase | null
      tokens: readonly Token[]
    }
  /** Operations that are for some roles: `only` for them, or for them as well, of everybody's rows. No subjects: of everything. */
  | {
      kind: 'role'
      roles: readonly Phrase[]
      only: boolean
      operations: readonly Operation[]
      subjects: readonly Phrase[]
      tokens: readonly Token[]
    }
  | { kind: 'route'; method: string | null; path: string; tokens: readonly Token[] }
  | { kind: 'prefix'; path: string }
  | { kind: 'operations'; subject: Phrase | null; only?: Operation[]; without?: Operation[]; all?: boolean }
  | { kind: 'project'; name: string }
  | { kind: 'note'; assumption: string; tokens: readonly Token[] }

export type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>
