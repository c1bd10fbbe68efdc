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
import { coerce } from './coerce.ts'
import type { Report } from './diagnostic.ts'
import { lintReference } from './seed-references.ts'
import { mismatchPath, REFERENCE } from './shapes.ts'
import { listed, short } from './shorten.ts'

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
export function lintPropertyNames(
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

export function lintValues(
  seed: SeedRow,
  entity: Entity,
  blueprint: Blueprint,
  at: string,
  report: Report,
): void {
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

export function lintRequired(seed: SeedRow, entity: Entity, at: string, report: Report): void {
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
