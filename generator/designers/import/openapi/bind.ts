// Longer than most files: the meaning of a request for rows, by its path, names and shapes.
import {
  keyOf,
  type Blueprint,
  type CrudBinding,
  type CustomOperation,
  type Entity,
  type Shape,
} from '#contract'
import { crudMismatch, propertiesAt } from '../../../blueprint/lint/crud.ts'
import { singular } from '../../../blueprint/words.ts'
import { wrapperOf } from './body-properties.ts'
import { keyOfPath, type Collection } from './find-collections.ts'
import type { Inferred } from './infer-entities.ts'
import type { ReadOperation } from './read-operations.ts'
import type { Resolve } from './resolve.ts'
import { rowsIn, segmentsOf, type Rows, type Segment } from './rows.ts'

export type Bound = {
  readonly operation: CustomOperation
  /** Why it is a custom operation although its path looks like CRUD; undefined if it is CRUD, or never looked like it. */
  readonly reason: string | undefined
}

/** Binds an operation to the rows of an entity, or leaves it a custom operation. */
export function bindOperation(
  read: ReadOperation,
  inferred: Inferred,
  given: { readonly blueprint: Blueprint; readonly resolve: Resolve },
): Bound {
  const { blueprint, resolve } = given
  const entity = entityOf(read, inferred, blueprint)
  const operation = toOperation(read, entity)
  if (!entity) return { operation, reason: undefined }
  const faults: string[] = []
  for (const binding of wishes(read, entity, inferred, resolve)) {
    const bound = { ...operation, implementation: binding }
    const needed = uniqueFor(binding, entity)
    const judged = needed === undefined ? blueprint : withUnique(blueprint, entity.name, needed)
    const fault = crudMismatch(bound, judged)
    if (fault === null) {
      if (needed !== undefined) {
        const field = entity.fields.find(({ name }) => name === needed)
        if (field) field.unique = true
      }
      return { operation: bound, reason: undefined }
    }
    faults.push(fault)
  }
  return { operation, reason: faults[0] }
}

function toOperation(read: ReadOperation, entity: Entity | undefined): CustomOperation {
  const { id, method, path, summary, rules, params, query, body, success, errors, isGuarded, operationId } =
    read
  return {
    id,
    ...(operationId !== undefined && operationId !== id && { operationId }),
    ...(entity && { entity: entity.name }),
    method,
    path,
    summary,
    rules,
    params,
    query,
    body,
    responses: { success, errors },
    access: isGuarded ? 'authenticated' : 'public',
    examples: [],
  }
}

/** The entity of a path: that of its last collection. */
function entityOf(
  read: ReadOperation,
  { collections }: Inferred,
  { entities }: Blueprint,
): Entity | undefined {
  const segments = segmentsOf(read)
  for (let length = segments.length; length > 0; length--) {
    const key = keyOfPath(segments.slice(0, length))
    const found = collections.find((one) => one.key === key && one.entity !== undefined)
    if (found) return entities.find(({ name }) => name === found.entity)
  }
  return undefined
}

/** A property other than the key that identifies a row. */
const uniqueFor = ({ row }: CrudBinding, entity: Entity): string | undefined =>
  row !== null && row.property !== keyOf(entity).name ? row.property : undefined

const withUnique = (blueprint: Blueprint, entity: string, property: string): Blueprint => ({
  ...blueprint,
  entities: blueprint.entities.map((one) =>
    one.name === entity
      ? {
          ...one,
          fields: one.fields.map((field) => (field.name === property ? { ...field, unique: true } : field)),
        }
      : one,
  ),
})

