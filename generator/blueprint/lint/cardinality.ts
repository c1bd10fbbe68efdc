import type { Blueprint, Entity, Field } from '#contract'
import { valuesOf } from '../capacity.ts'
import type { Report } from './diagnostic.ts'

/** The minimum number of rows that a table must allow. */
const LEAST_ROWS = 3
/** The minimum number of accounts that registration must allow. */
const LEAST_ACCOUNTS = 100

const isFreeText = (type: Field['type']): boolean => type.kind === 'string' && type.pattern === undefined

/** A unique, required field limits the number of rows to the number of values of its type. */
export function lintCardinality(field: Field, path: string, isAccount: boolean, report: Report): void {
  const { type } = field
  const isEmpty =
    (type.kind === 'integer' || type.kind === 'number') &&
    type.min !== undefined &&
    type.max !== undefined &&
    type.min > type.max
  // An empty range is a separate error. Even one-character strings have enough values.
  if (!field.unique || isEmpty || isFreeText(type)) return
  const mustHave = field.required || field.default !== undefined
  const count = valuesOf(field)
  if (count >= (isAccount && mustHave ? LEAST_ACCOUNTS : LEAST_ROWS)) return
  field.unique = false
  report.fixed({
    code: type.kind === 'boolean' ? 'field.unique-boolean' : 'field.unique-few',
    path,
    what: `${field.name} is unique and has only ${count === 1 ? 'one value' : `${count === 2 ? 'two' : count} values`}.`,
    why: isAccount
      ? 'Nobody could register once all of them are taken.'
      : `There could never be ${count === 1 ? 'a second' : 'a third'} row${mustHave ? '' : ' with a value'}.`,
    fix: 'It is no longer unique.',
  })
}

/**
 * Required one-to-one relations propagate that limit: no more rows than targets. Runs after the fields and after
 * the check for cycles.
 */
export function lintRelationCardinality(blueprint: Blueprint, report: Report): void {
  const { auth, entities } = blueprint
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const rooms = new Map<Entity, number>()
  const roomOf = (entity: Entity): number => {
    const known = rooms.get(entity)
    if (known !== undefined) return known
    // Used if a cycle leads back here.
    rooms.set(entity, Infinity)
    const least = auth.kind === 'jwt' && entity.name === auth.account ? LEAST_ACCOUNTS : LEAST_ROWS
    const uses = new Map<Entity, number>()
    let room = Math.min(
      Infinity,
      ...entity.fields.map((field) =>
        field.unique && field.required && !isFreeText(field.type) ? valuesOf(field) : Infinity,
      ),
    )
    for (const relation of entity.belongsTo) {
      const target = byName.get(relation.target)
      if (!relation.unique || !relation.required || target === undefined || target === entity) continue
      // Two one-to-one relations to one entity need two different rows of it each time.
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
        what: `Each ${entity.name} needs its own ${target.name} as its ${relation.name}, and there can be only ${roomOf(target)}.`,
        why: `No further ${entity.name} could be created.`,
        fix: 'The relation is no longer unique.',
      })
    }
    rooms.set(entity, room)
    return room
  }
  for (const entity of entities) roomOf(entity)
}
