// Longer than most files: all rules of one seed, and of all seeds together.
import {
  keyOf,
  relationProperty,
  stampsOf,
  type Blueprint,
  type Entity,
  type Field,
  type Json,
  type SeedRow,
} from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'
import { mismatchPath, REFERENCE } from './shapes.ts'
import { coerce } from './coerce.ts'

/** Seeds: rows of existing entities with valid values and references, without conflicts. */
export function lintSeeds(blueprint: Blueprint, report: Report): void {
  lintNames(blueprint, report)
  for (const seed of blueprint.seeds) {
    const at = `seeds.${seed.name}`
    const entity = blueprint.entities.find(({ name }) => name === seed.entity)
    if (entity === undefined) {
      report.error({
        code: 'seed.no-entity',
        path: `${at}.entity`,
        what: `The seed ${seed.name} is a row of ${seed.entity}, which is not an entity.`,
        why: 'A row is stored in the table of its entity.',
        fix: `Add the entity ${seed.entity}, or use one of ${listed(blueprint.entities.map(({ name }) => name))}.`,
      })
      continue
    }
    lintPropertyNames(seed, entity, blueprint, at, report)
    lintValues(seed, entity, blueprint, at, report)
    lintRequired(seed, entity, at, report)
    lintLinks(seed, blueprint, at, report)
  }
  lintUnique(blueprint, report)
  lintCircle(blueprint, report)
}

function lintNames({ seeds }: Blueprint, report: Report): void {
  dropWhere(seeds, (seed, before) => {
    const twin = before.find(({ name }) => name === seed.name)
    if (twin === undefined) return false
    const isSame = JSON.stringify(twin) === JSON.stringify(seed)
    const finding = {
      code: 'seed.duplicate',
      path: `seeds.${seed.name}`,
      what: `Two seeds are named ${seed.name}.`,
      why: 'Other seeds refer to a row by its name.',
    }
    if (isSame) report.fixed({ ...finding, fix: 'Removed the identical second one.' })
    else report.error({ ...finding, fix: 'Give one of them another name.' })
    return isSame
  })
}

/** What the values of a row can set. */
type Property =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'relation'; readonly target: string; readonly required: boolean }
  | { readonly kind: 'key' }
  | { readonly kind: 'role'; readonly names: readonly string[] }

function propertyOf(name: string, entity: Entity, { auth }: Blueprint): Property | undefined {
  const field = entity.fields.find((one) => one.name === name)
  if (field) return { kind: 'field', field }
  const relation = entity.belongsTo.find((one) => relationProperty(one) === name)
  if (relation) return { kind: 'relation', target: relation.target, required: relation.required }
  if (auth.kind === 'jwt' && auth.account === entity.name && auth.roles && name === 'role')
    return { kind: 'role', names: auth.roles.names }
  return keyOf(entity).name === name ? { kind: 'key' } : undefined
}

/** A relation's name becomes its property; values that the service sets are removed. */
function lintPropertyNames(
  seed: SeedRow,
  entity: Entity,
  blueprint: Blueprint,
  at: string,
  report: Report,
): void {
  const { created, updated } = stampsOf(entity)
  const values: [string, Json][] = []
  for (const [name, value] of Object.entries(seed.values)) {
    const relation = entity.belongsTo.find((one) => one.name === name)
    const property = relation && relationProperty(relation)
    const path = `${at}.values.${name}`
    if (propertyOf(name, entity, blueprint) !== undefined) values.push([name, value])
    else if (property !== undefined && !Object.hasOwn(seed.values, property)) {
      values.push([property, value])
      report.fixed({
        code: 'seed.relation-name',
        path,
        what: `The seed ${seed.name} uses the relation name ${name}.`,
        why: `In a row, the property is ${property}.`,
        fix: `Moved the value to ${property}.`,
      })
    } else if (name === created || name === updated || /^pass(word|wd)?$/i.test(name))
      report.fixed({
        code: 'seed.automatic',
        path,
        what: `The seed ${seed.name} sets ${name}.`,
        why: 'The service sets it.',
        fix: 'Removed the value.',
      })
    else {
      values.push([name, value])
      report.error({
        code: 'seed.no-property',
        path,
        what: `The seed ${seed.name} sets ${name}, which ${entity.name} does not have.`,
        why: 'A row has only the properties of its entity.',
        fix: `Use one of ${listed([...entity.fields.map((one) => one.name), ...entity.belongsTo.map(relationProperty)])}, or remove the value.`,
      })
    }
  }
  seed.values = Object.fromEntries(values)
}

