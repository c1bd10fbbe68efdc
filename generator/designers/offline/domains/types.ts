/** A domain in short notation; `index.ts` parses it once. */
export type EntitySource = {
  /** `name[!][*][:type] [~ default] [= example]`: `!` required, `*` unique; the name determines a missing type. */
  readonly fields: readonly string[]
  /** `name[>Target][!][*] [rule]`: used only if the target is part of the backend. */
  readonly belongsTo?: readonly string[]
  /** Alternatives: a comment is on a post or on a task. Account relations are always added. */
  readonly firstRelationOnly?: boolean
}

export type DomainSource = {
  /** Comma-separated singular phrases that name the domain. */
  readonly topics: string
  readonly core: string
  /** Entities if the prompt names none; the core only by default. */
  readonly with?: readonly string[]
  /** Names with another meaning in other domains. */
  readonly rename?: Readonly<Record<string, string>>
  /** Default visibility of rows with authentication. */
  readonly privacy: Privacy
  readonly entities: Readonly<Record<string, EntitySource>>
  readonly manyToMany?: readonly (readonly [string, string])[]
  /** The link entity that replaces `manyToMany`. */
  readonly manyToManyUnless?: string
  /** Typical features that are not generated. */
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
