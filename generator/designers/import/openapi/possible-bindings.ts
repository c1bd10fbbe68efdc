import { keyOf, type CrudBinding, type Entity } from '#contract'
import { propertiesAt } from '../../../blueprint/lint/crud.ts'
import { singular } from '../../../blueprint/words.ts'
import { bodyProperties, wrapperOf } from './body-properties.ts'
import { keyOfPath, type Collection } from './find-collections.ts'
import type { Inferred } from './infer-entities.ts'
import { simple } from './naming.ts'
import { answersMany, meanings } from './paging-and-filters.ts'
import type { ReadOperation } from './operation.ts'
import type { Resolve } from './resolve.ts'
import { rowsIn, segmentsOf, type Rows, type Segment } from './rows.ts'

/** Possible meanings of the operation, the most likely first. */
export function wishes(
  read: ReadOperation,
  entity: Entity,
  inferred: Inferred,
  resolve: Resolve,
): CrudBinding[] {
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
      case 'PUT': {
        const all: CrudBinding[] = [
          { ...about, bodyAt, action: 'replace' },
          { ...about, bodyAt, action: 'update' },
        ]
        // What a new row has and the body cannot hold would be cleared.
        return holdsAll(read, collection, entity) ? all : all.toReversed()
      }
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

/** Whether a body has everything that the body of a new row has. */
function holdsAll({ body }: ReadOperation, { operations }: Collection, { name }: Entity): boolean {
  const create = operations.find(({ method }) => method === 'POST')
  const given = new Set(bodyProperties(body, name).map((one) => simple(one.name)))
  return bodyProperties(create?.body ?? null, name).every((one) => given.has(simple(one.name)))
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