function lintValues(seed: SeedRow, entity: Entity, blueprint: Blueprint, at: string, report: Report): void {
  for (const [name, value] of Object.entries(seed.values)) {
    const property = propertyOf(name, entity, blueprint)
    if (property === undefined) continue
    const path = `${at}.values.${name}`
    switch (property.kind) {
      case 'relation':
        lintReference(seed, name, property, blueprint, path, report)
        break
      case 'field':
        lintValue(seed, property.field, value, path, blueprint, report)
        break
      case 'role':
        if (property.names.some((one) => one === value)) break
        mismatch(seed, name, value, `one of ${property.names.join(', ')}`, path, report)
        break
      case 'key': {
        const expected = keyFault(value, keyOf(entity).kind)
        if (expected !== null) mismatch(seed, name, value, expected, path, report)
      }
    }
  }
}

function keyFault(value: Json, kind: 'uuid' | 'integer' | 'text'): string | null {
  if (kind === 'integer')
    return Number.isSafeInteger(value) && Number(value) > 0 ? null : 'a whole number from 1'
  if (kind === 'text') return typeof value === 'string' && value !== '' ? null : 'a text'
  return typeof value === 'string' && coerce(value, { kind: 'uuid' }).ok ? null : 'a UUID'
}

function mismatch(
  seed: SeedRow,
  name: string,
  value: Json,
  expected: string,
  path: string,
  report: Report,
): void {
  report.error({
    code: 'seed.mismatch',
    path,
    what: `${name} of the seed ${seed.name} is ${short(value)}, not ${expected}.`,
    why: 'The database and the API accept only values of its type.',
    fix: `Give ${expected}, or remove the value.`,
  })
}

function lintValue(
  seed: SeedRow,
  field: Field,
  given: Json,
  path: string,
  blueprint: Blueprint,
  report: Report,
): void {
  const { name, type } = field
  if (given === null) {
    if (!field.required && field.default === undefined) return
    if (field.default === undefined) return mismatch(seed, name, given, 'a value', path, report)
    delete seed.values[name]
    report.fixed({
      code: 'seed.null',
      path,
      what: `${name} of the seed ${seed.name} is null.`,
      why: 'A property with a default cannot be null.',
      fix: 'Changed to its default.',
    })
    return
  }
  if (type.kind === 'json') {
    const misfit = mismatchPath(given, type.shape, { partial: false, blueprint })
    if (misfit !== null) mismatch(seed, name, given, `valid at ${misfit || 'the root'}`, path, report)
    return
  }
  if (typeof given === 'object') return mismatch(seed, name, given, 'a single value', path, report)
  if (typeof given === 'string' && REFERENCE.test(given)) {
    report.error({
      code: 'seed.reference',
      path,
      what: `${name} of the seed ${seed.name} is ${given}, but ${name} is not a relation.`,
      why: 'Only the property of a relation can refer to another row.',
      fix: `Give the value itself; escape a leading dollar sign by doubling it.`,
    })
    return
  }
  const text = typeof given === 'string' ? given.replace(/^\$\$/, '$') : given
  // Sign-in looks accounts up by the lower-case address.
  const isSignIn = name === 'email' && blueprint.auth.kind === 'jwt' && blueprint.auth.account === seed.entity
  const plain = isSignIn && typeof text === 'string' ? text.trim().toLowerCase() : text
  const fitted = coerce(plain, type)
  if (!fitted.ok) return mismatch(seed, name, given, fitted.expected, path, report)
  if (fitted.value === text) return
  seed.values[name] = escaped(fitted.value)
  report.fixed({
    code: 'seed.form',
    path,
    what: `${name} of the seed ${seed.name} is ${short(given)}, which is not in the form of its type (${fitted.expected}).`,
    why: 'The database and the API accept only values of its type.',
    fix: `Changed to ${short(fitted.value)}.`,
  })
}

const escaped = (value: string | number | boolean) =>
  typeof value === 'string' && value.startsWith('$') ? `$${value}` : value

function lintReference(
  seed: SeedRow,
  name: string,
  { target, required }: { readonly target: string; readonly required: boolean },
  { entities, seeds }: Blueprint,
  path: string,
  report: Report,
): void {
  const value = seed.values[name]
  if (value === null && !required) return
  const entity = entities.find((one) => one.name === target)
  if (entity === undefined) return
  const rows = seeds.filter((one) => one.entity === target)
  const [, row, key] = (typeof value === 'string' && REFERENCE.exec(value)) || []
  const rest = {
    path,
    why: `${name} is the key of a row of ${target}.`,
    fix:
      rows.length > 0
        ? `Refer to one of ${listed(rows.map((one) => `$${one.name}.${keyOf(entity).name}`))}${required ? '' : ', or remove the value'}.`
        : `Add a seed of ${target} and refer to it as $name.${keyOf(entity).name}${required ? '' : ', or remove the value'}.`,
  }
  const found = seeds.find((one) => one.name === row)
  if (found !== undefined && found.entity === target && key === keyOf(entity).name) return
  // `ada`, `$ada` and `$ada.email` can mean only that row.
  const meant = rows.find((one) => typeof value === 'string' && value.replace(/^\$|\..*$/g, '') === one.name)
  if (meant !== undefined) {
    seed.values[name] = `$${meant.name}.${keyOf(entity).name}`
    report.fixed({
      code: 'seed.reference-form',
      path,
      what: `${name} of the seed ${seed.name} is ${short(value ?? null)}.`,
      why: rest.why,
      fix: `Changed to ${String(seed.values[name])}.`,
    })
    return
  }
  report.error({
    ...rest,
    code: found === undefined ? 'seed.no-row' : 'seed.other-entity',
    what:
      found === undefined
        ? `${name} of the seed ${seed.name} is ${short(value ?? null)}, which is not a seed.`
        : `${name} of the seed ${seed.name} refers to ${found.name}, a row of ${found.entity}.`,
  })
}

