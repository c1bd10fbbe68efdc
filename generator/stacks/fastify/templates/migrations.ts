import { sqlIdentifier, sqlText } from '../../../codegen/encode/sql.ts'
import { projectKind } from '../field-kinds.ts'
import type { ProjectModel } from '../model.ts'
import type {
  IndexCondition,
  Link,
  Property,
  Resource,
  ResourceForeignKey,
  ResourceIndex,
} from '../resource.ts'

/** `src/migrations/*.sql`, in order: a table comes after those that it requires. */
export function migrationFiles(model: ProjectModel): { path: string; content: string }[] {
  const steps = [
    ...model.inOrderOfNeed.map((resource) => ({
      name: `create_${resource.table}`,
      content: createTable(resource),
    })),
    ...model.links.map((link) => ({ name: `create_${link.table}`, content: createLinkTable(link) })),
    ...(model.account ? [{ name: 'create_credentials', content: createCredentials(model.account) }] : []),
  ]
  if (steps.length === 0) steps.push({ name: 'start', content: '-- This service keeps no rows.\n' })
  return steps.map(({ name, content }, index) => ({
    path: `src/migrations/${String(index + 1).padStart(4, '0')}_${name}.sql`,
    content,
  }))
}

function createTable(resource: Resource): string {
  const columns = [
    `${sqlIdentifier(resource.id.column)} ${keyTypes[resource.id.kind]} NOT NULL`,
    ...resource.properties.map(columnDefinition),
    ...[resource.created, resource.updated].flatMap((stamp) =>
      stamp === undefined ? [] : [`${sqlIdentifier(stamp.column)} TEXT NOT NULL`],
    ),
    ...resource.foreignKeys.map(foreignKeyConstraint),
  ]
  // A unique column has an index already.
  const indexes = resource.properties
    .filter((property) => property.kind === 'relation' && !property.unique)
    .map(({ column }) => createIndex(resource.table, [column]))
  const more = resource.indexes.map((index) => createResourceIndex(resource, index))
  const joint = resource.foreignKeys
    .filter((key) => !resource.indexes.some((index) => startsWith(index, key.properties)))
    .map(({ properties }) => createIndex(resource.table, columnsOf(properties)))
    .filter((one, at, all) => all.indexOf(one) === at)
  return `${[createStatement(resource.table, columns), ...indexes, ...more, ...joint].join('\n\n')}\n`
}

const columnsOf = (properties: readonly Property[]): string[] => properties.map(({ column }) => column)

/** Whether an index serves the look-ups of a foreign key as well. */
const startsWith = ({ properties, where, caseless }: ResourceIndex, key: readonly Property[]): boolean =>
  where.length === 0 && caseless.length === 0 && key.every((property, at) => properties[at] === property)

function foreignKeyConstraint({ properties, target, targets, onDelete }: ResourceForeignKey): string {
  const list = (side: readonly Property[]) => columnsOf(side).map(sqlIdentifier).join(', ')
  return `FOREIGN KEY (${list(properties)}) REFERENCES ${sqlIdentifier(target.table)} (${list(targets)}) ON DELETE ${deleteRules[onDelete]}`
}

/** A number is never reused, even after its row is deleted. */
const keyTypes = {
  uuid: 'TEXT PRIMARY KEY',
  text: 'TEXT PRIMARY KEY',
  integer: 'INTEGER PRIMARY KEY AUTOINCREMENT',
}

/** The type of a column with the key of another row. */
const referenceType = ({ id }: Resource): string => (id.kind === 'integer' ? 'INTEGER' : 'TEXT')

function columnDefinition(property: Property): string {
  const column = sqlIdentifier(property.column)
  const rules = [
    sqlType(property),
    ...(property.required ? ['NOT NULL'] : []),
    ...(property.unique ? ['UNIQUE'] : []),
    ...checkOf(property).map((check) => `CHECK (${column} ${check})`),
    ...(property.kind === 'relation'
      ? [
          `REFERENCES ${sqlIdentifier(property.relation.target.table)} (${sqlIdentifier(property.relation.target.id.column)}) ON DELETE ${deleteRules[property.relation.onDelete]}`,
        ]
      : []),
  ]
  return `${column} ${rules.join(' ')}`
}

const deleteRules = { cascade: 'CASCADE', restrict: 'RESTRICT', setNull: 'SET NULL' }

function sqlType(property: Property): string {
  if (property.kind === 'relation') return referenceType(property.relation.target)
  return projectKind(property.field.type).column.type
}

function checkOf(property: Property): string[] {
  if (property.kind === 'relation') return []
  const { check } = projectKind(property.field.type).column
  return check === null ? [] : [check]
}

function createLinkTable({ table, left, right, leftColumn, rightColumn }: Link): string {
  const side = (column: string, resource: Resource) =>
    `${sqlIdentifier(column)} ${referenceType(resource)} NOT NULL REFERENCES ${sqlIdentifier(resource.table)} (${sqlIdentifier(resource.id.column)}) ON DELETE CASCADE`
  const columns = [
    side(leftColumn, left),
    side(rightColumn, right),
    `PRIMARY KEY (${sqlIdentifier(leftColumn)}, ${sqlIdentifier(rightColumn)})`,
  ]
  return `${createStatement(table, columns, 'STRICT, WITHOUT ROWID')}\n\n${createIndex(table, [rightColumn])}\n`
}

function createCredentials(account: Resource): string {
  const columns = [
    `"account_id" ${account.id.kind === 'integer' ? 'INTEGER' : 'TEXT'} PRIMARY KEY NOT NULL REFERENCES ${sqlIdentifier(account.table)} (${sqlIdentifier(account.id.column)}) ON DELETE CASCADE`,
    '"password_hash" TEXT NOT NULL',
  ]
  return `-- Apart from the account, so that no query about accounts can answer a password's hash.
${createStatement('_credentials', columns)}\n`
}

function createStatement(table: string, columns: string[], options = 'STRICT'): string {
  return `CREATE TABLE ${sqlIdentifier(table)} (\n  ${columns.join(',\n  ')}\n) ${options};`
}

function createIndex(table: string, columns: readonly string[], unique = false): string {
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${sqlIdentifier(`${table}.${columns.join('.')}`)} ON ${sqlIdentifier(table)} (${columns.map(sqlIdentifier).join(', ')});`
}

function createResourceIndex(
  { table }: Resource,
  { name, properties, unique, where, caseless }: ResourceIndex,
): string {
  const parts = properties.map((property) => {
    const column = sqlIdentifier(property.column)
    return caseless.includes(property) ? `lower(${column})` : column
  })
  const condition = where.length > 0 ? ` WHERE ${where.map(conditionOf).join(' AND ')}` : ''
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${sqlIdentifier(name)} ON ${sqlIdentifier(table)} (${parts.join(', ')})${condition};`
}

function conditionOf({ property, rule }: IndexCondition): string {
  const column = sqlIdentifier(property.column)
  switch (rule.is) {
    case 'null':
      return `${column} IS NULL`
    case 'notNull':
      return `${column} IS NOT NULL`
    case 'equal':
      return `${column} = ${sqlValue(rule.value)}`
    case 'notEqual':
      return `${column} <> ${sqlValue(rule.value)}`
  }
}

const sqlValue = (value: string | number | boolean): string =>
  typeof value === 'string' ? sqlText(value) : String(Number(value))
