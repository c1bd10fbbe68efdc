import type { PrismaAttribute, PrismaField, PrismaModel, PrismaSchema } from './parse-prisma.ts'
import { isCall, namesIn, textIn } from './parse-prisma.ts'

/** Types of Prisma as types of PostgreSQL. */
const TYPES: Readonly<Record<string, string>> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Decimal: 'numeric',
  Boolean: 'boolean',
  DateTime: 'timestamptz',
  Json: 'jsonb',
  Bytes: 'bytea',
}

/** Functions that make a key; the service makes a UUID. */
const MAKES_KEYS = new Set(['uuid', 'cuid', 'nanoid', 'ulid', 'auto', 'dbgenerated'])

const ON_DELETE: Readonly<Record<string, string>> = {
  Cascade: 'CASCADE',
  Restrict: 'RESTRICT',
  NoAction: 'NO ACTION',
  SetNull: 'SET NULL',
  SetDefault: 'SET DEFAULT',
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
const list = (names: readonly string[]): string => names.map(quoted).join(', ')

/** The tables of a Prisma schema as SQL definitions, which have everything that a model says about its rows. */
export function toSql(schema: PrismaSchema, notes: Set<string>): string {
  const models = schema.models.filter((model) => !has(model.attributes, 'ignore'))
  for (const { name, attributes } of schema.models)
    if (has(attributes, 'ignore')) notes.add(`${name} is omitted, as @@ignore says.`)
  const byName = new Map(models.map((model) => [model.name, model]))
  const given = { schema, byName, notes }
  const enums = [...schema.enums].map(
    ([name, values]) => `CREATE TYPE ${quoted(name)} AS ENUM (${values.map(text).join(', ')});`,
  )
  const tables = models.map((model) => tableOf(model, given))
  return [...enums, ...tables, ...joinTables(models, given)].join('\n')
}

type Given = {
  readonly schema: PrismaSchema
  readonly byName: ReadonlyMap<string, PrismaModel>
  readonly notes: Set<string>
}

const has = (attributes: readonly PrismaAttribute[], name: string): boolean =>
  attributes.some((one) => one.name === name)
const attribute = (
  { attributes }: { readonly attributes: readonly PrismaAttribute[] },
  name: string,
): PrismaAttribute | undefined => attributes.find((one) => one.name === name)

export const tableName = (model: PrismaModel): string => {
  const map = attribute(model, 'map')
  return textIn(map?.positional[0] ?? map?.named.get('name')) ?? model.name
}

function tableOf(model: PrismaModel, given: Given): string {
  const { notes, byName } = given
  const table = tableName(model)
  const parts: string[] = []
  const after: string[] = []
  let renamed = 0
  for (const field of model.fields) {
    if (byName.has(field.type)) {
      const key = foreignKey(field, given)
      if (key !== undefined) parts.push(key)
      continue
    }
    if (has(field.attributes, 'ignore')) {
      notes.add(`${field.name} of ${model.name} is omitted, as @ignore says.`)
      continue
    }
    if (has(field.attributes, 'map')) renamed += 1
    const column = columnOf(field, model, given)
    if (column === undefined) continue
    parts.push(column)
    if (field.comment)
      after.push(`COMMENT ON COLUMN ${quoted(table)}.${quoted(field.name)} IS ${text(field.comment)};`)
  }
  if (renamed > 0) notes.add(`The columns of ${model.name} have the names of its fields, not those of @map.`)
  const id = attribute(model, 'id')
  if (id) parts.push(`PRIMARY KEY (${list(columnsOf(id))})`)
  for (const one of model.attributes) {
    if (one.name === 'unique') parts.push(`UNIQUE (${list(columnsOf(one))})`)
    else if (one.name === 'index') after.push(`CREATE INDEX ON ${quoted(table)} (${list(columnsOf(one))});`)
    else if (one.name === 'fulltext') notes.add(`A full-text index of ${model.name} is not built.`)
  }
  if (model.comment) after.unshift(`COMMENT ON TABLE ${quoted(table)} IS ${text(model.comment)};`)
  return [`CREATE TABLE ${quoted(table)} (\n  ${parts.join(',\n  ')}\n);`, ...after].join('\n')
}

const columnsOf = ({ positional, named }: PrismaAttribute): string[] =>
  namesIn(named.get('fields') ?? positional[0])

function columnOf(field: PrismaField, model: PrismaModel, given: Given): string | undefined {
  const type = typeOf(field, model, given)
  if (type === undefined) {
    given.notes.add(
      `${field.name} of ${model.name} has the type ${field.type}, which is not supported: it is omitted.`,
    )
    return undefined
  }
  const isKey = has(field.attributes, 'id')
  return [
    quoted(field.name),
    field.isList ? `${type}[]` : type,
    ...(field.isOptional || field.isList ? [] : ['NOT NULL']),
    ...defaultOf(field, model, given),
    ...(isKey ? ['PRIMARY KEY'] : []),
    ...(has(field.attributes, 'unique') ? ['UNIQUE'] : []),
  ].join(' ')
}

/** The type of a column; a key of another row has the type of that key. */
function typeOf(field: PrismaField, model: PrismaModel, given: Given, depth = 0): string | undefined {
  const { schema, byName } = given
  const relation = relationsByColumn(model, byName).get(field.name)
  if (relation && depth < 20) {
    const target = byName.get(relation.type)!
    const at = relationColumns(relation).indexOf(field.name)
    const referenced = namesIn(attribute(relation, 'relation')?.named.get('references'))[at]
    const other = target.fields.find(({ name }) => name === referenced)
    if (other && other !== field) return typeOf(other, target, given, depth + 1)
  }
  if (schema.enums.has(field.type)) return quoted(field.type)
  if (schema.types.has(field.type)) return 'jsonb'
  const plain = Object.hasOwn(TYPES, field.type) ? TYPES[field.type]! : undefined
  if (field.type === 'String' && makesKey(field)) return 'uuid'
  const native = field.attributes.find(({ name }) => name.startsWith('db.'))
  const sizes = native?.positional.filter((value) => /^\d{1,6}$/.test(String(value))).map(String) ?? []
  switch (native?.name) {
    case 'db.VarChar':
    case 'db.Char':
    case 'db.NVarChar':
      return sizes.length === 1 ? `varchar(${sizes[0]})` : plain
    case 'db.Uuid':
      return 'uuid'
    case 'db.Date':
      return 'date'
    case 'db.Decimal':
      return sizes.length > 0 ? `numeric(${sizes.join(', ')})` : plain
    case 'db.SmallInt':
      return 'smallint'
    default:
      return plain
  }
}

/** Whether the database or the client makes the value of a key. */
function makesKey(field: PrismaField): boolean {
  const value = attribute(field, 'default')?.positional[0]
  if (!isCall(value) || !MAKES_KEYS.has(value.name)) return false
  return value.name !== 'dbgenerated' || /uuid/i.test(textIn(value.params?.[0]) ?? 'uuid')
}

function defaultOf(field: PrismaField, model: PrismaModel, { notes }: Given): string[] {
  const value = attribute(field, 'default')?.positional[0]
  if (value === undefined) return has(field.attributes, 'updatedAt') ? ['DEFAULT now()'] : []
  if (isCall(value)) {
    if (value.name === 'autoincrement' || value.name === 'sequence')
      return ['GENERATED BY DEFAULT AS IDENTITY']
    if (value.name === 'now') return ['DEFAULT now()']
    if (makesKey(field)) {
      if (!/^(uuid|dbgenerated)$/.test(value.name))
        notes.add(`${field.name} of ${model.name} is made by ${value.name}(): here it is a UUID.`)
      return ['DEFAULT gen_random_uuid()']
    }
    notes.add(`The default of ${field.name} of ${model.name} (${value.name}) is not supported.`)
    return []
  }
  if (typeof value === 'boolean' || typeof value === 'number') return [`DEFAULT ${String(value)}`]
  if (typeof value === 'string') return [`DEFAULT ${text(textIn(value) ?? value)}`]
  notes.add(`The default of ${field.name} of ${model.name} is not supported.`)
  return []
}

const knownRelations = new WeakMap<PrismaModel, ReadonlyMap<string, PrismaField>>()

/** The relation that a column is the key of; looked up once for each model. */
function relationsByColumn(model: PrismaModel, byName: Given['byName']): ReadonlyMap<string, PrismaField> {
  const known = knownRelations.get(model)
  if (known) return known
  const relations = model.fields.filter(({ type }) => byName.has(type))
  const found = new Map(
    relations.flatMap((field) => relationColumns(field).map((column) => [column, field] as const)),
  )
  knownRelations.set(model, found)
  return found
}

const relationColumns = (field: PrismaField): string[] =>
  namesIn(attribute(field, 'relation')?.named.get('fields'))

function foreignKey(field: PrismaField, { byName }: Given): string | undefined {
  const relation = attribute(field, 'relation')
  const columns = relationColumns(field)
  const targets = namesIn(relation?.named.get('references'))
  if (!relation || columns.length === 0 || targets.length === 0) return undefined
  const stated = textIn(relation.named.get('onDelete'))
  const onDelete = (stated && ON_DELETE[stated]) ?? (field.isOptional ? 'SET NULL' : 'RESTRICT')
  const target = tableName(byName.get(field.type)!)
  return `FOREIGN KEY (${list(columns)}) REFERENCES ${quoted(target)} (${list(targets)}) ON DELETE ${onDelete}`
}

/** Two lists of each other, without a model between them: Prisma keeps their pairs in a table of its own. */
function joinTables(models: readonly PrismaModel[], given: Given): string[] {
  const { byName, notes } = given
  const made = new Map<string, string>()
  for (const model of models) {
    for (const field of model.fields) {
      const other = byName.get(field.type)
      if (!other || !field.isList || relationColumns(field).length > 0) continue
      const name = relationName(field)
      const isBack = (one: PrismaField) =>
        one !== field && one.type === model.name && one.isList && relationName(one) === name
      if (!other.fields.some(isBack)) continue
      if (other === model) {
        notes.add(`${field.name} of ${model.name} links its rows with each other: that is not built.`)
        continue
      }
      const [a, b] = [model, other].toSorted((one, two) => (one.name < two.name ? -1 : 1)) as [
        PrismaModel,
        PrismaModel,
      ]
      const table = `_${name ?? `${a.name}To${b.name}`}`
      const keys = [a, b].map((one) => one.fields.find((each) => has(each.attributes, 'id')))
      if (keys.some((key) => key === undefined)) continue
      const columns = [a, b].map((one, at) => {
        const [key, column] = [keys[at]!, at === 0 ? 'A' : 'B']
        return `${quoted(column)} ${typeOf(key, one, given)} NOT NULL REFERENCES ${quoted(tableName(one))} (${quoted(key.name)}) ON DELETE CASCADE`
      })
      made.set(table, `CREATE TABLE ${quoted(table)} (${columns.join(', ')}, PRIMARY KEY ("A", "B"));`)
    }
  }
  return [...made.values()]
}

const relationName = (field: PrismaField): string | undefined => {
  const relation = attribute(field, 'relation')
  return textIn(relation?.named.get('name') ?? relation?.positional[0])
}
