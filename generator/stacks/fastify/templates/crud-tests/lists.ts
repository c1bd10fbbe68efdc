import { propertyKey } from '../../../../codegen/encode/property.ts'
import type { Json, Shape } from '#contract'
import { literal, stringLiteral, templateText } from '../../../../codegen/encode/typescript.ts'
import { projectKind } from '../../field-kinds.ts'
import type { Resource } from '../../resource.ts'
import { test } from '../example-tests.ts'
import { canCoexist } from '../row-capacity.ts'
import { neededQuery, pathOf, send } from './request.ts'
import { around, held, scopeGiven, status, type Writer } from './writer.ts'

// Tests of a list: rows, limit and filters.

export function listTest(writer: Writer): string {
  const { crud, model, insert, assert } = writer
  const { resource, binding } = crud
  const needsValue = binding.query.some(
    (one) =>
      one.means === 'equals' &&
      writer.custom.operation.query.some(({ name, required }) => required && name === one.name),
  )
  const others = model.account ? [model.account] : []
  const two = canCoexist(...others, resource, resource) && !needsValue
  const { lines, values } = around(writer)
  const given = listedGiven(writer)
  const rows = Array.from({ length: two ? 2 : 1 }, () => insert(resource, given))
  const path = pathOf(writer, 'rows[0]', crud.parents.length > 0 ? values : new Map())
  const before = isPopulated(writer)
  return test(
    'returns the rows',
    writer.start,
    ...(crud.parents.length > 0 ? lines : []),
    `const rows = [${rows.join(', ')}] as const;`,
    `const response = ${send(writer, path)};`,
    `server.expectStatus(response, ${status(writer)});`,
    `const answered = ${held(writer, 'rows')};`,
    ...(before
      ? [`${assert()}.ok(answered.length >= rows.length);`]
      : [
          `${assert()}.equal(answered.length, rows.length);`,
          `${assert()}.partialDeepStrictEqual(rows, answered);`,
          ...countLines(writer),
        ]),
  )
}

/** The headers with the number of rows. */
function countLines({ custom, assert }: Writer): string[] {
  const { headers = [] } = custom.operation.responses.success
  return headers
    .filter(({ holds }) => holds === 'total' || holds === 'count')
    .map(
      ({ name }) =>
        `${assert()}.equal(response.headers[${stringLiteral(name.toLowerCase())}], String(rows.length));`,
    )
}

/** The values of a row that a list answers where nobody filters: those of filters with a default, but for one. */
function listedGiven(writer: Writer, except?: string): string {
  const { crud, custom } = writer
  const filtered = crud.binding.query.flatMap((one) => {
    if (one.means !== 'equals' || one.name === except) return []
    const value = custom.operation.query.find(({ name }) => name === one.name)?.default
    return value === undefined ? [] : [`${propertyKey(one.property)}: ${literal(value)}`]
  })
  return [scopeGiven(writer), ...filtered].filter(Boolean).join(', ')
}

/** Whether rows of this entity exist before a test starts. */
const isPopulated = ({ model, crud }: Writer): boolean =>
  model.account !== undefined &&
  model.account.properties.some(
    (one) => one.kind === 'relation' && one.required && one.relation.target === crud.resource,
  )

export function limitTest(writer: Writer): string {
  const { crud, custom, model, insert, assert } = writer
  const limit = crud.binding.query.find(({ means }) => means === 'limit')
  const shape = custom.operation.query.find(({ name }) => name === limit?.name)?.shape
  const others = model.account ? [model.account] : []
  if (!limit || !shape || ('min' in shape && (shape.min ?? 0) > 1)) return ''
  if (!canCoexist(...others, crud.resource, crud.resource) || neededQuery(writer, 'row') !== '') return ''
  const { lines, values } = around(writer)
  const given = listedGiven(writer)
  const url = pathOf(writer, 'row', values).slice(0, -1)
  return test(
    'respects the limit',
    writer.start,
    ...(crud.parents.length > 0 ? lines : []),
    `${insert(crud.resource, given)};`,
    `${insert(crud.resource, given)};`,
    `const response = ${send(writer, `${url}?${encodeURIComponent(limit.name)}=1\``)};`,
    `server.expectStatus(response, ${status(writer)});`,
    `${assert()}.equal(${held(writer, 'rows')}.length, 1);`,
  )
}

export function filterTests(writer: Writer): string[] {
  const { crud, custom, insert, assert } = writer
  if (isPopulated(writer)) return []
  return crud.binding.query.flatMap((one) => {
    if (one.means !== 'equals') return []
    const field = crud.resource.entity.fields.find(({ name }) => name === one.property)
    const shape = custom.operation.query.find(({ name }) => name === one.name)?.shape
    const pair = field && shape && otherValue(field, shape)
    if (!pair) return []
    const needed = custom.operation.query.filter(({ required }) => required)
    if (needed.some(({ name }) => name !== one.name)) return []
    const { lines, values } = around(writer)
    const [wanted, other] = pair
    const url = pathOf(writer, 'row', values).replace(/\?.*/, '').replace(/`$/, '')
    const scoped = listedGiven(writer, one.name)
    const given = [scoped, `${propertyKey(one.property)}: ${literal(wanted)}`].filter(Boolean).join(', ')
    const asked = (value: Json) =>
      `${url}?${encodeURIComponent(one.name)}=${templateText(encodeURIComponent(String(value)))}\``
    return [
      test(
        `finds by ${one.name}`,
        writer.start,
        ...(crud.parents.length > 0 ? lines : []),
        `${insert(crud.resource, given)};`,
        `for (const [url, count] of [[${asked(wanted)}, 1], [${asked(other)}, 0]] as const) {
          const response = ${send(writer, 'url')};
          server.expectStatus(response, ${status(writer)});
          ${assert()}.equal(${held(writer, 'rows')}.length, count, url);
        }`,
      ),
    ]
  })
}

/** A value of a row, and another valid one; both can be filtered by. */
function otherValue(field: Resource['entity']['fields'][number], shape: Shape): [Json, Json] | undefined {
  switch (shape.kind) {
    case 'enum': {
      const [first, second] = shape.values
      return first === undefined || second === undefined ? undefined : [first, second]
    }
    case 'boolean':
      return [true, false]
    case 'string': {
      const isFree = projectKind(field.type).freeCharacters >= 5
      return isFree && shape.min === undefined && shape.max === undefined ? ['wheat', 'chaff'] : undefined
    }
    default:
      return undefined
  }
}
