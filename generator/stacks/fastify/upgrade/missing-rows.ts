import { sqlIdentifier } from '../../../codegen/encode/sql.ts'
import type { ProjectModel } from '../model.ts'
import { relationsOf, type Property, type Resource } from '../resource.ts'
import type { RowSql } from './field-upgrades.ts'
import { fillField, fillRelation, NOW } from './fill.ts'
import type { Run } from './migration-context.ts'

/**
 * Creates missing target rows with their required values. Referencing entities come before
 * their targets, so that created rows find their own targets.
 */
export function makeMissingRows(after: ProjectModel, made: Set<string>, run: Run): void {
  for (const target of after.inOrderOfNeed.toReversed()) {
    for (const resource of after.resources)
      for (const property of relationsOf(resource)) {
        if (property.relation.target !== target || target === resource) continue
        if (!made.has(`${resource.table}.${property.column}`)) continue
        run(missingRows(after, target, resource, property))
        for (const inner of relationsOf(target))
          if (inner.required) made.add(`${target.table}.${inner.column}`)
      }
  }
}

function missingRows(after: ProjectModel, target: Resource, from: Resource, property: Property): string {
  // Continues after existing rows, which may have such values.
  const rows = `(SELECT count(*) FROM ${sqlIdentifier(target.table)})`
  const row: RowSql = { number: `(${rows} + "missing"."number")`, created: NOW }
  const id = sqlIdentifier(target.id.column)
  const values: [string, string][] = [
    [target.id.column, '"missing"."key"'],
    ...[target.created, target.updated].flatMap((stamp): [string, string][] =>
      stamp ? [[stamp.column, NOW]] : [],
    ),
    ...target.properties
      .filter(({ required }) => required)
      .map((one): [string, string] => [
        one.column,
        one.kind === 'field'
          ? fillField(target, one, row).sql
          : one.relation.target === target
            ? '"missing"."key"'
            : fillRelation(after, target, one, row).sql,
      ]),
  ]
  const column = sqlIdentifier(property.column)
  return `INSERT INTO ${sqlIdentifier(target.table)} (${values.map(([name]) => sqlIdentifier(name)).join(', ')})
SELECT ${values.map(([, sql]) => sql).join(', ')}
FROM (
  SELECT ${column} AS "key", row_number() OVER (ORDER BY ${column}) AS "number"
  FROM (SELECT DISTINCT ${column} FROM ${sqlIdentifier(from.table)} WHERE ${column} IS NOT NULL)
  WHERE ${column} NOT IN (SELECT ${id} FROM ${sqlIdentifier(target.table)})
) AS "missing";`
}
