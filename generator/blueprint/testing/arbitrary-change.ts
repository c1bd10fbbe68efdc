import * as fc from 'fast-check'
import type { Blueprint, Entity } from '#contract'
import { lintBlueprint } from '../lint-blueprint.ts'
import { arbitraryBlueprint } from './arbitrary-blueprint.ts'
import { keepSeeds, withoutLostLinks } from '../keep-seeds.ts'
import type { Renames } from '../renames.ts'

export type ArbitraryChange = {
  readonly before: Blueprint
  readonly after: Blueprint
  readonly renames: Renames
}

/**
 * Two valid Blueprints, the second a change of the first: entities and fields that stay, go, come, change
 * or are renamed, and changes of authentication, links and operations.
 */
export function arbitraryChange(): fc.Arbitrary<ArbitraryChange> {
  const dice = fc.infiniteStream(fc.nat(99))
  return fc
    .tuple(arbitraryBlueprint(), arbitraryBlueprint(), dice)
    .map(([before, other, stream]) => {
      const roll = (percent: number) => stream.next().value < percent
      const names = new Map<string, string>()
      const taken = new Set([...before.entities, ...other.entities].map(({ name }) => name))
      for (const { name } of before.entities)
        if (roll(15) && !taken.has(`${name}Two`)) names.set(name, `${name}Two`)
      const renamed = (name: string) => names.get(name) ?? name
      const properties: { entity: string; from: string; to: string }[] = []

      const kept = before.entities
        .filter(() => !roll(20))
        .map((entity) => mixed(rename(entity, renamed), other.entities, { roll, properties }))
      const own = new Set(kept.map(({ name }) => name))
      const added = other.entities.filter(({ name }) => !own.has(name) && roll(60))
      const entities = [...kept, ...added]
      const all = new Set(entities.map(({ name }) => name))
      const connected = entities.map((entity) => ({
        ...entity,
        belongsTo: entity.belongsTo.filter(({ target }) => all.has(target)),
      }))
      const base = roll(80) ? before : other
      const account = base.auth.kind === 'jwt' ? renamed(base.auth.account) : null
      const hasAccount = account !== null && all.has(account)
      const draft: Blueprint = {
        ...before,
        title: roll(50) ? before.title : other.title,
        auth: hasAccount ? { kind: 'jwt', account } : { kind: 'none' },
        entities: connected.map((entity) => withOwner(entity, hasAccount ? account : null)),
        manyToMany: [...before.manyToMany.filter(() => !roll(20)), ...other.manyToMany]
          .map(({ left, right }) => ({ left: renamed(left), right: renamed(right) }))
          .filter(({ left, right }) => all.has(left) && all.has(right))
          .filter(
            (one, at, list) =>
              list.findIndex(
                (two) =>
                  (two.left === one.left && two.right === one.right) ||
                  (two.left === one.right && two.right === one.left),
              ) === at,
          ),
        operations: roll(50)
          ? other.operations.filter(({ entity }) => entity === undefined || all.has(entity))
          : [],
        config: [...before.config.filter(() => !roll(20)), ...other.config].filter(
          ({ name }, at, list) => list.findIndex((one) => one.name === name) === at,
        ),
        seeds: before.seeds
          .filter(() => !roll(10))
          .map((seed) => ({ ...seed, entity: renamed(seed.entity) })),
        schedules: roll(50) ? before.schedules : other.schedules,
        services: [
          ...before.services,
          ...other.services.filter(({ name }) => !before.services.some((one) => one.name === name)),
        ],
      }
      return {
        before,
        draft: keepSeeds(withoutLostLinks(draft)).blueprint,
        renames: { entities: [...names].map(([from, to]) => ({ from, to })), properties },
      }
    })
    .map(({ before, draft, renames }) => ({ before, renames, linted: lintBlueprint(draft) }))
    .filter(({ linted }) => linted.diagnostics.every(({ severity }) => severity === 'fixed'))
    .map(({ before, renames, linted: { blueprint: after } }) => ({
      before,
      after,
      renames: onlyThose(before, after, renames),
    }))
}

function rename(entity: Entity, renamed: (name: string) => string): Entity {
  const name = renamed(entity.name)
  const isNew = name !== entity.name
  return {
    ...entity,
    name,
    ...(isNew && { plural: `${name}s`, path: `${entity.path}-two` }),
    belongsTo: entity.belongsTo.map((relation) => ({ ...relation, target: renamed(relation.target) })),
  }
}

type Mixing = {
  readonly roll: (percent: number) => boolean
  readonly properties: { entity: string; from: string; to: string }[]
}

function mixed(entity: Entity, others: readonly Entity[], { roll, properties }: Mixing): Entity {
  const foreign = others.flatMap(({ fields }) => fields)
  const relations = others.flatMap(({ belongsTo }) => belongsTo)
  const names = new Set(entity.fields.map(({ name }) => name.toLowerCase()))
  const fields = entity.fields
    .filter(({ name }) => name === 'email' || !roll(20))
    .map((field) => {
      const same = foreign.find(({ name }) => name === field.name)
      const changed = same && roll(50) ? { ...same, name: field.name } : field
      const to = `${field.name}Two`
      if (field.name === 'email' || !roll(10) || names.has(to.toLowerCase()) || to.length > 60) return changed
      properties.push({ entity: entity.name, from: field.name, to })
      return { ...changed, name: to }
    })
  const now = new Set(fields.map(({ name }) => name.toLowerCase()))
  const more = foreign.filter(({ name }, at) => {
    const isFirst = foreign.findIndex((one) => one.name.toLowerCase() === name.toLowerCase()) === at
    return isFirst && !now.has(name.toLowerCase()) && !names.has(name.toLowerCase()) && roll(25)
  })
  const belongsTo = entity.belongsTo.filter(({ name }) => name === entity.owner || !roll(20))
  const known = new Set(belongsTo.map(({ name }) => name))
  const moreTo = relations.filter(
    ({ name, target }, at) =>
      relations.findIndex((one) => one.name === name) === at &&
      target !== entity.name &&
      !known.has(name) &&
      roll(15),
  )
  return { ...entity, fields: [...fields, ...more], belongsTo: [...belongsTo, ...moreTo].slice(0, 10) }
}

/** Without an account everything is public; with one, entities without an owner are for every account. */
function withOwner({ owner, ...entity }: Entity, account: string | null): Entity {
  if (account === null) return { ...entity, access: { read: 'public', write: 'public' } }
  const isOwned = entity.belongsTo.some(
    ({ name, target, required }) => name === owner && target === account && required,
  )
  if (owner !== undefined && isOwned) return { ...entity, owner }
  if (entity.name === account) return { ...entity, access: { read: 'authenticated', write: 'owner' } }
  return { ...entity, access: { read: 'authenticated', write: 'authenticated' } }
}

/** The linter removes fields that relations replace; removed ones are not renamed. */
function onlyThose(before: Blueprint, after: Blueprint, { entities, properties }: Renames): Renames {
  const was = new Map(before.entities.map((entity) => [entity.name, entity]))
  const now = new Map(after.entities.map((entity) => [entity.name, entity]))
  const kept = entities.filter(({ from, to }) => was.has(from) && now.has(to) && !now.has(from))
  return {
    entities: kept,
    properties: properties.filter(({ entity, from, to }) => {
      const earlier = was.get(kept.find((one) => one.to === entity)?.from ?? entity)
      return (
        earlier?.fields.some(({ name }) => name === from) &&
        now.get(entity)?.fields.some(({ name }) => name === to)
      )
    }),
  }
}
