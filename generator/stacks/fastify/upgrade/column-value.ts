import { sqlIdentifier } from '../../../codegen/encode/sql.ts'
import type { ColumnPlan, TablePlan } from './correspondence.ts'
import { fieldUpgrade, type RowSql } from './field-upgrades.ts'
import { fillField, fillRelation, NOW } from './fill.ts'
import type { Change } from './migration-context.ts'

export type Value = { readonly column: string; readonly sql: string; readonly isNew: boolean }

/** The value of a column of the next version, in terms of the current columns. */
export function valueOf(
  { column, property, source }: ColumnPlan,
  { plan, after, notes, made }: Change,
): Value {
  const { resource } = plan
  const isNew = source === null
  const old = source && sqlIdentifier(source.column)
  if (property === null || resource === null) return { column, sql: old ?? NOW, isNew }
  const name = `${resource.entity.name}.${property.name}`
  const was = source?.before
  const kept =
    property.kind === 'field' && was?.kind === 'field'
      ? fieldUpgrade(property.field.type).convert(old!, was.field.type)
      : { sql: old ?? 'NULL', isTotal: old !== null }
  if (!isNew && !kept.isTotal) notes.dataLoss.push(`values of ${name} that do not fit its new type`)
  if (!isNew && kept.isTotal && kept.sql !== old && /^(min|max|substr)\(/.test(kept.sql))
    notes.dataLoss.push(`${name} is cut to its new bounds where it is outside of them`)
  if (property.unique && was?.unique === false) notes.conditions.push(`no two rows have the same ${name}`)
  if (!property.required || (kept.isTotal && was?.required)) return { column, sql: kept.sql, isNew }

  const fill =
    property.kind === 'field'
      ? fillField(resource, property, rowSql(plan))
      : fillRelation(after, resource, property, rowSql(plan))
  if (property.kind === 'relation') made.add(`${resource.table}.${property.column}`)
  notes.filled.push(`${name} is ${fill.words}${isNew ? '' : ' where it had no value'}`)
  return {
    column,
    sql: isNew || kept.sql === 'NULL' ? fill.sql : `coalesce(${kept.sql}, ${fill.sql})`,
    isNew,
  }
}

function rowSql({ columns, resource }: TablePlan): RowSql {
  const created = columns.find(({ column }) => column === resource?.created?.column)?.source
  const key = columns.find(({ column }) => column === resource?.id.column)?.source
  return {
    number: `row_number() OVER (ORDER BY ${key ? sqlIdentifier(key.column) : '1'})`,
    created: created ? sqlIdentifier(created.column) : NOW,
  }
}
