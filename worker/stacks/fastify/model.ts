// Longer than most files: names, access and order are worked out together, so that no template decides them again.
import {
  keyOf,
  relationProperty,
  stampsOf,
  type BelongsTo,
  type Blueprint,
  type Entity,
  type Field,
  type Key,
  type ManyToMany,
  type Operation,
} from '#contract'
import { oneLine } from '../../generate/render/encode/text.ts'
import {
  camelCase,
  capitalise,
  kebabCase,
  makeNamespace,
  snakeCase,
  wordsOf,
  type Namespace,
} from '../../generate/render/names.ts'
import { portableName } from '../../generate/render/portable-name.ts'
import { fewValues, valuesOf } from '../../generate/blueprint/capacity.ts'
import { variablesOf, type Variable } from './config-values.ts'
import { makeCustoms, type Custom } from './customs.ts'
import { guardsOf, openToAll, schemeOf, type Guard } from './guards.ts'
import { roleProperty, rolesOf } from './roles.ts'
import { reservedTypeNames } from './reserved-names.ts'
import { makeClients, type Client } from './services.ts'
import { makeTasks, type Task } from './tasks.ts'

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

export type ProjectModel = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly auth: Blueprint['auth']['kind']
  /** The header that holds a key, where programs send one. */
  readonly keyHeader: string
  readonly account: Resource | undefined
  /** What an account can be; the first is what it becomes by registering. Empty where there are no roles. */
  readonly roles: readonly string[]
  /** In the blueprint's order. */
  readonly resources: Resource[]
  /** What is required comes before what requires it. */
  readonly inOrderOfNeed: Resource[]
  readonly links: Link[]
  /** In the blueprint's order. */
  readonly customs: Custom[]
  /** What whoever runs it may or must set, in the blueprint's order. */
  readonly variables: readonly Variable[]
  /** The rows that were stated; none where a few are to be made up. */
  readonly seeds: Blueprint['seeds']
  readonly tasks: Task[]
  /** The services that it calls. */
  readonly clients: Client[]
  /** Whether some rows, or what is done with them, differ from the usual. */
  readonly isExact: boolean
}

type Draft = { -readonly [Key in keyof Resource]: Resource[Key] }

/**
 * Gives everything in a linted Blueprint its names in the generated code and works out who may do what.
 * `written` are the ids of the custom operations whose code somebody wrote.
 */
export function makeModel(blueprint: Blueprint, written: ReadonlySet<string> = new Set()): ProjectModel {
  const types = makeNamespace(reservedTypeNames)
  const tables = makeNamespace([], (name) => name.toLowerCase())
  const keys = makeNamespace()
  const operationIds = makeNamespace(['checkHealth', 'checkReady', 'register', 'login', 'me'])
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
  const roles = rolesOf(blueprint)

  const typeNames = takeTypeNames(blueprint, types)
  const drafts = blueprint.entities.map((entity) =>
    makeDraft(entity, {
      types,
      tables,
      keys,
      operationIds,
      account,
      typeName: typeNames.get(entity.name) ?? entity.name,
    }),
  )
  const byName = new Map(drafts.map((draft) => [draft.entity.name, draft]))
  for (const draft of drafts) addProperties(draft, byName, roles)
  for (const draft of drafts) draft.policies = guardsOf(draft, blueprint.auth.kind)

  return {
    name: portableName(blueprint.name),
    title: oneLine(blueprint.title) || blueprint.name,
    description: blueprint.description.toWellFormed().trim(),
    auth: blueprint.auth.kind,
    keyHeader: (blueprint.auth.kind === 'apiKey' ? blueprint.auth.header : undefined) ?? 'X-API-Key',
    account: account === undefined ? undefined : byName.get(account),
    roles,
    resources: drafts,
    inOrderOfNeed: orderByNeed(drafts),
    links: makeLinks(blueprint.manyToMany, byName, { tables, keys, operationIds }),
    customs: makeCustoms(blueprint.operations, {
      types,
      operationIds,
      entities: blueprint.entities,
      resources: byName,
      written,
      scheme: schemeOf(blueprint.auth.kind),
    }),
    variables: variablesOf(blueprint),
    seeds: blueprint.seeds,
    tasks: makeTasks(blueprint.schedules, written),
    clients: makeClients(blueprint.services),
    isExact:
      drafts.some((resource) => !isUsual(resource)) ||
      blueprint.operations.some(({ implementation }) => implementation !== undefined),
  }
}