function lintRequired(seed: SeedRow, entity: Entity, at: string, report: Report): void {
  const missing = [
    ...entity.fields.filter((one) => one.required && one.default === undefined).map(({ name }) => name),
    ...entity.belongsTo.filter(({ required }) => required).map(relationProperty),
  ].filter((name) => !Object.hasOwn(seed.values, name))
  if (missing.length === 0) return
  report.error({
    code: 'seed.missing',
    path: `${at}.values`,
    what: `The seed ${seed.name} has no ${listed(missing)}, which ${entity.name} requires.`,
    why: 'The database rejects rows without it.',
    fix: `Give the seed a value for ${listed(missing)}.`,
  })
}

function lintLinks(seed: SeedRow, { manyToMany, seeds }: Blueprint, at: string, report: Report): void {
  seed.links = [...new Set(seed.links)]
  for (const name of seed.links) {
    const other = seeds.find((one) => one.name === name)
    const isLinked =
      other !== undefined &&
      manyToMany.some(
        ({ left, right }) =>
          (left === seed.entity && right === other.entity) ||
          (right === seed.entity && left === other.entity),
      )
    if (isLinked) continue
    report.error({
      code: 'seed.no-link',
      path: `${at}.links`,
      what:
        other === undefined
          ? `The seed ${seed.name} is linked with ${name}, which is not a seed.`
          : `The seed ${seed.name} is linked with ${name}, but no many-to-many relation connects ${seed.entity} and ${other.entity}.`,
      why: 'A link is a row of a many-to-many table.',
      fix: 'Use a seed of an entity with a many-to-many relation, or remove the link.',
    })
  }
}

/** Unique properties, unique indexes and keys. */
function lintUnique({ entities, seeds }: Blueprint, report: Report): void {
  for (const entity of entities) {
    const unique = [
      [keyOf(entity).name],
      ...entity.fields.filter((one) => one.unique).map(({ name }) => [name]),
      ...entity.belongsTo.filter((one) => one.unique).map((one) => [relationProperty(one)]),
      ...(entity.indexes ?? []).filter((one) => one.unique).map(({ properties }) => properties),
    ]
    for (const properties of unique) {
      const seen = new Map<string, string>()
      for (const seed of seeds.filter((one) => one.entity === entity.name)) {
        const values = properties.map((name) => valueOf(seed, name, entity))
        // Nulls may repeat.
        if (values.some((value) => value === null)) continue
        const key = JSON.stringify(values)
        const twin = seen.get(key)
        seen.set(key, twin ?? seed.name)
        if (twin === undefined) continue
        report.error({
          code: 'seed.not-unique',
          path: `seeds.${seed.name}.values.${properties[0]}`,
          what: `The seeds ${twin} and ${seed.name} have the same ${listed(properties)}.`,
          why: `These must be unique for ${entity.name}.`,
          fix: 'Change the value of one of them, or remove one.',
        })
      }
    }
  }
}

function valueOf({ values }: SeedRow, name: string, { fields }: Entity): Json {
  if (Object.hasOwn(values, name)) return values[name]!
  return fields.find((field) => field.name === name)?.default ?? null
}

/** Seeds are inserted in order, so references must not form a cycle. */
function lintCircle({ seeds }: Blueprint, report: Report): void {
  const needs = new Map(seeds.map((seed) => [seed.name, referencesOf(seed)]))
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name)
    if (at >= 0) {
      const circle = trail.slice(at)
      report.error({
        code: 'seed.circle',
        path: `seeds.${circle[0]}.values`,
        what: `The seeds ${[...circle, circle[0]].join(' → ')} refer to each other.`,
        why: 'Each would have to be inserted before the next one.',
        fix: 'Remove one of these references.',
      })
      return
    }
    if (done.has(name)) return
    for (const other of needs.get(name) ?? []) if (other !== name) visit(other, [...trail, name])
    done.add(name)
  }
  for (const { name } of seeds) visit(name, [])
}

/** Names of the seeds that a value refers to. */
export const referencesOf = ({ values }: Pick<SeedRow, 'values'>): string[] =>
  Object.values(values).flatMap((value) => {
    const row = typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined
    return row === undefined ? [] : [row]
  })

const short = (value: Json): string => {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const listed = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')}, …` : names.join(', ')
