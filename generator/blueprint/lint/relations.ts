import { policyOf, type BelongsTo, type Blueprint, type Entity } from '#contract'
import { toSnake } from '../words.ts'
import { dropWhere, type Report } from './diagnostic.ts'

/** Relations: both sides exist, delete rules are possible, and every row can be created. */
export function lintRelations(blueprint: Blueprint, report: Report): void {
  for (const entity of blueprint.entities) lintBelongsTo(entity, blueprint, report)
  lintCycles(blueprint, report)
  lintManyToMany(blueprint, report)
}

function lintBelongsTo(entity: Entity, { entities, auth }: Blueprint, report: Report): void {
  dropWhere(entity.belongsTo, (relation, before) => {
    const path = `entities.${entity.name}.belongsTo.${relation.name}`
    const twin = before.find(
      (other) =>
        toSnake(other.name) === toSnake(relation.name) ||
        other.name.toLowerCase() === relation.name.toLowerCase(),
    )
    if (twin !== undefined) {
      const finding = {
        code: 'relation.duplicate',
        path,
        what: `${entity.name} has two relations named ${relation.name}.`,
        why: `Both would be the property ${relation.name}Id.`,
      }
      if (isSame(twin, relation)) {
        report.fixed({ ...finding, fix: 'Removed the identical second one.' })
        return true
      }
      report.error({ ...finding, fix: 'Give one of them another name.' })
    }
    if (!entities.some(({ name }) => name === relation.target)) {
      report.error({
        code: 'relation.no-target',
        path: `${path}.target`,
        what: `${entity.name}.${relation.name} points to ${relation.target}, which is not an entity.`,
        why: 'A relation needs a table to point to.',
        fix: `Add the entity ${relation.target}, or point to one of ${namesOf(entities)}.`,
      })
    }
    if (relation.ownOnly !== undefined) {
      const target = entities.find(({ name }) => name === relation.target)
      const isOwned =
        auth.kind === 'jwt' &&
        target !== undefined &&
        target.name !== auth.account &&
        policyOf(target, 'update').who === 'owner'
      if (!isOwned) {
        delete relation.ownOnly
        report.fixed({
          code: 'relation.nobodys-own',
          path: `${path}.ownOnly`,
          what: `${entity.name}.${relation.name} refers only to the account's own ${relation.target}, which has no owner who changes it.`,
          why: 'Ownership comes from the access of the target.',
          fix: 'It refers to any row that the account may read.',
        })
      }
    }
    if (relation.required && relation.target === entity.name) {
      relation.required = false
      report.fixed({
        code: 'relation.requires-itself',
        path,
        what: `Every ${entity.name} would require another ${entity.name} as its ${relation.name}.`,
        why: 'The first row could never be created.',
        fix: 'Made the relation optional.',
      })
    }
    if (relation.required && relation.onDelete === 'setNull') {
      relation.onDelete = 'restrict'
      report.fixed({
        code: 'relation.set-null-required',
        path: `${path}.onDelete`,
        what: `${entity.name}.${relation.name} is required, but set to null when its ${relation.target} is deleted.`,
        why: 'A required relation is never null.',
        fix: `A ${relation.target} with references can no longer be deleted (restrict).`,
      })
    }
    return false
  })
}

const isSame = (a: BelongsTo, b: BelongsTo) =>
  a.target === b.target && a.required === b.required && a.unique === b.unique && a.onDelete === b.onDelete

/** A needs B, B needs A: each cycle of required relations is reported once. */
function lintCycles({ entities }: Blueprint, report: Report): void {
  const needs = new Map(
    entities.map(({ name, belongsTo }) => [
      name,
      belongsTo
        .filter((relation) => relation.required && relation.target !== name)
        .map((relation) => relation.target),
    ]),
  )
  const reported = new Set<string>()
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name)
    if (at >= 0) {
      const cycle = trail.slice(at)
      const key = [...cycle].sort().join(' ')
      if (reported.has(key)) return
      reported.add(key)
      report.error({
        code: 'relation.cycle',
        path: `entities.${cycle[0]}.belongsTo`,
        what: `${[...cycle, cycle[0]].join(' requires ')}.`,
        why: 'No row could be created, since each requires the next one first.',
        fix: 'Make one of these relations optional.',
      })
      return
    }
    if (done.has(name)) return
    for (const target of needs.get(name) ?? []) visit(target, [...trail, name])
    done.add(name)
  }
  for (const { name } of entities) visit(name, [])
}

function lintManyToMany({ entities, manyToMany }: Blueprint, report: Report): void {
  dropWhere(manyToMany, (link, before) => {
    const path = `manyToMany.${link.left}-${link.right}`
    for (const side of ['left', 'right'] as const) {
      if (entities.some(({ name }) => name === link[side])) continue
      report.error({
        code: 'many-to-many.no-entity',
        path: `${path}.${side}`,
        what: `A many-to-many relation names ${link[side]}, which is not an entity.`,
        why: 'Both sides need a table.',
        fix: `Add the entity ${link[side]}, or name one of ${namesOf(entities)}.`,
      })
    }
    if (link.left === link.right) {
      report.error({
        code: 'many-to-many.itself',
        path,
        what: `${link.left} is related many-to-many to itself.`,
        why: 'Its links could not distinguish the two sides.',
        fix: `Add an entity for the link, with two relations to ${link.left}.`,
      })
    }
    const twice = before.some(
      (other) =>
        (other.left === link.left && other.right === link.right) ||
        (other.left === link.right && other.right === link.left),
    )
    if (twice)
      report.fixed({
        code: 'many-to-many.duplicate',
        path,
        what: `${link.left} and ${link.right} are related many-to-many twice.`,
        why: 'One link table serves both directions.',
        fix: 'Removed the second one.',
      })
    return twice
  })
}

function namesOf(entities: readonly Entity[]): string {
  return entities
    .slice(0, 10)
    .map(({ name }) => name)
    .join(', ')
}
