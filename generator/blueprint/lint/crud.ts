import {
  keyOf,
  relationProperty,
  rowPropertyOf,
  type Blueprint,
  type CrudBinding,
  type CustomOperation,
  type Entity,
  type Shape,
  type ShapeProperty,
} from '#contract'
import type { Report } from './diagnostic.ts'
import { answerFault } from './crud-answer.ts'
import { rowProperties, type RowProperty } from './row-properties.ts'
import { isWithin } from './shape-compat.ts'

/** A CRUD operation matches the rows of its entity. */
export function lintCrud(operation: CustomOperation, blueprint: Blueprint, at: string, report: Report): void {
  const fault = crudMismatch(operation, blueprint)
  if (fault === null) return
  report.error({
    code: 'crud.mismatch',
    path: `${at}.implementation`,
    what: `${operation.id} cannot be a CRUD operation of ${operation.implementation?.entity ?? '?'}: ${fault}.`,
    why: 'Its request is stored as a row, and its response is read from one.',
    fix: 'Make them match, or remove the binding to write its code instead.',
  })
}

/** Why an operation contradicts its binding, or null. */
export function crudMismatch(operation: CustomOperation, blueprint: Blueprint): string | null {
  const { implementation: binding } = operation
  if (binding === undefined) return null
  const entity = blueprint.entities.find(({ name }) => name === binding.entity)
  if (!entity) return `there is no ${binding.entity}`
  if (blueprint.auth.kind === 'jwt' && blueprint.auth.account === entity.name)
    return 'accounts are created by registration, and change themselves'
  const row = rowProperties(entity, blueprint)
  return (
    actionFault(operation, binding) ??
    ownerFault(operation, binding, entity, blueprint) ??
    whichFault(operation, binding, row, entity) ??
    bodyFault(operation, binding, row) ??
    queryFault(operation, binding, row) ??
    answerFault(operation, binding, row)
  )
}

function actionFault(
  { body, files, responses }: CustomOperation,
  { action, row }: CrudBinding,
): string | null {
  if (responses.others) return 'it has several success responses'
  if (files) return 'its body has files'
  if (responses.success.headers?.some(({ holds }) => holds === undefined))
    return 'its response has headers that are no part of rows'
  const isAboutOne = action !== 'list' && action !== 'create'
  if (isAboutOne && row === null) return 'it does not identify a row'
  if (action === 'list' && row !== null) return 'a list does not identify one row'
  if (action === 'create' && row?.in === 'path') return 'the path cannot contain the key of a new row'
  const takesBody = ['create', 'update', 'replace'].includes(action)
  return takesBody && body === null && action !== 'create' ? 'there is no body with new values' : null
}

/** An owner is a relation to the account, and requests must be signed in. */
function ownerFault(
  { access }: CustomOperation,
  { owner }: CrudBinding,
  { belongsTo }: Entity,
  { auth }: Blueprint,
): string | null {
  if (owner === undefined) return null
  if (access !== 'authenticated' || auth.kind !== 'jwt')
    return 'its rows belong to accounts, and nobody is signed in'
  const relation = belongsTo.find((one) => relationProperty(one) === owner)
  return relation?.target === auth.account ? null : `${owner} is not an account`
}

/** A numeric string matches a number; any other string matches nothing. */
const finds = (param: Shape, property: Shape): boolean =>
  isWithin(param, { ...property, nullable: false } as Shape) ||
  (['string', 'uuid'].includes(param.kind) && ['integer', 'uuid', 'string'].includes(property.kind))

