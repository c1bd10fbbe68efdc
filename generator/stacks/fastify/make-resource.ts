import {
  IDENTIFIER,
  keyOf,
  relationProperty,
  stampsOf,
  type Entity,
  type Field,
  type Operation,
} from '#contract'
import { fewValues, valuesOf } from '../../blueprint/capacity.ts'
import { toSnake } from '../../blueprint/words.ts'
import { oneLine } from '../../codegen/encode/text.ts'
import {
  camelCase,
  capitalise,
  kebabCase,
  makeNamespace,
  snakeCase,
  wordsOf,
  type Namespace,
} from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { openToAll } from './guards.ts'
import { makeForeignKeys } from './make-foreign-keys.ts'
import { makeIndexes } from './make-indexes.ts'
import { isJoint, type Property, type Resource } from './resource.ts'
import { roleProperty } from './roles.ts'
import { reserveTypeName } from './reserve-type-name.ts'

/** A mutable resource under construction: properties refer to other drafts, and policies to properties. */
export type Draft = { -readonly [Key in keyof Resource]: Resource[Key] }

type Names = {
  types: Namespace
  tables: Namespace
  keys: Namespace
  operationIds: Namespace
  account: string | undefined
  typeName: string
}

/** An entity with its names, without properties and policies. */
export function makeDraft(
  entity: Entity,
  { types, tables, keys, operationIds, account, typeName }: Names,
): Draft {
  const file = kebabCase(entity.name)
  const table = snakeCase(entity.plural)
  const { name, plural } = entity
  // Names of missing requests stay available.
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
    pageName: reserveTypeName(types, `${typeName}Page`),
    bodyName: reserveTypeName(types, `${typeName}Body`),
    patchName: reserveTypeName(types, `${typeName}Patch`),
    queryName: reserveTypeName(types, `${typeName}Query`),
    key: keys.take(camelCase(plural)),
    routesFunction: `${camelCase(name)}Routes`,
    repositoryFunction: `make${capitalise(camelCase(name))}Repository`,
    properties: [],
    indexes: [],
    foreignKeys: [],
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

/** A property with a default always has a value, so readers need not handle null. */
function neverNullWithDefault(field: Field): Field {
  return field.default === undefined ? field : { ...field, required: true }
}

/** Adds columns, properties and indexes to a draft, once every draft exists. */
export function addProperties(
  draft: Draft,
  byName: ReadonlyMap<string, Draft>,
  roles: readonly string[],
): void {
  // SQLite ignores case in column names and has three names for the rowid.
  const columns = makeNamespace(['rowid', 'oid', '_rowid_'], (name) => name.toLowerCase())
  const { entity } = draft
  const usualName = (name: string) =>
    IDENTIFIER.test(name) ? snakeCase(name) || name : (toSnake(name) ?? 'column')
  const column = (name: string, usual = usualName(name)) => columns.take(entity.table ? name : usual, '_')
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
        ownOnly: relation.ownOnly === true && !target.isAccount,
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
  // Unique indexes use the order of the row, as in conflict errors; others keep their own.
  draft.indexes = makeIndexes(draft)
}

/** Adds the foreign keys of several properties, once every draft has its properties. */
export function addForeignKeys(draft: Draft, byName: ReadonlyMap<string, Draft>): void {
  draft.foreignKeys = makeForeignKeys(draft, byName)
  draft.varied = variedOf(draft)
}

function variedOf(draft: Resource): ReadonlySet<string> {
  const groups = draft.indexes.filter(({ unique }) => unique).map(({ properties }) => properties)
  // Rows that are alike in one group must still differ in another that shares a property with it.
  const apart = groups.flatMap((group) =>
    groups
      .filter((other) => other !== group && other.some((property) => group.includes(property)))
      .map((other) => group.filter((property) => !other.includes(property))),
  )
  const varied = [...groups, ...apart].flatMap((properties) => {
    const fields = properties.flatMap((property) =>
      property.kind === 'field' && !property.isRole && !isJoint(draft, property.name) ? [property.field] : [],
    )
    const endless = fields.find((field) => valuesOf(field) === Infinity)
    const chosen = endless ?? fields.find((field) => !fewValues(field))
    return chosen ? [chosen.name] : []
  })
  return new Set(varied)
}
