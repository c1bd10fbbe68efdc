import type { FieldType, Operation } from '#contract'
import type { Token } from '../text/tokens.ts'

/**
 * Facts from the prompt, before nouns are classified as entities or fields.
 * Readers only look at words; `assemble/` interprets the facts.
 */

/** A noun without its determiner: `each new order item` → `order item`, quantity `one`. */
export type Phrase = {
  readonly tokens: readonly Token[]
  readonly text: string
  readonly plural: boolean
  readonly quantity: 'many' | 'one' | 'none'
}

export type FieldSpec = {
  kind?: Exclude<FieldType['kind'], 'enum'>
  values?: string[]
  /** A list of such values: `tags (a list of strings)`. */
  listOf?: 'string' | 'integer' | 'number' | 'boolean'
  required?: boolean
  /** Empty text is allowed. */
  blank?: true
  unique?: boolean
  default?: string | number | boolean
  min?: number
  max?: number
  /** The bound is exclusive: `positive`, `more than 3`. */
  minExclusive?: boolean
  maxExclusive?: boolean
  maxLength?: number
  note?: string
  /** A noun in place of a type, such as `User` in `author: User`. */
  refers?: Phrase
  /** Tokens of bounds, reported if the type supports none. */
  boundTokens?: Token[]
}

export type Item = {
  readonly tokens: readonly Token[]
  readonly phrase: Phrase
  readonly spec: FieldSpec
  /** A parenthesized or colon list that is not a modifier: fields or enum values, depending on the noun. */
  readonly details: readonly Item[]
  /** Enum values were introduced only by a colon or parentheses, so they may still be sub-fields. */
  readonly maybe: boolean
}

/** One rule of a sentence about privacy. */
export type PrivacyRule = {
  readonly who: 'public' | 'authenticated' | 'owner'
  readonly read: boolean
  /** Reading is only part of what is said: `manage their own recipes`. */
  readonly impliesRead: boolean
  readonly write: boolean
  /** The words mean more than the owner, such as members. */
  readonly isPartial: boolean
  readonly tokens: readonly Token[]
  /** The nouns after `own`. */
  readonly subjects: readonly Phrase[]
  /** What is seen or changed, where `own` only says which: `applications for its own jobs`. */
  readonly of: Phrase | null
}

/**
 * A list item with its modifiers: `a unique sku`, `title: string (required)`,
 * `status: draft or published`, `rating (1-5)`. Enum values may continue in the following chunks.
 */
export type ItemReading = {
  readonly item: Item
  /** How many of the following chunks are values of this item. */
  readonly taken: number
  readonly unread: readonly Token[]
}

export type Fact =
  /** The topic: `a todo app`, `for managing books`. `app` if it names the program. */
  | { kind: 'topic'; phrase: Phrase; app: boolean }
  /** A noun that is an entity; `listed` if the prompt says so, such as under `Entities:` or with fields in parentheses,
   * `label` if it is a heading or stands before a colon. */
  | { kind: 'entity'; phrase: Phrase; listed?: true; label?: true }
  /** `X has a, b and c`; a null subject is that of the previous sentence. */
  | {
      kind: 'has'
      subject: Phrase | null
      item: Item
      app: boolean
      required?: boolean
      /** A column of a sheet: a field, whatever it is called. */
      isColumn?: true
    }
  /** `the title is required`, `status can be a or b`. */
  | { kind: 'constraint'; subject: Phrase | null; item: Item }
  | {
      kind: 'relation'
      shape: 'belongsTo' | 'hasMany' | 'hasOne' | 'manyToMany'
      from: Phrase | null
      to: Phrase
      /** The name of the relation, if the words give one (`assigned to` → assignee). */
      role?: string
      optional?: boolean
      /** Stated explicitly, not inferred from a verb. */
      stated: boolean
      /** Only between entities that other words name. */
      weak?: true
    }
  /** `users can write posts`: an actor, a verb and an object. */
  | {
      kind: 'act'
      actor: Phrase
      verb: string
      /** Between the verb and its object: `comment on posts`. */
      preposition?: string
      object: Phrase
      own: boolean
      /** An everyday verb that leaves nothing behind: only nouns that are known otherwise count. */
      weak?: true
      /** `rate recipes from 1 to 10`. */
      range?: readonly [number, number]
      tokens: readonly Token[]
    }
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
  /**
   * A sentence about privacy: its rules close the entities that it names, or all. `weak` words do not add sign-in;
   * a `whole` sentence says nothing else.
   */
  | {
      kind: 'privacy'
      rules: readonly PrivacyRule[]
      weak: boolean
      whole: boolean
      tokens: readonly Token[]
    }
  /** Operations for some roles: restricted to them (`only`), or extended to all rows for them. Without subjects: every entity. */
  | {
      kind: 'role'
      roles: readonly Phrase[]
      only: boolean
      /** Who does something is said, and not that others may not: it adds no sign-in. */
      weak?: true
      operations: readonly Operation[]
      subjects: readonly Phrase[]
      tokens: readonly Token[]
    }
  /** Who sets a field: only some (`only`), or also those who would not (`customers set the total`). Without a subject: any. */
  | {
      kind: 'fieldRule'
      actor: Phrase
      only: boolean
      field: Phrase
      subject: Phrase | null
      tokens: readonly Token[]
    }
  | { kind: 'route'; method: string | null; path: string; tokens: readonly Token[] }
  | { kind: 'prefix'; path: string }
  | { kind: 'operations'; subject: Phrase | null; only?: Operation[]; without?: Operation[]; all?: boolean }
  | { kind: 'project'; name: string }
  | { kind: 'note'; assumption: string; tokens: readonly Token[] }

export type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>
