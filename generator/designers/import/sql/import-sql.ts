// Longer than most files: turns tables into entities, one decision after the other.
import type { Blueprint, Entity, Field, FieldType, Index, Key, ManyToMany } from '#contract'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import { pluralName, singular, spaced, toCamel, toKebab, toPascal } from '../../../blueprint/words.ts'
import { accountFor } from '../account.ts'
import type { ImportResult, ImportOptions } from '../import-result.ts'
import { typeOfColumn } from './column-type.ts'
import { keptOperations } from './natural-key.ts'
import { readCheck, withRule } from './read-check.ts'
import { readDdl } from './read-ddl.ts'
import type { Column, Ddl, ForeignKey, Table } from './table-definition.ts'
import type { Token } from './tokens.ts'

/** The maximum of an entity. */
const MAX_RELATIONS = 20
const ROW_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/
const SECRET = /pass(word|wd|phrase)|secret|^pwd$|_?salt$/i
const CREATED = /^(created|inserted|creation)(_?(at|on|date|time|timestamp))?$/i
const UPDATED =
  /^(updated|modified|changed|last_?(modified|updated|changed|update))(_?(at|on|date|time|timestamp))?$/i

/** The Blueprint of SQL definitions: an entity for each table, with its exact columns. Throws a `SpecError`. */
export function importSql(sql: string, wish: ImportOptions): ImportResult {
  const ddl = readDdl(sql)
  const notes = new Set<string>()
  const missing = new Set(ddl.others)
  const joins = ddl.tables.filter((table) => isJoin(table, ddl))
  const kept = ddl.tables.filter((table) => !joins.includes(table))
  const names = nameTables(kept)
  const entities = kept.map((table) => makeEntity(table, { ddl, names, joins, notes }))
  const manyToMany = joins.map((table) => linkOf(table, names))
  for (const { name } of joins)
    notes.add(`The table ${name} joins two others: it becomes a many-to-many relation.`)
  const title = label(wish.name ?? ddl.name ?? `${entities[0]?.plural ?? 'Database'} API`)
  const operations = kept.flatMap((table) => {
    const entity = entities.find(({ name }) => name === names.get(table))!
    return isNatural(table, entity) ? keptOperations(entity, entities) : []
  })
  const account = wish.auth === 'jwt' ? accountFor(entities) : undefined
  if (account) notes.add('Every request needs a bearer token: accounts register and sign in at /auth.')
  if (wish.auth === 'apiKey') notes.add('Every request needs an API key in the header X-API-Key.')
  const access = account || wish.auth === 'apiKey' ? ('authenticated' as const) : ('public' as const)
  const blueprint: Blueprint = {
    version: 1,
    name: (toKebab(wish.name ?? ddl.name ?? title) ?? 'database-api').slice(0, 60).replace(/-+$/, ''),
    title,
    description: `Made from the definitions of ${ddl.tables.length === 1 ? 'a table' : `${ddl.tables.length} tables`}.`,
    auth: account
      ? { kind: 'jwt', account: account.name }
      : { kind: wish.auth === 'apiKey' ? 'apiKey' : 'none' },
    entities: [
      ...entities.map((entity) => ({ ...entity, access: { read: access, write: access } })),
      ...(account ? [account] : []),
    ],
    manyToMany,
    operations: operations.map((operation) => ({ ...operation, access })),
    config: [],
    seeds: [],
    schedules: [],
    services: [],
  }
  return { blueprint, assumptions: [...notes], notUnderstood: [...missing] }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const tableNamed = ({ byName }: Ddl, name: string): Table | undefined => byName.get(name.toLowerCase())
const columnNamed = ({ byName }: Table, name: string): Column | undefined => byName.get(name.toLowerCase())

const label = (name: string): string => {
  const words = spaced(name.replaceAll('_', ' '))
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A join table: two foreign keys, and perhaps a timestamp. */
function isJoin(table: Table, ddl: Ddl): boolean {
  const { primaryKey, foreignKeys, columns, uniques } = table
  const keys = foreignKeys.filter(({ columns: own }) => own.length === 1)
  const [left, right] = keys
  if (keys.length !== 2 || !left || !right || same(left.table, right.table)) return false
  const own = [left.columns[0]!, right.columns[0]!]
  const isPair = (list: readonly string[]) =>
    list.length === 2 && own.every((name) => list.some((one) => same(one, name)))
  if (!isPair(primaryKey) && !uniques.some(isPair)) return false
  const isOther = ({ name }: Column) =>
    !own.some((one) => same(one, name)) &&
    !CREATED.test(name) &&
    !(primaryKey.length === 1 && same(primaryKey[0]!, name))
  return !columns.some(isOther) && [left, right].every((key) => isWhole(key, ddl))
}

/** Whether a foreign key refers to the whole primary key of its target. */
function isWhole({ table, targets, columns }: ForeignKey, ddl: Ddl): boolean {
  const target = tableNamed(ddl, table)
  if (!target || columns.length !== 1 || target.primaryKey.length !== 1) return false
  return targets.length === 0 || same(targets[0]!, target.primaryKey[0]!)
}

function nameTables(tables: readonly Table[]): Map<Table, string> {
  const taken = new Set<string>()
  const names = new Map<Table, string>()
  for (const table of tables) {
    const words = spaced(table.name.replaceAll('_', ' '))
    const wish = toPascal(singular(words)) ?? 'Row'
    let name = wish
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${wish}${number}`
    taken.add(name.toLowerCase())
    names.set(table, name)
  }
  return names
}

type Given = {
  readonly ddl: Ddl
  readonly names: ReadonlyMap<Table, string>
  readonly joins: readonly Table[]
  readonly notes: Set<string>
}

/** The key of a table: a single column of a suitable type; undefined if rows need a generated id. */
function keyOfTable(table: Table): Key | undefined {
  const [name] = table.primaryKey
  const column = name === undefined || table.primaryKey.length > 1 ? undefined : columnNamed(table, name)
  if (!column || !ROW_NAME.test(column.name)) return undefined
  if (table.foreignKeys.some(({ columns }) => columns.length === 1 && same(columns[0]!, column.name)))
    return undefined
  const { type } = typeOfColumn(column)
  switch (type.kind) {
    case 'integer':
      return { name: column.name, kind: 'integer' }
    case 'uuid':
      return { name: column.name, kind: 'uuid' }
    case 'string':
    case 'text':
      return { name: column.name, kind: 'text' }
    default:
      return undefined
  }
}

/** A natural text key, such as a country code, not a UUID in a text column. */
function isNatural(table: Table, { key }: Entity): boolean {
  if (key?.kind !== 'text') return false
  const column = columnNamed(table, key.name)
  return column !== undefined && column.default === undefined && column.size !== 36
}

function makeEntity(table: Table, given: Given): Entity {
  const { notes, names } = given
  const name = names.get(table)!
  const key = keyOfTable(table)
  if (key === undefined) sayKey(table, notes)
  const isKey = (column: string) => key !== undefined && same(column, key.name)
  const relations = relationsOf(table, given, isKey)
  const stamps = { created: null as string | null, updated: null as string | null }
  const fields: Field[] = []
  for (const column of table.columns) {
    const about = `${column.name} of ${table.name}`
    if (isKey(column.name) || relations.some(({ property }) => property === column.name)) continue
    const { type, note } = typeOfColumn(column)
    if (type.kind === 'datetime' && CREATED.test(column.name)) stamps.created ??= column.name
    else if (type.kind === 'datetime' && UPDATED.test(column.name)) stamps.updated ??= column.name
    if (stamps.created === column.name || stamps.updated === column.name) continue
    if (SECRET.test(column.name)) notes.add(`${about} looks like a secret: it is omitted.`)
    else if (column.isComputed) notes.add(`${about} is computed: it is omitted.`)
    else if (!ROW_NAME.test(column.name))
      notes.add(
        `${JSON.stringify(column.name)} of ${table.name} is not a valid property name: it is omitted.`,
      )
    else {
      if (note !== undefined) notes.add(`${about} ${note}.`)
      fields.push(toField(column, type, table, notes))
    }
  }
  applyChecks(table, fields, notes)
  const indexes = indexesOf(table, fields, relations, notes)
  const plural = pluralOf(table, name)
  return {
    name,
    plural,
    label: label(name),
    labelPlural: label(plural),
    ...(table.comment && { description: table.comment.slice(0, 1000) }),
    path: `/${toKebab(plural) ?? 'rows'}`,
    key: key ?? { name: fields.some((field) => same(field.name, 'id')) ? 'row_id' : 'id', kind: 'uuid' },
    stamps,
    table: ROW_NAME.test(table.name) ? table.name : (toKebab(table.name) ?? 'rows').replaceAll('-', '_'),
    fields,
    belongsTo: relations,
    ...(indexes.length > 0 && { indexes }),
    operations:
      key !== undefined && isNatural(table, { key } as Entity)
        ? []
        : ['list', 'create', 'read', 'update', 'delete'],
    access: { read: 'public', write: 'public' },
  }
}

function pluralOf(table: Table, name: string): string {
  const own = toPascal(spaced(table.name.replaceAll('_', ' ')))
  return own !== null && own !== name ? own : pluralName(name)
}

function sayKey(table: Table, notes: Set<string>): void {
  const { name, primaryKey } = table
  if (primaryKey.length === 0) notes.add(`${name} has no primary key: rows get an id.`)
  else if (primaryKey.length === 1)
    notes.add(
      `${primaryKey[0]} of ${name} is also a foreign key: rows get an id, and it stays a unique property.`,
    )
  else notes.add(`${name} has the composite key ${primaryKey.join(' and ')}: rows also get an id.`)
}

function relationsOf(
  table: Table,
  { ddl, names, notes }: Given,
  isKey: (column: string) => boolean,
): Entity['belongsTo'] {
  const found: Entity['belongsTo'] = []
  // A repeated definition changes nothing.
  const keys = new Map(table.foreignKeys.map((key) => [JSON.stringify(key).toLowerCase(), key]))
  for (const foreignKey of keys.values()) {
    const [name] = foreignKey.columns
    const column = name === undefined ? undefined : columnNamed(table, name)
    const target = tableNamed(ddl, foreignKey.table)
    const about = `${foreignKey.columns.join(' and ')} of ${table.name}`
    if (!target)
      notes.add(`${about} refers to ${foreignKey.table}, which is not defined: it is an ordinary property.`)
    else if (!column || !isWhole(foreignKey, ddl) || keyOfTable(target) === undefined || !names.has(target))
      notes.add(
        `${about} refers to ${foreignKey.table} by something other than its primary key: it is an ordinary property.`,
      )
    else if (
      isKey(column.name) ||
      found.some(({ property }) => property === column.name) ||
      !ROW_NAME.test(column.name)
    )
      continue
    else if (found.length >= MAX_RELATIONS)
      notes.add(
        `${about} refers to ${foreignKey.table}beyond the limit of ${MAX_RELATIONS} relations: it is an ordinary property.`,
      )
    else if (column.notNull && (target === table || needs(target, ddl).has(table)))
      notes.add(`${about} is part of a cycle of required references: it is an ordinary property.`)
    else {
      const wish = toCamel(column.name.replace(/_?id$/i, '') || names.get(target)!) ?? 'parent'
      let own = wish
      for (let number = 2; found.some((one) => one.name === own); number++) own = `${wish}${number}`
      if (foreignKey.onDelete === 'setDefault') notes.add(`${about}: SET DEFAULT is treated as RESTRICT.`)
      const onDelete =
        foreignKey.onDelete === 'setDefault' || (foreignKey.onDelete === 'setNull' && column.notNull)
          ? 'restrict'
          : foreignKey.onDelete
      found.push({
        name: own,
        property: column.name,
        label: label(own),
        target: names.get(target)!,
        required: column.notNull || isInKey(table, column.name),
        unique: isUnique(table, column),
        onDelete,
      })
    }
  }
  return found
}

const isInKey = ({ primaryKey }: Table, column: string): boolean =>
  primaryKey.some((one) => same(one, column))

const isUnique = (table: Table, { name, unique }: Column): boolean =>
  unique ||
  table.uniques.some((list) => list.length === 1 && same(list[0]!, name)) ||
  (table.primaryKey.length === 1 && same(table.primaryKey[0]!, name))

const needed = new WeakMap<Table, ReadonlySet<Table>>()

/** The tables that a row requires, directly or not; computed once. */
function needs(from: Table, ddl: Ddl): ReadonlySet<Table> {
  const known = needed.get(from)
  if (known) return known
  const found = new Set<Table>([from])
  for (const table of found) {
    for (const key of table.foreignKeys) {
      const target = tableNamed(ddl, key.table)
      if (target && !found.has(target) && key.columns.every((name) => columnNamed(table, name)?.notNull))
        found.add(target)
    }
  }
  needed.set(from, found)
  return found
}

function toField(column: Column, type: FieldType, table: Table, notes: Set<string>): Field {
  const value = column.default && valueOf(column.default)
  const about = `${column.name} of ${table.name}`
  const fitted = value === undefined || value === null ? undefined : coerce(fromSql(value, type), type)
  const unique = isUnique(table, column)
  const isSet = fitted?.ok === true && type.kind !== 'json' && !unique
  if (column.default && !isSet && value !== null) {
    const said = column.default.map(({ text }) => text).join('')
    notes.add(
      `The default of ${about} (${said.slice(0, 60)}) is not supported${column.notNull ? ': the value is required' : ''}.`,
    )
  }
  return {
    name: column.name,
    label: label(column.name),
    type,
    required: column.notNull || isInKey(table, column.name),
    unique: unique && type.kind !== 'json' && type.kind !== 'boolean',
    ...(isSet && fitted?.ok && { default: fitted.value }),
    ...(column.comment && { description: column.comment.slice(0, 500) }),
  }
}

/** The literal of a default, or null; undefined if it is computed. */
function valueOf(tokens: readonly Token[]): string | number | boolean | null | undefined {
  const bare = tokens.filter(({ kind, text }) => !(kind === 'sign' && ['(', ')'].includes(text)))
  const cast = bare.findIndex(({ kind, text }) => kind === 'sign' && text === '::')
  const [first, second, ...rest] = cast === -1 ? bare : bare.slice(0, cast)
  if (!first || rest.length > 0) return undefined
  if (first.kind === 'sign' && first.text === '-' && second?.kind === 'number') return -Number(second.text)
  if (second) return undefined
  if (first.kind === 'number') return Number(first.text)
  if (first.kind === 'text') return first.text
  const word = first.text.toLowerCase()
  if (word === 'null') return null
  return word === 'true' || word === 'false' ? word === 'true' : undefined
}

const fromSql = (value: string | number | boolean, type: FieldType): string | number | boolean =>
  type.kind === 'boolean' && [0, 1, '0', '1', 't', 'f'].includes(value as never)
    ? [1, '1', 't'].includes(value as never)
    : value

function applyChecks(table: Table, fields: Field[], notes: Set<string>): void {
  for (const check of table.checks) {
    const rules = readCheck(check)
    const placed = rules?.map((rule) => {
      const field = fields.find(({ name }) => same(name, rule.column))
      return { field, type: field && withRule(field.type, rule), rule }
    })
    if (placed && placed.every(({ type }) => type)) {
      for (const { field, rule } of placed) {
        field!.type = withRule(field!.type, rule) ?? field!.type
        if (field!.default !== undefined && !coerce(field!.default, field!.type).ok) delete field!.default
      }
    } else
      notes.add(
        `A CHECK of ${table.name} is not supported: ${check
          .map(({ text }) => text)
          .join(' ')
          .slice(0, 120)}.`,
      )
  }
}

/** The maximum per table. */
const MAX_INDEXES = 20
const MAX_COLUMNS = 6

/** Unique constraints, including composite keys, and indexes. */
function indexesOf(
  table: Table,
  fields: readonly Field[],
  relations: Entity['belongsTo'],
  notes: Set<string>,
) {
  const found: Index[] = []
  const nameOf = (column: string): string | undefined =>
    fields.find(({ name, type }) => same(name, column) && type.kind !== 'json')?.name ??
    relations.find(({ property }) => same(property ?? '', column))?.property
  const isUniqueAlone = (name: string) =>
    [...fields.map((field) => ({ ...field, property: field.name })), ...relations].some(
      ({ property, unique }) => unique && property === name,
    )
  const carry = (columns: readonly string[], unique: boolean): void => {
    const properties = columns.map(nameOf)
    const kept = properties.filter((name) => name !== undefined)
    const isWhole = kept.length === columns.length && kept.length <= MAX_COLUMNS && found.length < MAX_INDEXES
    if (!isWhole) {
      const list = columns.join(' and ')
      notes.add(
        unique
          ? `${list} of ${table.name} are unique together: this is not enforced.`
          : `The index of ${table.name} on ${columns.join(', ')} is not supported.`,
      )
      return
    }
    const isThere = found.some(
      (one) => [...one.properties].sort().join() === [...kept].sort().join() && (one.unique || !unique),
    )
    // Unique properties and relations already have an index.
    const isNeedless = unique
      ? kept.some(isUniqueAlone)
      : kept.length === 1 &&
        (isUniqueAlone(kept[0]!) || relations.some(({ property }) => property === kept[0]))
    if (!isThere && !isNeedless) found.push({ properties: kept, unique })
  }
  for (const columns of [...(table.primaryKey.length > 1 ? [table.primaryKey] : []), ...table.uniques])
    if (columns.length > 1) carry(columns, true)
  for (const columns of table.indexes)
    if (!columns.every((column) => table.primaryKey.length === 1 && isInKey(table, column)))
      carry(columns, false)
  return found
}

function linkOf(table: Table, names: ReadonlyMap<Table, string>): ManyToMany {
  const [left, right] = table.foreignKeys.filter(({ columns }) => columns.length === 1)
  const entityOf = (key: ForeignKey | undefined) =>
    [...names].find(([one]) => same(one.name, key?.table ?? ''))?.[1] ?? ''
  return {
    left: entityOf(left),
    right: entityOf(right),
    ...(ROW_NAME.test(table.name) && {
      table: table.name,
      leftColumn: left!.columns[0]!,
      rightColumn: right!.columns[0]!,
    }),
  }
}
