import type { Blueprint, Entity, Field, Shape } from '#contract'
import { indexNames } from '../row-condition.ts'
import { canBeSecret, looksLikeSecret } from '../secret-names.ts'
import { dropWhere, type Report } from './diagnostic.ts'

/**
 * Rows are answered and listed with every property, so a credential may not be one of them. Where no route answers the
 * rows, as of a table that only operations use, it stays.
 */
export function lintSecrets(blueprint: Blueprint, report: Report): void {
  const answered = new Set(blueprint.operations.flatMap(({ responses: { success } }) => entitiesIn(success)))
  for (const entity of blueprint.entities) {
    if (!isServed(entity, blueprint, answered)) continue
    const dropped = secretsOf(entity)
    if (dropped.length === 0) continue
    dropWhere(entity.fields, (field) => dropped.includes(field))
    for (const { name } of dropped) {
      report.fixed({
        code: 'field.secret',
        path: `entities.${entity.name}.fields.${name}`,
        what: `${name} of ${entity.name} looks like a secret.`,
        why: 'Every route of the entity would answer it.',
        fix: 'It is not stored, and no route reads or writes it.',
      })
    }
    forget(entity, new Set(dropped.map(({ name }) => name)), blueprint)
  }
}

function secretsOf({ name: entity, fields }: Entity): Field[] {
  const names = fields.map(({ name }) => name)
  return fields.filter(
    ({ name, type }) => canBeSecret(type, name) && looksLikeSecret(name, { entity, siblings: names }),
  )
}

function isServed(
  { name, operations }: Entity,
  { auth, manyToMany, operations: customs }: Blueprint,
  answered: ReadonlySet<string>,
): boolean {
  return (
    operations.length > 0 ||
    (auth.kind === 'jwt' && auth.account === name) ||
    manyToMany.some(({ left, right }) => left === name || right === name) ||
    customs.some(({ implementation }) => implementation?.entity === name) ||
    answered.has(name)
  )
}

const entitiesIn = (success: Blueprint['operations'][number]['responses']['success']): string[] =>
  success.kind === 'json' ? rowsIn(success.shape) : []

function rowsIn(shape: Shape): string[] {
  switch (shape.kind) {
    case 'entity':
      return [shape.entity]
    case 'array':
      return rowsIn(shape.items)
    case 'record':
      return rowsIn(shape.values)
    case 'object':
      return shape.properties.flatMap((property) => rowsIn(property.shape))
    default:
      return []
  }
}

/** Indexes, seeds and examples do not mention it any more. */
function forget(entity: Entity, names: ReadonlySet<string>, { seeds, operations }: Blueprint): void {
  if (entity.indexes) {
    dropWhere(entity.indexes, (index) => indexNames(index).some((name) => names.has(name)))
    if (entity.indexes.length === 0) delete entity.indexes
  }
  const rows = [
    ...seeds,
    ...operations.flatMap(({ examples }) => examples.flatMap((example) => example.rows)),
  ]
  for (const row of rows) {
    if (row.entity !== entity.name) continue
    for (const name of Object.keys(row.values)) if (names.has(name)) delete row.values[name]
  }
}
