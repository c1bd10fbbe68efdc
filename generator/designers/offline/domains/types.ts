/** A domain as it is written down; `index.ts` parses the short notation once. */
export type EntitySource = {
  /** `name[!][*][:type] [~ default] [= example]`: `!` required, `*` unique; without a type the name decides. */
  readonly fields: readonly string[]
  /** `name[>Target][!][*] [rule]`: used only where the target is part of the backend. */
  readonly belongsTo?: readonly string[]
  /** Alternatives, not a list: a comment is on a post or on a task. An account relation still comes along. */
  readonly firstRelationOnly?: boolean
}

export type DomainSource = {
  /** Comma-separated singular phrases that name the domain. */
  readonly topics: string
  readonly core: string
  /** What is made when the prompt names no entities; the core alone if left out. */
  readonly with?: readonly string[]
  /** Names inside this domain that other domains use otherwise. */
  readonly rename?: Readonly<Record<string, string>>
  /** Who sees rows when there is sign-in and the prompt says nothing more. */
  readonly privacy: Privacy
  readonly entities: Readonly<Record<string, EntitySource>>
  readonly manyToMany?: readonly (readonly [string, string])[]
  /** The link entity that makes `manyToMany` superfluous. */
  readonly manyToManyUnless?: string
  /** What one expects of this domain and what is not made. */
  readonly notes?: readonly string[]
}

/** private: owner only; published: all read, owners write; catalogue: all read, signed-in write; shared: signed-in only. */
export type Privacy = 'private' | 'published' | 'catalogue' | 'shared'

export type FieldTemplate = {
  readonly text: string
  readonly kind: string | null
  readonly values: readonly string[]
  readonly required: boolean
  readonly unique: boolean
  readonly fallback: string | null
  readonly example: string | null
}
export type RelationTemplate = {
  readonly name: string
  readonly target: string
  readonly required: boolean
  readonly unique: boolean
  readonly onDelete: 'cascade' | 'restrict' | 'setNull'
}
export type EntityTemplate = {
  readonly name: string
  readonly fields: readonly FieldTemplate[]
  readonly belongsTo: readonly RelationTemplate[]
  readonly firstRelationOnly: boolean
  readonly privacy: Privacy
}
export type Domain = Omit<DomainSource, 'entities' | 'topics' | 'with'> & {
  readonly entities: readonly string[]
  readonly templates: ReadonlyMap<string, EntityTemplate>
}
