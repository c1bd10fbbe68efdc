import type { Entity, Field, Index } from '#contract'
import { columnsOf } from './column-list.ts'
import { same, type Table, type TableIndex } from './table-definition.ts'
import { isInKey } from './table-keys.ts'
import type { Token } from './tokens.ts'

/** The maximum per table. */
const MAX_INDEXES = 20
const MAX_COLUMNS = 6

/** Unique constraints, including composite keys, and indexes. */
export function indexesOf(
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
  for (const index of table.indexes) {
    const columns = columnsOf(index.parts)
    if (!columns || index.isUnique || index.where || index.method) notes.add(unsupported(table, index))
    else if (!columns.every((column) => table.primaryKey.length === 1 && isInKey(table, column)))
      carry(columns, false)
  }
  return found
}

function unsupported({ name }: Table, { parts, isUnique, where, method }: TableIndex): string {
  const list = parts
    .map((part) => part.column ?? spell(part.tokens))
    .join(', ')
    .slice(0, 120)
  const condition = where ? ` where ${spell(where).slice(0, 120)}` : ''
  const kind = method === undefined ? '' : ` (${method})`
  return isUnique
    ? `The unique index of ${name} on ${list}${condition}${kind} is not enforced.`
    : `The index of ${name} on ${list}${condition}${kind} is not supported.`
}

/** As it could be written: `lower(email)`. */
export const spell = (tokens: readonly Token[]): string =>
  tokens
    .slice(0, 60)
    .map(({ kind, text }) => (kind === 'text' ? `'${text}'` : text))
    .join(' ')
    .replaceAll(/ ?([(.]|::) ?/g, '$1')
    .replaceAll(/ ([),])/g, '$1')
