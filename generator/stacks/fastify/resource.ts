import type { BelongsTo, Entity, Field, Key, Operation } from '#contract'
import type { Guard } from './guard.ts'

/** A property of a row that clients can see: a field of the entity, or the id of what it belongs to. */
export type Property = {
  /** The name in JSON. */
  readonly name: string
  readonly column: string
  readonly label: string
  readonly required: boolean
  readonly unique: boolean
  /** A row without a value does not have the property at all. */
  readonly isOmitted: boolean
  /** The role of an account, which no request sets. */
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
}

/** What identifies a row. */
export type RowKey = { readonly name: string; readonly column: string; readonly kind: Key['kind'] }

/** One entity with every name that the generated code needs, and with who may do what. */
export type Resource = {
  readonly entity: Entity
  readonly label: string
  readonly labelPlural: string
  readonly path: string
  readonly fileName: string
  readonly table: string
  readonly id: RowKey
  /** The properties that hold when a row was made and last changed. */
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
  readonly indexes: readonly { readonly properties: readonly Property[]; readonly unique: boolean }[]
  /** Fields that are not unique by themselves, and differ in test data so that what is unique together does. */
  readonly varied: ReadonlySet<string>
  readonly operations: ReadonlySet<Operation>
  readonly isAccount: boolean
  /** Who may do what; `read` also says which rows others may refer to, and `update` who may link them. */
  readonly policies: Readonly<Record<Operation, Guard>>
  /** The owner property that a new row gets from the token. */
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

/** Property names that a row has beside those that clients write. */
export const ownNames = ({ id, created, updated }: Resource): string[] =>
  [id, created, updated].flatMap((own) => (own === undefined ? [] : [own.name]))

/** The own properties of clients' bodies: all but an owner and a role. */
export const writableProperties = (resource: Resource): Property[] =>
  resource.properties.filter((property) =>
    property.kind === 'field' ? !property.isRole : !property.relation.isOwner,
  )

export const relationsOf = (resource: Resource) =>
  resource.properties.filter((property) => property.kind === 'relation')

/** The relations that a body names, whose targets have to exist. */
export const referencesOf = (resource: Resource) =>
  relationsOf(resource).filter(({ relation }) => !relation.isOwner)

/** PATCH has nothing to change where a row has no properties of its own. */
export const hasPatch = (resource: Resource): boolean =>
  resource.operations.has('update') && writableProperties(resource).length > 0

/** An account is made by `POST /auth/register`, not by a POST of its own. */
export const hasCreate = (resource: Resource): boolean =>
  resource.operations.has('create') && !resource.isAccount
