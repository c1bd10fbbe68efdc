import type { Blueprint, Entity, Field } from '#contract'
import { valuesOf } from '../capacity.ts'
import type { Report } from './diagnostic.ts'

/** Fewer rows than these are no table. */
const LEAST_ROWS = 3
/** Fewer accounts than these are no sign-up. */
const LEAST_ACCOUNTS = 100

/** Unique fields leave room for rows: as many as the type has values, where the field must have one. */
export function lintCardinality(field: Field, path: string, isAccount: boolean, report: Report): void {
  const { type } = field
  const isEmpty =
    (type.kind === 'integer' || type.kind === 'number') &&
    type.min !== undefined &&
    type.max !== undefined &&
    type.min > type.max
  // An empty range is an error of its own. One character of text is short, but there are enough of them.
  if (!field.unique || isEmpty || type.kind === 'string') return
  const mustHave = field.required || field.default !== undefined
  const count = valuesOf(field)
  if (count >= (isAccount && mustHave ? LEAST_ACCOUNTS : LEAST_ROWS)) return
  field.unique = false
  report.fixed({
    code: type.kind === 'boolean' ? 'field.unique-boolean' : 'field.unique-few',
    path,
    what: `${field.name} is unique and has only ${count === 1 ? 'one value' : `${count === 2 ? 'two' : count} values`}.`,
    why: isAccount
      ? 'Nobody could register any more once all of them are taken.'
      : `There could never be ${count === 1 ? 'a second' : 'a third'} record${mustHave ? '' : ' with a value'}.`,
    fix: 'It is no longer unique.',
  })
}

/**
 * Required one-to-one relations hand that limit on: no more rows than targets. Comes after the fields and after
 * cycles have been looked for.
 */
export function lintRelationCardinality(blueprint: Blueprint, report: Report): void {
  const { auth, entities } = blueprint
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const rooms = new Map<Entity, number>()
  const roomOf = (entity: Entity): number => {
    const known = rooms.get(entity)
    if (known !== undefined) return known
    // Holds where a cycle leads back here.
    rooms.set(entity, Infinity)
    const least = auth.kind === 'jwt' && entity.name === auth.account ? LEAST_ACCOUNTS : LEAST_ROWS
    const uses = new Map<Entity, number>()
    let room = Math.min(
      Infinity,
      ...entity.fields.map((field) =>
        field.unique && field.required && field.type.kind !== 'string' ? valuesOf(field) : Infinity,
      ),
    )
    for (const relation of entity.belongsTo) {
      const target = byName.get(relation.target)
      if (!relation.unique || !relation.required || target === undefined || target === entity) continue
      // Two one-to-one relations to the same kind take two of its rows each time, if they are to differ.
      const used = (uses.get(target) ?? 0) + 1
      const left = Math.floor(roomOf(target) / used)
      if (left >= least) {
        uses.set(target, used)
        room = Math.min(room, left)
        continue
      }
      relation.unique = false
      report.fixed({
        code: 'relation.unique-few',
        path: `entities.${entity.name}.belongsTo.${relation.name}`,
        what: `Each ${entity.name} needs a ${target.name} of its own as its ${relation.name}, and there can be only ${roomOf(target)}.`,
        why: `There could soon be no other ${entity.name}.`,
        fix: 'The relation is no longer unique.',
      })
    }
    rooms.set(entity, room)
    return room
  }
  for (const entity of entities) roomOf(entity)
}