/** Most rows have a UUID named `id`, `createdAt` and `updatedAt`, and every property whether it has a value or not. */
const isUsual = ({ id, created, updated, properties }: Resource): boolean =>
  id.name === 'id' &&
  id.kind === 'uuid' &&
  created?.name === 'createdAt' &&
  updated?.name === 'updatedAt' &&
  properties.every((property) => !property.isOmitted && !isJson(property))

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

// A name and its `Input` twin: OpenAPI names the request form of a component so.
function takeType(types: Namespace, wish: string): string {
  let name = types.take(wish)
  while (!types.isFree(`${name}Input`)) name = types.take(wish)
  types.reserve(`${name}Input`)
  return name
}

/** The entities' own names come first, so that `Order` only gives way to the language, never to another entity. */
function takeTypeNames({ entities }: Blueprint, types: Namespace): Map<string, string> {
  const names = new Map<string, string>()
  for (const { name } of [...entities].sort((a, b) => a.name.length - b.name.length)) {
    names.set(name, takeType(types, types.isFree(name) ? name : `${name}Resource`))
  }
  return names
}

type Names = {
  types: Namespace
  tables: Namespace
  keys: Namespace
  operationIds: Namespace
  account: string | undefined
  typeName: string
}

function makeDraft(entity: Entity, { types, tables, keys, operationIds, account, typeName }: Names): Draft {
  const file = kebabCase(entity.name)
  const table = snakeCase(entity.plural)
  const { name, plural } = entity
  // What there is no request for leaves its name to others.
  const operationId = (operation: Operation, wish: string) =>
    entity.operations.includes(operation) ? operationIds.take(wish) : wish
  return {
    entity,
    label: capitalise(oneLine(entity.label) || wordsOf(name).join(' ')),
    labelPlural: capitalise(oneLine(entity.labelPlural) || wordsOf(plural).join(' ')),
    path: entity.path,
    fileName: portableName(file),
    table: tables.take(entity.table ?? (table.startsWith('sqlite_') ? `app_${table}` : table), '_'),
    id: { ...keyOf(entity), column: '' },
    created: undefined,
    updated: undefined,
    typeName,
    pageName: takeType(types, `${typeName}Page`),
    bodyName: takeType(types, `${typeName}Body`),
    patchName: takeType(types, `${typeName}Patch`),
    queryName: takeType(types, `${typeName}Query`),
    key: keys.take(camelCase(plural)),
    routesFunction: `${camelCase(name)}Routes`,
    repositoryFunction: `make${capitalise(camelCase(name))}Repository`,
    properties: [],
    indexes: [],
    varied: new Set(),
    operations: new Set(entity.operations),
    isAccount: name === account,
    policies: openToAll,
    ownerProperty: account === undefined ? undefined : ownerPropertyOf(entity),
    operationIds: {
      list: operationId('list', `list${plural}`),
      create: operationId('create', `create${name}`),
      get: operationId('read', `get${name}`),
      replace: operationId('update', `replace${name}`),
      update: operationId('update', `update${name}`),
      delete: operationId('delete', `delete${name}`),
    },
  }
}

function ownerPropertyOf({ owner, belongsTo }: Entity): string | undefined {
  const relation = belongsTo.find(({ name }) => name === owner)
  return relation && relationProperty(relation)
}

/** What has a default always has a value, so that nobody who reads a row has to think of null. */
function neverNullWithDefault(field: Field): Field {
  return field.default === undefined ? field : { ...field, required: true }
}

