import { sqlIdentifier, sqlText } from '../../../generate/render/encode/sql.ts'
import type { Link, ProjectModel, Property, Resource } from '../model.ts'

/** `src/migrations/*.sql`, in the order in which they run: a table comes after those that it requires. */
export function migrationFiles(model: ProjectModel): { path: string; content: string }[] {
  const steps = [
    ...model.inOrderOfNeed.map((resource) => ({
      name: `create_${resource.table}`,
      content: createTable(resource),
    })),
    ...model.links.map((link) => ({ name: `create_${link.table}`, content: createLinkTable(link) })),
    ...(model.account ? [{ name: 'create_credentials', content: createCredentials(model.account) }] : []),
  ]
  return steps.map(({ name, content }, index) => ({
    path: `src/migrations/${String(index + 1).padStart(4, '0')}_${name}.sql`,
    content,
  }))
}

function createTable(resource: Resource): string {
  const columns = [
    '"id" TEXT PRIMARY KEY NOT NULL',
    ...resource.properties.map(columnDefinition),
    '"created_at" TEXT NOT NULL',
    '"updated_at" TEXT NOT NULL',
  ]
  // A unique column has an index already.
  const indexes = resource.properties
    .filter((property) => property.kind === 'relation' && !property.unique)
    .map(({ column }) => createIndex(resource.table, column))
  return `${[createStatement(resource.table, columns), ...indexes].join('\n\n')}\n`
}

function columnDefinition(property: Property): string {
  const column = sqlIdentifier(property.column)
  const rules = [
    sqlType(property),
    ...(property.required ? ['NOT NULL'] : []),
    ...(property.unique ? ['UNIQUE'] : []),
    ...checkOf(property).map((check) => `CHECK (${column} ${check})`),
    ...(property.kind === 'relation'
      ? [
          `REFERENCES ${sqlIdentifier(property.relation.target.table)} ("id") ON DELETE ${deleteRules[property.relation.onDelete]}`,
        ]
      : []),
  ]
  return `${column} ${rules.join(' ')}`
}

const deleteRules = { cascade: 'CASCADE', restrict: 'RESTRICT', setNull: 'SET NULL' }

function sqlType(property: Property): string {
  if (property.kind === 'relation') return 'TEXT'
  switch (property.field.type.kind) {
    case 'integer':
    case 'boolean':
      return 'INTEGER'
    case 'number':
      return 'REAL'
    case 'string':
    case 'text':
    case 'date':
    case 'datetime':
    case 'email':
    case 'url':
    case 'enum':
      return 'TEXT'
  }
}

function checkOf(property: Property): string[] {
  if (property.kind === 'relation') return []
  const { type } = property.field
  if (type.kind === 'boolean') return ['IN (0, 1)']
  if (type.kind === 'enum') return [`IN (${type.values.map(sqlText).join(', ')})`]
  return []
}

function createLinkTable({ table, left, right, leftColumn, rightColumn }: Link): string {
  const side = (column: string, resource: Resource) =>
    `${sqlIdentifier(column)} TEXT NOT NULL REFERENCES ${sqlIdentifier(resource.table)} ("id") ON DELETE CASCADE`
  const columns = [
    side(leftColumn, left),
    side(rightColumn, right),
    `PRIMARY KEY (${sqlIdentifier(leftColumn)}, ${sqlIdentifier(rightColumn)})`,
  ]
  return `${createStatement(table, columns, 'STRICT, WITHOUT ROWID')}\n\n${createIndex(table, rightColumn)}\n`
}

function createCredentials(account: Resource): string {
  const columns = [
    `"account_id" TEXT PRIMARY KEY NOT NULL REFERENCES ${sqlIdentifier(account.table)} ("id") ON DELETE CASCADE`,
    '"password_hash" TEXT NOT NULL',
  ]
  return `-- Apart from the account, so that no query about accounts can answer a password's hash.
${createStatement('_credentials', columns)}\n`
}

function createStatement(table: string, columns: string[], options = 'STRICT'): string {
  return `CREATE TABLE ${sqlIdentifier(table)} (\n  ${columns.join(',\n  ')}\n) ${options};`
}

function createIndex(table: string, column: string): string {
  return `CREATE INDEX ${sqlIdentifier(`${table}.${column}`)} ON ${sqlIdentifier(table)} (${sqlIdentifier(column)});`
}
