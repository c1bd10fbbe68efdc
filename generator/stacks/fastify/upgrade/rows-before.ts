import type { FieldType } from '#contract'
import type { SampleValue } from '../../../codegen/samples.ts'
import type { Renames } from '../../../blueprint/renames.ts'
import type { ProjectModel } from '../model.ts'
import type { Property } from '../resource.ts'
import { sampleRows } from '../sample-rows.ts'
import { correspond } from './correspondence.ts'

export type StoredRow = {
  readonly table: string
  readonly values: Readonly<Record<string, string | number | null>>
}

const STAMP = '2026-05-04T09:00:00.000Z'

/** Sample rows of a version as stored, at most `most` per entity, in dependency order. */
export function storedRows(model: ProjectModel, most = 3): StoredRow[] {
  const samples = sampleRows(model)
  const rows = model.inOrderOfNeed.flatMap((resource) =>
    (samples.get(resource) ?? []).slice(0, most).map(({ id, values }): StoredRow => ({
      table: resource.table,
      values: {
        [resource.id.column]: id,
        ...Object.fromEntries(
          [resource.created, resource.updated].flatMap((stamp) => (stamp ? [[stamp.column, STAMP]] : [])),
        ),
        ...Object.fromEntries(
          resource.properties.map((property) => [
            property.column,
            stored(values[property.name] ?? null, property.kind === 'field' ? property.field.type : null),
          ]),
        ),
      },
    })),
  )
  const links = model.links.flatMap(({ table, left, right, leftColumn, rightColumn }) => {
    const rights = (samples.get(right) ?? []).slice(0, most)
    return (samples.get(left) ?? []).slice(0, Math.min(most, rights.length)).map(({ id }, at): StoredRow => ({
      table,
      values: { [leftColumn]: id, [rightColumn]: rights[at]!.id },
    }))
  })
  const { account } = model
  const credentials = account
    ? (samples.get(account) ?? []).slice(0, most).map(({ id }): StoredRow => ({
        table: '_credentials',
        values: { account_id: id, password_hash: 'a hash' },
      }))
    : []
  return [...rows, ...links, ...credentials]
}

/** The expected values of these rows in the next version: only the unchanged ones. */
export function keptRows(
  rows: readonly StoredRow[],
  before: ProjectModel,
  after: ProjectModel,
  renames: Renames,
): StoredRow[] {
  return correspond(before, after, renames).flatMap(({ table, columns, before: was }) =>
    rows
      .filter((row) => row.table === was?.table)
      .map((row) => ({
        table,
        values: Object.fromEntries(
          columns.flatMap(({ column, property, source }) => {
            const value = source && row.values[source.column]
            if (!source || value === undefined || (property && !isSame(property, source.before))) return []
            return value === null && property?.required ? [] : [[column, value]]
          }),
        ),
      })),
  )
}

const isSame = (now: Property, was: Property | null) =>
  now.kind !== 'field' ||
  (was?.kind === 'field' && JSON.stringify(now.field.type) === JSON.stringify(was.field.type))

function stored(value: SampleValue | null, type: FieldType | null): string | number | null {
  if (value === null) return null
  if (type?.kind === 'json') return JSON.stringify(value)
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'object' ? JSON.stringify(value) : value
}