/** Possible meanings of the operation, the most likely first. */
function wishes(read: ReadOperation, entity: Entity, inferred: Inferred, resolve: Resolve): CrudBinding[] {
  const segments = segmentsOf(read)
  const last = segments.at(-1)
  if (!last) return []
  const isItem = 'param' in last
  const collection = inferred.collections.find(
    (one) => one.entity === entity.name && one.key === keyOfPath(isItem ? segments.slice(0, -1) : segments),
  )
  if (!collection) return isItem ? [] : searchWish(read, segments, entity, inferred, resolve)
  const scope = scopeOf(collection, inferred)
  const noun = nounOf(collection)
  const rows = rowsIn(read.answered, resolve, noun)
  const bodyAt = bodyAtOf(read, entity)
  const base = { kind: 'crud' as const, entity: entity.name, scope, bodyAt: [], query: [] }
  const one = answersOne(rows)
  if (isItem) {
    const row = { in: 'path' as const, name: last.param, property: propertyOf(last.param, entity) }
    const about = { ...base, row, answer: one }
    switch (read.method) {
      case 'GET':
        return [{ ...about, action: 'read' }]
      case 'PUT':
        return [
          { ...about, bodyAt, action: 'replace' },
          { ...about, bodyAt, action: 'update' },
        ]
      case 'PATCH':
        return [{ ...about, bodyAt, action: 'update' }]
      case 'DELETE':
        return [{ ...about, action: 'delete' }]
      case 'POST':
        return []
    }
  }
  const key = keyOf(entity).name
  const given = propertiesAt(read.body, bodyAt)?.find(({ name }) => name === key)
  const inBody = { in: 'body' as const, name: key, property: key }
  switch (read.method) {
    case 'GET':
      return [
        {
          ...base,
          action: 'list',
          row: null,
          query: meanings(read, entity),
          answer: answersMany(read, rows),
        },
      ]
    case 'POST': {
      const made = { ...base, bodyAt, action: 'create' as const, answer: one }
      return given
        ? [
            { ...made, row: inBody },
            { ...made, row: null },
          ]
        : [{ ...made, row: null }]
    }
    case 'PUT':
      return given
        ? [
            { ...base, bodyAt, action: 'replace', row: inBody, answer: one },
            { ...base, bodyAt, action: 'update', row: inBody, answer: one },
          ]
        : []
    case 'PATCH':
      return given ? [{ ...base, bodyAt, action: 'update', row: inBody, answer: one }] : []
    case 'DELETE':
      return []
  }
}

const nounOf = ({ segments }: Pick<Collection, 'segments'>): string => {
  const last = segments.at(-1)
  return last && 'text' in last ? singular(last.text).toLowerCase().replaceAll(/[_-]/g, '') : ''
}

/** `/pets/findByStatus?status=sold`: a list whose only parameters are property filters. */
function searchWish(
  read: ReadOperation,
  segments: readonly Segment[],
  entity: Entity,
  inferred: Inferred,
  resolve: Resolve,
): CrudBinding[] {
  const last = segments.at(-1)
  const collection = inferred.collections.find(
    (one) => one.entity === entity.name && one.key === keyOfPath(segments.slice(0, -1)),
  )
  if (!last || !('text' in last) || !collection || read.method !== 'GET') return []
  if (!/^(find|search|filter|list|all|by)/i.test(last.text)) return []
  const query = meanings(read, entity)
  const isClear = read.query.every(({ name }) => query.some((one) => one.name === name))
  if (!isClear || !(query.some(({ means }) => means === 'equals') || /^(list|all)$/i.test(last.text)))
    return []
  const rows = rowsIn(read.answered, resolve, nounOf(collection))
  const scope = scopeOf(collection, inferred)
  return [
    {
      kind: 'crud',
      entity: entity.name,
      action: 'list',
      row: null,
      scope,
      bodyAt: [],
      query,
      answer: answersMany(read, rows),
    },
  ]
}

function scopeOf(collection: Collection, { parents }: Inferred): CrudBinding['scope'] {
  const parent = parents.get(collection.key)
  const param = collection.segments.at(-2)
  return parent && param && 'param' in param ? [{ param: param.param, property: parent.property }] : []
}

const simple = (text: string) => text.toLowerCase().replaceAll(/[_-]/g, '')

/** The property of a path parameter: the key, unless a property has the parameter's name. */
function propertyOf(param: string, entity: Entity): string {
  const key = keyOf(entity).name
  if ([simple(key), `${simple(entity.name)}${simple(key)}`].includes(simple(param))) return key
  return entity.fields.find(({ name }) => simple(name) === simple(param))?.name ?? key
}

