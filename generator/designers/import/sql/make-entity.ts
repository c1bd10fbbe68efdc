import { Operation, relationProperty, type Entity, type Field, type FieldType } from '#contract'
import { typeOfColumn } from './column-type.ts'
import { applyChecks, toField } from './fields.ts'
import { indexesOf } from './indexes.ts'
import { canBeSecret, looksLikeSecret } from '../../../blueprint/secret-names.ts'
import { CREATED, label, UPDATED } from './names.ts'
import { relationsOf, type Given } from './relations.ts'
import { same, type Table } from './table-definition.ts'
import { isNatural, keyOfTable } from './table-keys.ts'

export function makeEntity(table: Table, given: Given): Entity {
  const { notes, names } = given
  const name = names.get(table)!
  const key = keyOfTable(table)
  if (key === undefined) sayKey(table, notes)
  const isKey = (column: string) => key !== undefined && same(column, key.name)
  const relations = relationsOf(table, given, isKey)
  const stamps = { created: null as string | null, updated: null as string | null }
  const fields: Field[] = []
  const siblings = table.columns.map((column) => column.name)
  const isSecretKey = key?.kind === 'text' && isSecret(table, key.name, { kind: 'text' })
  if (isSecretKey)
    notes.add(
      `${key.name}, the key of ${table.name}, looks like a secret: no route reads or writes these rows.`,
    )
  for (const column of table.columns) {
    const about = `${column.name} of ${table.name}`
    if (isKey(column.name) || relations.some(({ property }) => property === column.name)) continue
    const { type, note } = typeOfColumn(column)
    if (type.kind === 'datetime' && CREATED.test(column.name)) stamps.created ??= column.name
    else if (type.kind === 'datetime' && UPDATED.test(column.name)) stamps.updated ??= column.name
    if (stamps.created === column.name || stamps.updated === column.name) continue
    if (isSecret(table, column.name, type, siblings))
      notes.add(`${about} looks like a secret: it is omitted.`)
    else if (column.isComputed) notes.add(`${about} is computed: it is omitted.`)
    else {
      if (column.isTouched)
        notes.add(`${about} is set by the database at each change, which is not done here: callers send it.`)
      if (note !== undefined) notes.add(`${about} ${note}.`)
      fields.push(toField(column, type, table, notes))
    }
  }
  applyChecks(table, fields, notes)
  const indexes = indexesOf(table, fields, relations, notes)
  const { plural, path } = given.places.get(table)!
  const isTaken = [...fields.map((field) => field.name), ...relations.map(relationProperty)].some((one) =>
    same(one, 'id'),
  )
  return {
    name,
    plural,
    label: label(name),
    labelPlural: label(plural),
    ...(table.comment && { description: table.comment.slice(0, 1000) }),
    path,
    key: key ?? { name: isTaken ? 'row_id' : 'id', kind: 'uuid' },
    stamps,
    table: table.stored ?? table.name,
    fields,
    belongsTo: relations,
    ...(indexes.length > 0 && { indexes }),
    operations:
      (key !== undefined && isNatural(table, { key } as Entity)) || isSecretKey ? [] : [...Operation.options],
    access: { read: 'public', write: 'public' },
  }
}

const isSecret = (table: Table, column: string, type: FieldType, siblings: readonly string[] = []): boolean =>
  canBeSecret(type, column) && looksLikeSecret(column, { entity: table.name, siblings })

function sayKey(table: Table, notes: Set<string>): void {
  const { name, primaryKey } = table
  if (primaryKey.length === 0) notes.add(`${name} has no primary key: rows get an id.`)
  else if (primaryKey.length === 1)
    notes.add(
      `${primaryKey[0]} of ${name} is also a foreign key: rows get an id, and it stays a unique property.`,
    )
  else notes.add(`${name} has the composite key ${primaryKey.join(' and ')}: rows also get an id.`)
}
