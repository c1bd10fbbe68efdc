import { sqlIdentifier, sqlText } from '../../../codegen/encode/sql.ts'
import { sampleValues } from '../../../codegen/samples.ts'
import { stableUuid } from '../../../codegen/stable-uuid.ts'
import { fieldUpgrade, RANDOM_UUID, type Fill, type RowSql } from './field-upgrades.ts'
import type { ProjectModel } from '../model.ts'
import type { Property, Relation, Resource } from '../resource.ts'

export const NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"

/** The value of a new required field for existing rows. */
export function fillField(
  resource: Resource,
  property: Extract<Property, { kind: 'field' }>,
  row: RowSql,
): Fill {
  const { field } = property
  const upgrade = fieldUpgrade(field.type)
  if (property.unique) return { sql: upgrade.distinct(row), words: 'a value of its own in each row' }
  if (field.default !== undefined)
    return { sql: literal(field.default), words: JSON.stringify(field.default) }
  return upgrade.fill(row, () => sampleValues(resource.entity.name, field, 1)[0])
}

/**
 * The target of a new required relation for existing rows: the row itself if possible, else a row created for
 * it. One row serves all, or each gets its own if unique.
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

/** Stable, so that a later migration finds the row that an earlier one created. */
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
