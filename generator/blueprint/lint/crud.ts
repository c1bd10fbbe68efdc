// Longer than most files: every way in which a request can miss the row that it is bound to.
import {
  keyOf,
  relationProperty,
  stampsOf,
  type Blueprint,
  type CrudBinding,
  type CustomOperation,
  type Entity,
  type Shape,
  type ShapeProperty,
} from '#contract'
import type { Report } from './diagnostic.ts'
import { isWithin, shapeOfField } from './shape-compat.ts'

/** An operation that keeps rows fits the rows that it keeps. */
export function lintCrud(operation: CustomOperation, blueprint: Blueprint, at: string, report: Report): void {
  const fault = crudMismatch(operation, blueprint)
  if (fault === null) return
  report.error({
    code: 'crud.mismatch',
    path: `${at}.implementation`,
    what: `${operation.id} cannot keep rows of ${operation.implementation?.entity ?? '?'}: ${fault}.`,
    why: 'What it takes goes into a row, and what it answers comes from one.',
    fix: 'Bring the two together, or leave the binding out, so that its code is written.',
  })
}

/** A property of a row: what it holds, and whether every row has it. */
export type RowProperty = {
  readonly name: string
  readonly shape: Shape
  readonly isAlwaysThere: boolean
  /** Set by the server alone. */
  readonly isAutomatic: boolean
  readonly hasDefault: boolean
  readonly target?: string
}

const KEY_SHAPES = { uuid: 'uuid', integer: 'integer', text: 'string' } as const

export function rowProperties(entity: Entity, { entities }: Pick<Blueprint, 'entities'>): RowProperty[] {
  const key = keyOf(entity)
  const { created, updated } = stampsOf(entity)
  const own = (name: string, kind: 'uuid' | 'integer' | 'string' | 'datetime'): RowProperty => ({
    name,
    shape: { kind, nullable: false },
    isAlwaysThere: true,
    isAutomatic: true,
    hasDefault: false,
  })
  return [
    own(key.name, KEY_SHAPES[key.kind]),
    ...[created, updated].flatMap((name) => (name === null ? [] : [own(name, 'datetime')])),
    ...entity.fields.map((field): RowProperty => {
      const isSet = field.required || field.default !== undefined
      const isOmitted = !isSet && field.unset === 'omitted'
      return {
        name: field.name,
        shape: shapeOfField(field.type, !isSet && !isOmitted),
        isAlwaysThere: !isOmitted,
        isAutomatic: false,
        hasDefault: field.default !== undefined,
      }
    }),
    ...entity.belongsTo.map((relation): RowProperty => {
      const target = entities.find(({ name }) => name === relation.target)
      const { kind } = keyOf(target ?? entity)
      return {
        name: relationProperty(relation),
        shape: { kind: KEY_SHAPES[kind], nullable: !relation.required },
        isAlwaysThere: true,
        isAutomatic: false,
        hasDefault: false,
        target: relation.target,
      }
    }),
  ]
}

/** Why an operation cannot be what its binding says, or null where it can. */
export function crudMismatch(operation: CustomOperation, blueprint: Blueprint): string | null {
  const { implementation: binding } = operation
  if (binding === undefined) return null
  const entity = blueprint.entities.find(({ name }) => name === binding.entity)
  if (!entity) return `there is no ${binding.entity}`
  if (blueprint.auth.kind === 'jwt' && blueprint.auth.account === entity.name)
    return 'accounts are made by registering, and changed by themselves'
  const row = rowProperties(entity, blueprint)
  return (
    actionFault(operation, binding) ??
    whichFault(operation, binding, row, entity) ??
    bodyFault(operation, binding, row) ??
    queryFault(operation, binding, row) ??
    answerFault(operation, binding, row)
  )
}

function actionFault({ body }: CustomOperation, { action, row }: CrudBinding): string | null {
  const isAboutOne = action !== 'list' && action !== 'create'
  if (isAboutOne && row === null) return 'it does not say which row it is about'
  if (action === 'list' && row !== null) return 'a list is not about one row'
  if (action === 'create' && row?.in === 'path') return 'the key of a new row cannot stand in the path'
  const takesBody = ['create', 'update', 'replace'].includes(action)
  return takesBody && body === null && action !== 'create' ? 'there is no body with new values' : null
}

/** A number in a text finds a number, and what is no number finds nothing. */
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
  if (idle) return `${idle.name} in the path is no property of a row`
  for (const { param, property } of binding.scope) {
    const given = params.find(({ name }) => name === param)
    const target = row.find(({ name }) => name === property)
    if (!given || !target || target.isAutomatic) return `${param} in the path is not ${property} of a row`
    if (!isWithin(given.shape, { ...target.shape, nullable: false }))
      return `${param} in the path has another type than ${property}`
  }
  if (binding.row === null) return null
  const { in: where, name, property } = binding.row
  const target = row.find((one) => one.name === property)
  const isKey = property === keyOf(entity).name
  const isUnique = entity.fields.some((field) => field.name === property && field.unique)
  if (!target || !(isKey || isUnique)) return `${property} does not tell one row from another`
  if (binding.action === 'create' && !isKey) return `${property} is not the key`
  const places = where === 'path' ? params : propertiesAt(operation.body, binding.bodyAt)
  const given = places?.find((one) => one.name === name)
  if (!given) return `${name} is not in the ${where}`
  if (given.shape.nullable) return `${name} may be null`
  return (where === 'path' ? finds(given.shape, target.shape) : isWithin(given.shape, target.shape))
    ? null
    : `${name} has another type than ${property}`
}

