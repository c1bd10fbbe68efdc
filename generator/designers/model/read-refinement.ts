import { Blueprint, type Entity, type Index } from '#contract'
import { removeEntity, removeProperty, renameEntity, renameProperty } from '../../blueprint/edit-blueprint.ts'
import { withoutLostUsers } from '../../blueprint/shared-helpers.ts'
import { withoutLostLinks } from '../../blueprint/keep-seeds.ts'
import type { Renames } from '../../blueprint/renames.ts'
import type { Refinement } from '../designer.ts'
import { toBlueprint } from './decode-llm.ts'
import { withUnsaid } from './keep-unsaid.ts'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { dropInvalidExamples } from './drop-invalid-examples.ts'
import {
  describeIssue,
  faultsOf,
  fixesOf,
  MAX_ENTITIES,
  readable,
  tooMany,
  type DesignIssue,
} from './read-design.ts'
import { LlmRefinement } from './llm-refinement-schema.ts'
import { pluralName } from '../../blueprint/words.ts'

type Reading =
  | { readonly kind: 'sound'; readonly refinement: Omit<Refinement, 'model'> }
  | { readonly kind: 'faulty'; readonly faults: readonly DesignIssue[] }

/**
 * Applies a model's changes to the current Blueprint. Returns the whole next Blueprint, or the problems of the changes. See
 * `readDesign` for `isFinal`.
 */
export function readRefinement(value: unknown, present: Blueprint, isFinal = true): Reading {
  const parsed = LlmRefinement.safeParse(value)
  if (!parsed.success) return { kind: 'faulty', faults: parsed.error.issues.map(describeIssue) }
  const changes = parsed.data
  const faults: DesignIssue[] = []
  const edited = takeAway(rename(present, changes, faults), changes, faults)
  if (faults.length > 0) return { kind: 'faulty', faults }

  const { merged, dropped, unread } = merge(edited, changes)
  const sound = isFinal ? dropInvalidExamples(merged) : { candidate: merged, dropped: [] }
  const whole = Blueprint.safeParse(sound.candidate)
  if (!whole.success) return { kind: 'faulty', faults: whole.error.issues.map(describeIssue) }
  const count = whole.data.entities.length
  if (count > Math.max(MAX_ENTITIES, present.entities.length))
    return { kind: 'faulty', faults: [tooMany(count)] }
  const { blueprint, diagnostics } = lintBlueprint(whole.data)
  const remaining = faultsOf(diagnostics, unread, isFinal)
  if (remaining.length > 0) return { kind: 'faulty', faults: remaining }
  return {
    kind: 'sound',
    refinement: {
      blueprint,
      renames: renamesOf(changes),
      assumptions: readable([...changes.assumptions, ...sound.dropped, ...fixesOf(diagnostics)]),
      notUnderstood: readable([...changes.notUnderstood, ...dropped, ...unread]),
    },
  }
}

const renamesOf = ({ renamedEntities, renamedProperties }: LlmRefinement): Renames => ({
  entities: renamedEntities,
  properties: renamedProperties,
})

const unknown = (path: string, what: string): DesignIssue => ({
  path,
  what,
  why: 'The current design has nothing of that name.',
  fix: 'Use the names of the current design; of a renamed entity, the new one.',
})

function rename(present: Blueprint, changes: LlmRefinement, faults: DesignIssue[]): Blueprint {
  let blueprint = present
  for (const [at, { from, to }] of changes.renamedEntities.entries()) {
    const entity = entityOf(blueprint, from)
    const isTaken = entityOf(blueprint, to) !== undefined
    if (!entity || isTaken)
      faults.push(unknown(`renamedEntities.${at}`, `${from} cannot be renamed to ${to}.`))
    else blueprint = renameEntity(blueprint, from, { ...entity, name: to, plural: pluralName(to) })
  }
  for (const [at, { entity: name, from, to }] of changes.renamedProperties.entries()) {
    const entity = entityOf(blueprint, name)
    if (!entity || !has(entity, from) || has(entity, to))
      faults.push(unknown(`renamedProperties.${at}`, `${name}.${from} cannot be renamed to ${to}.`))
    else blueprint = renameProperty(blueprint, name, from, to)
  }
  return blueprint
}

