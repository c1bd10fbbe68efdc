import { sqlIdentifier, sqlText } from '../../../generate/render/encode/sql.ts'
import { sampleValues } from '../../../generate/render/samples.ts'
import { stableUuid } from '../../../generate/render/stable-uuid.ts'
import type { ProjectModel } from '../model.ts'
import type { Property, Relation, Resource } from '../resource.ts'

/** What is at hand in the row that gets a value, as SQL. */
export type RowSql = {
  /** A number that no other row of the statement has, from 1. */
  readonly number: string
  /** When the row was made, as ISO 8601. */
  readonly created: string
}
/** `words` say which value it is; null for one that differs from row to row. */
export type Fill = { readonly sql: string; readonly words: string }

export const NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"

/** A random UUID of version 4, another one for each row. */
export const RANDOM_UUID = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`

/** The value of a field that must have one, for rows from before there was the field. */
export function fillField(
  resource: Resource,
  property: Extract<Property, { kind: 'field' }>,
  row: RowSql,
): Fill {
  const { field } = property
  const { type } = field
  if (property.unique) return { sql: distinct(property, row), words: 'a value of its own in each row' }
  if (field.default !== undefined)
    return { sql: literal(field.default), words: JSON.stringify(field.default) }
  switch (type.kind) {
    case 'string':
    case 'text':
      return { sql: "''", words: 'an empty text' }
    case 'integer':
    case 'number': {
      const least = Math.min(Math.max(0, type.min ?? 0), type.max ?? Infinity)
      return { sql: literal(least), words: String(least) }
    }
    case 'boolean':
      return { sql: '0', words: 'false' }
    case 'date':
      return { sql: `substr(${row.created}, 1, 10)`, words: 'the day on which the row was made' }
    case 'datetime':
      return { sql: row.created, words: 'the time at which the row was made' }
    case 'email':
      return { sql: "'unknown@example.invalid'", words: 'unknown@example.invalid' }
    case 'url':
      return { sql: "'https://example.invalid/'", words: 'https://example.invalid/' }
    case 'uuid':
      return { sql: RANDOM_UUID, words: 'a random UUID' }
    case 'enum':
      return { sql: sqlText(type.values[0]!), words: JSON.stringify(type.values[0]) }
    case 'json': {
      const sample = JSON.stringify(sampleValues(resource.entity.name, field, 1)[0])
      return { sql: sqlText(sample), words: sample }
    }
  }
}

/** Into how many values a range of fractions is split. */
const MANY_STEPS = 1_000_000

/** Another value in each row. Where the type has too few, the constraint stops the migration, and nothing is lost. */
function distinct({ field }: Extract<Property, { kind: 'field' }>, { number }: RowSql): string {
  const { type } = field
  switch (type.kind) {
    case 'string':
    case 'text':
      return `CAST(${number} AS TEXT)`
    case 'integer':
    case 'number': {
      const { min, max } = type
      if (min === undefined) return max === undefined ? number : `${Math.floor(max)} - ${number}`
      if (max === undefined) return `${Math.ceil(min)} + ${number}`
      const steps = type.kind === 'integer' ? max - min : MANY_STEPS
      return `CASE WHEN ${number} <= ${steps} THEN ${min} + ${type.kind === 'integer' ? number : `${number} * ${(max - min) / steps}`} END`
    }
    case 'boolean':
      return `${number} - 1`
    case 'date':
      return `date('2000-01-01', '+' || ${number} || ' days')`
    case 'datetime':
      return `strftime('%Y-%m-%dT%H:%M:%fZ', '2000-01-01', '+' || ${number} || ' seconds')`
    case 'email':
      return `'unknown-' || ${number} || '@example.invalid'`
    case 'url':
      return `'https://example.invalid/' || ${number}`
    case 'uuid':
      return RANDOM_UUID
    case 'enum':
      return `CASE ${number} ${type.values.map((value, index) => `WHEN ${index + 1} THEN ${sqlText(value)}`).join(' ')} END`
    case 'json':
      return `json_quote(${number})`
  }
}

/**
 * What a row points to that must point to something and does not: itself where it can, else a row that is made for
 * this. One row serves all, or each gets its own where no two may share one.
 */
export function fillRelation(
  model: ProjectModel,
  resource: Resource,
  property: Property & { readonly relation: Relation },
  row: RowSql,
): Fill {
  const { target } = property.relation
  if (target === resource)
    return { sql: sqlIdentifier(resource.id.column), words: 'the key of the row itself' }
  const words = property.unique
    ? `the key of a ${target.entity.name} that is made for each of them`
    : `the key of a ${target.entity.name} that is made for them`
  if (target.id.kind !== 'integer') {
    const sql = property.unique ? RANDOM_UUID : sqlText(madeId(model, target))
    return { sql, words }
  }
  const table = sqlIdentifier(target.table)
  const last = `(SELECT coalesce(max(${sqlIdentifier(target.id.column)}), 0) FROM ${table})`
  return { sql: `${last} + ${property.unique ? row.number : '1'}`, words }
}

/** The same in every version, so that a later migration finds the row that an earlier one made. */
export const madeId = (model: ProjectModel, target: Resource) =>
  stableUuid(`${model.name} ${target.entity.name} of rows from before`)

function literal(value: string | number | boolean): string {
  switch (typeof value) {
    case 'string':
      return sqlText(value)
    case 'number':
      return String(value)
    case 'boolean':
      return value ? '1' : '0'
  }
}