/** The properties of the object at that place. */
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
  { action, bodyAt, scope }: CrudBinding,
  row: readonly RowProperty[],
): string | null {
  if (!['create', 'update', 'replace'].includes(action)) return null
  const given = body === null ? [] : propertiesAt(body, bodyAt)
  if (given === undefined) return 'its body is no object with the values of a row'
  const taken = new Set(scope.map(({ property }) => property))
  for (const property of row) {
    if (property.isAutomatic || taken.has(property.name)) continue
    const value = given.find(({ name }) => name === property.name)
    if (value === undefined) {
      if (action === 'create' && !property.shape.nullable && property.isAlwaysThere && !property.hasDefault)
        return `a row must have ${property.name}, and the body does not`
      continue
    }
    const mayBeEmpty = property.shape.nullable || !property.isAlwaysThere
    const outer = { ...property.shape, nullable: mayBeEmpty } as Shape
    if (!isWithin(value.shape, outer)) return `${property.name} has another type in the body than in a row`
    const isOptional = !value.required && value.default === undefined
    if (isOptional && action !== 'update' && !mayBeEmpty && !property.hasDefault)
      return `a row must have ${property.name}, and the body may leave it out`
  }
  return null
}

function queryFault(
  { query }: CustomOperation,
  binding: CrudBinding,
  row: readonly RowProperty[],
): string | null {
  if (binding.action !== 'list')
    return binding.query.length > 0 ? 'only a list can be asked for some of its rows' : null
  for (const one of binding.query) {
    const given = query.find(({ name }) => name === one.name)
    if (!given) return `${one.name} is not in the query`
    if (one.means !== 'equals') {
      if (given.shape.kind !== 'integer') return `${one.name} in the query is no whole number`
      continue
    }
    const property = row.find(({ name }) => name === one.property)
    if (!property || ['array', 'object', 'record', 'any'].includes(property.shape.kind))
      return `${one.name} in the query is no property that can be compared`
    if (!isWithin(given.shape, { ...withoutBounds(property.shape), nullable: false } as Shape))
      return `${one.name} in the query has another type than ${one.property}`
  }
  return null
}

function withoutBounds(shape: Shape): Shape {
  if (!('min' in shape) && !('max' in shape)) return shape
  const { min: _min, max: _max, ...rest } = shape as Shape & { min?: number; max?: number }
  return rest as Shape
}

function answerFault(
  { responses: { success } }: CustomOperation,
  { action, answer, entity }: CrudBinding,
  row: readonly RowProperty[],
): string | null {
  if (success.kind === 'none') {
    if (action === 'list' || action === 'read') return 'it answers nothing of what it is asked for'
    return answer.length > 0 ? 'nothing is answered' : null
  }
  if (success.kind !== 'json') return 'it answers no JSON'
  const holds = action === 'list' ? 'rows' : 'row'
  if (!answer.some((one) => one.holds === holds)) return 'the answer has no place for what is kept'
  return placeFault(success.shape, [], { action, answer, entity, row })
}

type CrudResponse = Pick<CrudBinding, 'action' | 'answer' | 'entity'> & {
  readonly row: readonly RowProperty[]
}

function placeFault(shape: Shape, at: readonly string[], given: CrudResponse): string | null {
  const place = given.answer.find((one) => one.at.join('\n') === at.join('\n') && one.at.length === at.length)
  const name = at.join('.') || 'the answer'
  if (place !== undefined) {
    switch (place.holds) {
      case 'row':
        return given.action === 'list' ? `${name} is one row of many` : rowFault(shape, given)
      case 'rows':
        if (given.action !== 'list') return `${name} is a list`
        return shape.kind === 'array' ? rowFault(shape.items, given) : `${name} is no list`
      case 'more':
        return shape.kind === 'boolean' ? null : `${name} is not yes or no`
      default:
        return given.action === 'list' && ['integer', 'number', 'any'].includes(shape.kind)
          ? null
          : `${name} is no number`
    }
  }
  const isOnTheWay = given.answer.some((one) => at.every((part, index) => one.at[index] === part))
  if (!isOnTheWay || shape.kind !== 'object') return `nothing is known to go into ${name}`
  for (const property of shape.properties) {
    const path = [...at, property.name]
    const isFilled = given.answer.some((one) => path.every((part, index) => one.at[index] === part))
    if (!isFilled && !property.required) continue
    const fault = placeFault(property.shape, path, given)
    if (fault !== null) return fault
  }
  const strange = given.answer.find(
    (one) =>
      one.at.length > at.length &&
      at.every((part, index) => one.at[index] === part) &&
      !shape.properties.some((property) => property.name === one.at[at.length]),
  )
  return strange ? `${strange.at.join('.')} is not in the answer` : null
}

/** Whether a row is an answer of that shape. */
function rowFault(shape: Shape, { entity, row }: CrudResponse): string | null {
  if (shape.kind === 'any') return null
  if (shape.kind === 'entity') return shape.entity === entity ? null : `it answers a ${shape.entity}`
  if (shape.kind !== 'object') return 'what it answers is no row'
  for (const { name, shape: outer, required } of shape.properties) {
    const own = row.find((property) => property.name === name)
    if (own === undefined) {
      if (required) return `${name} is answered and not kept`
      continue
    }
    if (required && !own.isAlwaysThere) return `${name} is always answered and not always kept`
    if (!isWithin(own.shape, outer)) return `${name} has another type in the answer than in a row`
  }
  return null
}