function whichFault(
  operation: CustomOperation,
  binding: CrudBinding,
  row: readonly RowProperty[],
  entity: Entity,
): string | null {
  const { params } = operation
  const used = new Set(binding.scope.map(({ param }) => param))
  if (binding.row?.in === 'path') used.add(binding.row.name)
  const idle = params.find(({ name }) => !used.has(name))
  if (idle) return `${idle.name} in the path is not a property of a row`
  for (const { param, property } of binding.scope) {
    const given = params.find(({ name }) => name === param)
    const target = row.find(({ name }) => name === property)
    if (!given || !target || target.isAutomatic) return `${param} in the path is not ${property} of a row`
    if (!isWithin(given.shape, { ...target.shape, nullable: false }))
      return `${param} in the path and ${property} have different types`
  }
  if (binding.row === null) return null
  const { in: where, name, property } = binding.row
  const target = row.find((one) => one.name === property)
  const isKey = property === keyOf(entity).name
  const isUnique = entity.fields.some((field) => field.name === property && field.unique)
  if (!target || !(isKey || isUnique)) return `${property} does not identify a row`
  if (binding.action === 'create' && !isKey) return `${property} is not the key`
  const places = where === 'path' ? params : propertiesAt(operation.body, binding.bodyAt)
  const given = places?.find((one) => one.name === name)
  if (!given) return `${name} is not in the ${where}`
  if (given.shape.nullable) return `${name} may be null`
  return (where === 'path' ? finds(given.shape, target.shape) : isWithin(given.shape, target.shape))
    ? null
    : `${name} and ${property} have different types`
}

/** The properties of the object at that path. */
export function propertiesAt(shape: Shape | null, path: readonly string[]): ShapeProperty[] | undefined {
  let found: Shape | undefined = shape ?? undefined
  for (const name of path) {
    if (found?.kind !== 'object') return undefined
    const inner: ShapeProperty | undefined = found.properties.find((property) => property.name === name)
    if (!inner?.required || inner.shape.nullable) return undefined
    found = inner.shape
  }
  return found?.kind === 'object' ? found.properties : undefined
}

function bodyFault(
  { body }: CustomOperation,
  { action, bodyAt, scope, renamed, owner }: CrudBinding,
  row: readonly RowProperty[],
): string | null {
  if (!['create', 'update', 'replace'].includes(action)) return null
  const given = body === null ? [] : propertiesAt(body, bodyAt)
  if (given === undefined) return 'its body is not an object with the values of a row'
  const taken = new Set([...scope.map(({ property }) => property), ...(owner ? [owner] : [])])
  const lost = renamed?.find((one) => !given.some(({ name }) => name === one.name))
  if (lost) return `${lost.name} is not in the body`
  for (const property of row) {
    if (property.isAutomatic || taken.has(property.name)) continue
    const value = given.find(({ name }) => rowPropertyOf({ renamed }, name) === property.name)
    if (value === undefined) {
      if (action === 'create' && !property.shape.nullable && property.isAlwaysThere && !property.hasDefault)
        return `a row requires ${property.name}, but the body does not have it`
      continue
    }
    const mayBeEmpty = property.shape.nullable || !property.isAlwaysThere
    // In a change, null for a value that a row always has leaves it as it is.
    const outer = { ...property.shape, nullable: mayBeEmpty || action === 'update' } as Shape
    if (!isWithin(value.shape, outer)) return `${property.name} has different types in the body and in a row`
    const isOptional = !value.required && value.default === undefined
    if (isOptional && action !== 'update' && !mayBeEmpty && !property.hasDefault)
      return `a row requires ${property.name}, but it is optional in the body`
  }
  return null
}

function queryFault(
  { query }: CustomOperation,
  binding: CrudBinding,
  row: readonly RowProperty[],
): string | null {
  if (binding.action !== 'list') return binding.query.length > 0 ? 'only a list can filter rows' : null
  for (const one of binding.query) {
    const given = query.find(({ name }) => name === one.name)
    if (!given) return `${one.name} is not in the query`
    if (one.means !== 'equals') {
      if (given.shape.kind !== 'integer') return `${one.name} in the query is not an integer`
      continue
    }
    const property = row.find(({ name }) => name === one.property)
    if (!property || ['array', 'object', 'record', 'any'].includes(property.shape.kind))
      return `${one.name} in the query is not a comparable property`
    if (!isWithin(given.shape, { ...withoutBounds(property.shape), nullable: false } as Shape))
      return `${one.name} in the query and ${one.property} have different types`
  }
  return null
}

function withoutBounds(shape: Shape): Shape {
  if (!('min' in shape) && !('max' in shape)) return shape
  const { min: _min, max: _max, ...rest } = shape as Shape & { min?: number; max?: number }
  return rest as Shape
}