function bodyAtOf({ body }: ReadOperation, { name }: Entity): string[] {
  const wrapper = body?.kind === 'object' ? wrapperOf(body, name) : undefined
  return wrapper ? [wrapper.name] : []
}

const answersOne = (rows: Rows | undefined): CrudBinding['answer'] =>
  rows && !rows.isList ? [{ at: [...rows.at], holds: 'row' }] : []

const COUNTS: readonly (readonly [RegExp, CrudBinding['answer'][number]['holds']])[] = [
  [/^total(_?(count|items|results|elements|rows|records))?$|^count_?total$/i, 'total'],
  [/^(limit|per_?page|page_?size|take)$/i, 'limit'],
  [/^(offset|skip)$/i, 'offset'],
  [/^(page|current_?page|page_?number)$/i, 'page'],
  [/^(pages|total_?pages|page_?count|last_?page)$/i, 'pages'],
  [/^(has_?(more|next)(_?page)?|more)$/i, 'more'],
]

/** The location of the rows in the response, and of the total and page next to them. */
function answersMany({ success }: ReadOperation, rows: Rows | undefined): CrudBinding['answer'] {
  if (!rows?.isList || success.kind !== 'json') return []
  const answer: CrudBinding['answer'] = [{ at: [...rows.at], holds: 'rows' }]
  const look = (shape: Shape, at: readonly string[]): void => {
    if (shape.kind !== 'object' || at.length > 2) return
    for (const { name, shape: inner } of shape.properties) {
      const path = [...at, name]
      if (rows.at.join('\n') === path.join('\n')) continue
      if (inner.kind === 'object') look(inner, path)
      else if (['integer', 'number', 'boolean'].includes(inner.kind)) {
        const holds = COUNTS.find(([pattern]) => pattern.test(name))?.[1]
        if (holds) answer.push({ at: path, holds })
        else if (/^(size|num(ber)?_?(of)?_?\w+|\w*count)$/i.test(name))
          answer.push({ at: path, holds: 'count' })
      }
    }
  }
  if (rows.at.length > 0) look(success.shape, [])
  // A bare count is the total unless another property is.
  const hasTotal = answer.some(({ holds }) => holds === 'total')
  return answer.map((one) => (one.holds === 'count' && !hasTotal ? { ...one, holds: 'total' as const } : one))
}

const PAGES: readonly (readonly [RegExp, 'limit' | 'offset' | 'page'])[] = [
  [/^(limit|per_?page|page_?size|size|take|max_?results|count|page\[(size|limit)\])$/i, 'limit'],
  [/^(offset|skip|start|start_?index|page\[offset\])$/i, 'offset'],
  [/^(page|page_?number|page\[number\])$/i, 'page'],
]

/** The meaning of list parameters: paging, or a filter by an exact value. */
function meanings({ query }: ReadOperation, entity: Entity): CrudBinding['query'] {
  const names = [
    ...entity.fields.map(({ name }) => name),
    ...entity.belongsTo.map(({ property, name }) => property ?? `${name}Id`),
  ]
  const found: CrudBinding['query'] = []
  for (const { name, shape } of query) {
    const bare = /^filter\[(.+)\]$/.exec(name)?.[1] ?? name
    const property = names.find((one) => one === bare) ?? names.find((one) => simple(one) === simple(bare))
    const means = PAGES.find(([pattern]) => pattern.test(name))?.[1]
    if (
      property !== undefined &&
      !['array', 'object', 'record', 'any'].includes(shape.kind) &&
      fitsField(shape, property, entity)
    )
      found.push({ name, means: 'equals', property })
    else if (means && shape.kind === 'integer' && !found.some((one) => one.means === means))
      found.push({ name, means })
  }
  return found
}

function fitsField(shape: Shape, property: string, entity: Entity): boolean {
  const field = entity.fields.find(({ name }) => name === property)
  if (!field) return ['integer', 'uuid', 'string'].includes(shape.kind)
  const { type } = field
  if (type.kind === 'json') return false
  if (type.kind === 'enum')
    return shape.kind === 'enum' && shape.values.every((value) => type.values.includes(value))
  return type.kind === shape.kind || (shape.kind === 'string' && type.kind === 'text')
}
