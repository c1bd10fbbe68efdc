import type { BelongsTo, Entity, Field, Key, Operation, RowCondition } from '#contract'
import type { Guard } from './guard.ts'

/** A visible property of a row: a field, or the id of a relation's target. */
export type Property = {
  /** The name in JSON. */
  readonly name: string
  readonly column: string
  readonly label: string
  readonly required: boolean
  readonly unique: boolean
  /** Rows without a value omit the property. */
  readonly isOmitted: boolean
  /** The role of an account, never set by a request. */
  readonly isRole: boolean
} & (
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'relation'; readonly relation: Relation }
)

export type Relation = {
  readonly target: Resource
  readonly onDelete: BelongsTo['onDelete']
  /** Set from the token, never from a body. */
  readonly isOwner: boolean
  /** Refers only to rows that the account may change. */
  readonly ownOnly: boolean
}

/** The key of a row. */
export type RowKey = { readonly name: string; readonly column: string; readonly kind: Key['kind'] }

/** A condition that rows fulfil, as a rule of the Blueprint and with its property. */
export type IndexCondition = { readonly property: Property; readonly rule: RowCondition }

export type ResourceIndex = {
  /** In the database. */
  readonly name: string
  readonly properties: readonly Property[]
  readonly unique: boolean
  /** Empty for an index of every row. */
  readonly where: readonly IndexCondition[]
  /** The properties that are compared without case. */
  readonly caseless: readonly Property[]
}

/** A foreign key of several properties, in the order of its definition on both sides. */
export type ResourceForeignKey = {
  readonly properties: readonly Property[]
  readonly target: Resource
  readonly targets: readonly Property[]
  readonly onDelete: BelongsTo['onDelete']
  /** Whether every row has one. */
  readonly required: boolean
}

/** An entity with all its names in generated code, and its access rules. */
export type Resource = {
  readonly entity: Entity
  readonly label: string
  readonly labelPlural: string
  readonly path: string
  readonly fileName: string
  readonly table: string
  readonly id: RowKey
  /** The timestamp properties. */
  readonly created: { readonly name: string; readonly column: string } | undefined
  readonly updated: { readonly name: string; readonly column: string } | undefined
  /** The type of a row and the schema of a response; unique among all types and OpenAPI components. */
  readonly typeName: string
  readonly pageName: string
  readonly bodyName: string
  readonly patchName: string
  readonly queryName: string
  /** The property of the repositories object. */
  readonly key: string
  readonly routesFunction: string
  readonly repositoryFunction: string
  readonly properties: Property[]
  readonly indexes: readonly ResourceIndex[]
  readonly foreignKeys: readonly ResourceForeignKey[]
  /** Fields that vary in test data because a unique index includes them. */
  readonly varied: ReadonlySet<string>
  readonly operations: ReadonlySet<Operation>
  readonly isAccount: boolean
  /** Access rules; `read` also controls references to rows, and `update` linking. */
  readonly policies: Readonly<Record<Operation, Guard>>
  /** The owner property, set from the token. */
  readonly ownerProperty: string | undefined
  readonly operationIds: Record<'list' | 'create' | 'get' | 'replace' | 'update' | 'delete', string>
}

/** A many-to-many relation; its links are managed from the left and listed from both sides. */
export type Link = {
  readonly left: Resource
  readonly right: Resource
  readonly key: string
  readonly table: string
  readonly leftColumn: string
  readonly rightColumn: string
  /** `GET|PUT|DELETE <left.path>/:id/<rightSegment>` and `GET <right.path>/:id/<leftSegment>`. */
  readonly rightSegment: string
  readonly leftSegment: string
  readonly operationIds: Record<'rights' | 'lefts' | 'add' | 'remove', string>
}

export const isJson = (property: Property): boolean =>
  property.kind === 'field' && property.field.type.kind === 'json'

/** Whether an index is unique for some rows, or whatever the case of a text: its columns alone do not say so. */
export const isConditional = ({ unique, where, caseless }: ResourceIndex): boolean =>
  unique && (where.length > 0 || caseless.length > 0)

/** Whether a unique index leaves rows out. */
export const isPartial = ({ unique, where }: ResourceIndex): boolean => unique && where.length > 0

/** Property names that clients do not write. */
export const ownNames = ({ id, created, updated }: Resource): string[] =>
  [id, created, updated].flatMap((own) => (own === undefined ? [] : [own.name]))

/** The properties of request bodies: all but owner and role. */
export const writableProperties = (resource: Resource): Property[] =>
  resource.properties.filter((property) =>
    property.kind === 'field' ? !property.isRole : !property.relation.isOwner,
  )

/** The roles that alone set a property; none if everybody who writes the row does. */
export const settersOf = (property: Property): readonly string[] =>
  property.kind === 'field' && !property.isRole ? (property.field.setBy ?? []) : []

/** The properties of request bodies that only some roles set. */
export const lockedProperties = (resource: Resource) =>
  writableProperties(resource).filter(
    (property) => property.kind === 'field' && settersOf(property).length > 0,
  ) as (Property & { kind: 'field' })[]

/** The properties that every sender of a request may set. */
export const openProperties = (resource: Resource): Property[] =>
  writableProperties(resource).filter((property) => settersOf(property).length === 0)

/** The required foreign key that decides the value of a property in generated rows. */
export const deciderOf = ({ foreignKeys }: Resource, name: string): ResourceForeignKey | undefined =>
  foreignKeys.find(({ required, properties }) => required && properties.some((one) => one.name === name))

/** Whether a foreign key of several properties includes the property. */
export const isJoint = ({ foreignKeys }: Resource, name: string): boolean =>
  foreignKeys.some(({ properties }) => properties.some((one) => one.name === name))

export const relationsOf = (resource: Resource) =>
  resource.properties.filter((property) => property.kind === 'relation')

/** The relations of a body, whose targets must exist. */
export const referencesOf = (resource: Resource) =>
  relationsOf(resource).filter(({ relation }) => !relation.isOwner)

/** Which rows a relation may refer to: those that the account may read, or only those that it may change. */
export const referenceGuard = ({ relation: { target, ownOnly } }: { readonly relation: Relation }): Guard =>
  ownOnly && target.policies.update.scope !== undefined ? target.policies.update : target.policies.read

/** PATCH has nothing to change if a row has no properties. */
export const hasPatch = (resource: Resource): boolean =>
  resource.operations.has('update') && writableProperties(resource).length > 0

/** Accounts are created by `POST /auth/register`, not by a POST of the collection. */
export const hasCreate = (resource: Resource): boolean =>
  resource.operations.has('create') && !resource.isAccount