function addProperties(draft: Draft, byName: ReadonlyMap<string, Draft>, roles: readonly string[]): void {
  // SQLite ignores case in column names and gives three names to the number of a row.
  const columns = makeNamespace(['rowid', 'oid', '_rowid_'], (name) => name.toLowerCase())
  const { entity } = draft
  const column = (name: string, usual = snakeCase(name) || name) =>
    columns.take(entity.table ? name : usual, '_')
  const stamps = stampsOf(entity)
  const { name: key, kind } = keyOf(entity)
  draft.id = { name: key, kind, column: column(key) }
  draft.created =
    stamps.created === null ? undefined : { name: stamps.created, column: column(stamps.created) }
  draft.updated =
    stamps.updated === null ? undefined : { name: stamps.updated, column: column(stamps.updated) }
  const fields = draft.entity.fields.map(neverNullWithDefault).map((field): Property => ({
    kind: 'field',
    field,
    name: field.name,
    column: column(field.name),
    label: oneLine(field.label) || field.name,
    required: field.required,
    unique: field.unique,
    isOmitted: !field.required && field.unset === 'omitted',
    isRole: false,
  }))
  const relations = draft.entity.belongsTo.map((relation): Property => {
    const target = byName.get(relation.target)
    if (!target) throw new Error(`${draft.entity.name} belongs to ${relation.target}, which is not an entity`)
    return {
      kind: 'relation',
      relation: {
        target,
        onDelete: relation.onDelete,
        isOwner: draft.ownerProperty === relationProperty(relation),
      },
      name: relationProperty(relation),
      column: column(
        relationProperty(relation),
        relation.property === undefined ? `${snakeCase(relation.name)}_id` : undefined,
      ),
      label: oneLine(relation.label) || relation.name,
      required: relation.required,
      unique: relation.unique,
      isOmitted: false,
      isRole: false,
    }
  })
  const role = draft.isAccount && roles.length > 0 ? [roleProperty(roles, column('role'))] : []
  draft.properties = [...fields, ...role, ...relations]
  // What is unique together in the order of the row, in which a conflict names it; what is looked up by in its own.
  draft.indexes = (entity.indexes ?? []).map(({ properties, unique }) => ({
    properties: unique
      ? draft.properties.filter(({ name }) => properties.includes(name))
      : properties.flatMap((name) => draft.properties.filter((property) => property.name === name)),
    unique,
  }))
  draft.varied = variedOf(draft)
}

function variedOf({ indexes }: Pick<Resource, 'indexes'>): ReadonlySet<string> {
  const varied = indexes.flatMap(({ properties, unique }) => {
    const fields = properties.flatMap((property) =>
      property.kind === 'field' && !property.isRole ? [property.field] : [],
    )
    const endless = fields.find((field) => valuesOf(field) === Infinity)
    const chosen = endless ?? fields.find((field) => !fewValues(field))
    return unique && chosen ? [chosen.name] : []
  })
  return new Set(varied)
}

function orderByNeed(resources: readonly Resource[]): Resource[] {
  const ordered = new Set<Resource>()
  const visiting = new Set<Resource>()
  const visit = (resource: Resource): void => {
    if (visiting.has(resource)) return
    visiting.add(resource)
    for (const { required, relation } of relationsOf(resource)) if (required) visit(relation.target)
    ordered.add(resource)
  }
  for (const resource of resources) visit(resource)
  return [...ordered]
}

function makeLinks(
  pairs: readonly ManyToMany[],
  byName: ReadonlyMap<string, Resource>,
  { tables, keys, operationIds }: { tables: Namespace; keys: Namespace; operationIds: Namespace },
): Link[] {
  const paths = makeNamespace(
    [...byName.values()].map(({ path }) => path),
    (path) => path.toLowerCase(),
  )
  const segment = (from: Resource, to: Resource): string => {
    const parts = to.path.slice(1).split('/')
    const short = parts.at(-1) ?? to.fileName
    const wish = paths.isFree(`${from.path}/:id/${short}`) ? short : parts.join('-')
    return paths.take(`${from.path}/:id/${wish}`, '-').slice(`${from.path}/:id/`.length)
  }
  return pairs.map((pair) => {
    const left = byName.get(pair.left)
    const right = byName.get(pair.right)
    if (!left || !right)
      throw new Error(`${pair.left} and ${pair.right} are linked, but are not both entities`)
    const columns = makeNamespace()
    return {
      left,
      right,
      key: keys.take(`${left.key}${capitalise(right.key)}`),
      table: tables.take(pair.table ?? `${left.table}_${right.table}`, '_'),
      leftColumn: columns.take(pair.leftColumn ?? `${snakeCase(left.entity.name)}_id`, '_'),
      rightColumn: columns.take(pair.rightColumn ?? `${snakeCase(right.entity.name)}_id`, '_'),
      rightSegment: segment(left, right),
      leftSegment: segment(right, left),
      operationIds: {
        rights: operationIds.take(`list${left.entity.name}${right.entity.plural}`),
        lefts: operationIds.take(`list${right.entity.name}${left.entity.plural}`),
        add: operationIds.take(`link${left.entity.name}${right.entity.name}`),
        remove: operationIds.take(`unlink${left.entity.name}${right.entity.name}`),
      },
    }
  })
}