function takeAway(present: Blueprint, changes: LlmRefinement, faults: DesignIssue[]): Blueprint {
  let blueprint = present
  for (const [at, { entity: name, name: property }] of changes.removedProperties.entries()) {
    const entity = entityOf(blueprint, name)
    if (!entity || !has(entity, property))
      faults.push(unknown(`removedProperties.${at}`, `There is no ${name}.${property} to be removed.`))
    else blueprint = removeProperty(blueprint, name, property)
  }
  for (const [at, name] of changes.removedEntities.entries())
    if (entityOf(blueprint, name)) blueprint = removeEntity(blueprint, name)
    else faults.push(unknown(`removedEntities.${at}`, `There is no ${name} to be removed.`))
  const links = new Set(changes.removedLinks.map(pairOf))
  const left = withoutLostLinks({
    ...blueprint,
    manyToMany: blueprint.manyToMany.filter((link) => !links.has(pairOf(link))),
    schedules: blueprint.schedules.filter(({ id }) => !changes.removedSchedules.includes(id)),
    services: blueprint.services.filter(({ name }) => !changes.removedServices.includes(name)),
    operations: blueprint.operations.filter(({ id }) => !changes.removedOperations.includes(id)),
    config: blueprint.config.filter(({ name }) => !changes.removedConfig.includes(name)),
    seeds: blueprint.seeds.filter(({ name }) => !changes.removedSeeds.includes(name)),
  })
  return withoutLostUsers(left, changes.removedHelpers)
}

/** Merges the changes into the current design, not yet validated. */
function merge(present: Blueprint, changes: LlmRefinement) {
  const { signingIn, accountEntity, roles } = changes
  const { candidate, dropped, unread } = toBlueprint(
    {
      name: changes.name ?? present.name,
      title: changes.title ?? present.title,
      description: changes.description ?? present.description,
      accountEntity: signingIn === 'accounts' ? accountEntity : null,
      roles,
      apiKeys: signingIn === 'apiKeys',
      apiKeyHeader:
        changes.apiKeyHeader ?? (present.auth.kind === 'apiKey' ? (present.auth.header ?? null) : null),
      entities: changes.entities,
      manyToMany: changes.manyToMany,
      operations: changes.operations,
      config: changes.config,
      seeds: changes.seeds,
      schedules: changes.schedules,
      services: changes.services,
      helpers: changes.helpers,
      assumptions: [],
      notUnderstood: [],
      questions: [],
    },
    present,
  )
  const {
    entities,
    manyToMany,
    operations,
    config,
    seeds,
    schedules,
    services,
    helpers = [],
    auth,
    name,
    title,
    description,
  } = candidate as Blueprint
  const known = new Set(present.manyToMany.map(pairOf))
  const shared = replaceById(present.helpers ?? [], helpers)
  const merged = {
    ...present,
    name,
    title,
    description,
    auth: signingIn === 'asItIs' ? present.auth : auth,
    entities: mergeNamed(present.entities, entities, mergeEntity),
    manyToMany: [...present.manyToMany, ...manyToMany.filter((link) => !known.has(pairOf(link)))],
    operations: replaceById(
      present.operations,
      operations.map((now) => withUnsaid(now, present)),
    ),
    schedules: replaceById(present.schedules, schedules),
    services: mergeNamed(present.services, services, (_was, now) => now),
    config: mergeNamed(present.config, config, (_was, now) => now),
    seeds: mergeNamed(present.seeds, seeds, (_was, now) => now),
    ...(shared.length > 0 && { helpers: shared }),
  }
  return { merged, dropped, unread }
}

function replaceById<T extends { id: string }>(was: readonly T[], now: readonly T[]): T[] {
  return [
    ...was.map((one) => now.find(({ id }) => id === one.id) ?? one),
    ...now.filter(({ id }) => !was.some((one) => one.id === id)),
  ]
}

/** Of which rows an index is, and whether case matters, a model cannot say. */
const conditionsOf = (index: Index, before: readonly Index[] = []): Index =>
  before.find(
    ({ properties, unique }) => unique === index.unique && properties.join() === index.properties.join(),
  ) ?? index

/** What a model leaves out of an entity stays as it was: exact names, the key, the timestamps. */
function mergeEntity(was: Entity, now: Entity): Entity {
  const kept = { ...was }
  // These a model can say, so that leaving them out means that there are none.
  delete kept.description
  delete kept.owner
  delete kept.policies
  delete kept.indexes
  return {
    ...kept,
    ...now,
    ...(now.indexes && { indexes: now.indexes.map((index) => conditionsOf(index, was.indexes)) }),
    fields: mergeNamed(was.fields, now.fields, ({ unset }, field) => ({
      ...(unset && { unset }),
      ...field,
    })),
    belongsTo: mergeNamed(was.belongsTo, now.belongsTo, ({ property }, relation) => ({
      ...(property && { property }),
      ...relation,
    })),
  }
}

function mergeNamed<T extends { name: string }>(
  was: readonly T[],
  now: readonly T[],
  merge: (was: T, now: T) => T,
): T[] {
  const names = new Set(was.map(({ name }) => name))
  return [
    ...was.map((one) => {
      const other = now.find(({ name }) => name === one.name)
      return other ? merge(one, other) : one
    }),
    ...now.filter(({ name }) => !names.has(name)),
  ]
}

const entityOf = ({ entities }: Blueprint, name: string) => entities.find((entity) => entity.name === name)
const has = ({ fields, belongsTo }: Entity, name: string) =>
  [...fields, ...belongsTo].some((one) => one.name === name)
const pairOf = ({ left, right }: Blueprint['manyToMany'][number]) => [left, right].sort().join(' ')
