import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { fillPath, invalidStatusOf } from '#contract'
import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import { sampleOf } from '../../../../codegen/sample-of.ts'
import { type Crud, isByKey } from '../../crud.ts'
import { nobodyHas } from '../fixtures.ts'
import { test } from '../example-tests.ts'
import { unauthorizedTests } from '../operation-tests.ts'
import { bodyCode, pathOf, send } from './request.ts'
import { forbidsOthers } from '../crud.ts'
import { around, held, rowLine, shapeOf, status, type Writer } from './writer.ts'

// Error cases of a CRUD operation: a missing row, a dangling reference, an unauthorized sender.

/** A request for a row that does not exist. */
export function notFoundTest(writer: Writer): string {
  const { crud, custom } = writer
  const { row } = crud.binding
  if (row === null) return ''
  const value = missingValue(writer)
  if (value === undefined) return ''
  const inPath = row.in === 'path'
  const others = crud.binding.scope.length > 0
  const url = pathOf(writer, 'row', inPath ? new Map([[row.name, encodeURIComponent(value)]]) : new Map())
  const code = bodyCode(writer)
  const body =
    code === undefined || inPath
      ? code
      : code.replace(`row${access(row.property)}`, () =>
          custom.operation.body && isNumeric(crud) ? value : stringLiteral(value),
        )
  return test(
    'returns 404 if the row does not exist',
    writer.start,
    ...(others ? [rowLine(writer)] : []),
    `const response = ${send(writer, url, body)};`,
    'server.expectStatus(response, 404);',
  )
}

const isNumeric = ({ row, binding }: Crud): boolean =>
  row.find(({ name }) => name === binding.row?.property)?.shape.kind === 'integer'

function missingValue({ crud, custom }: Writer): string | undefined {
  const { row } = crud.binding
  if (row === null) return undefined
  if (isByKey(crud) && crud.resource.id.kind !== 'text') {
    const shape = shapeOf(custom, row.name)
    const { max } = 'max' in shape ? shape : { max: undefined }
    return max !== undefined && max < 999_999_999 ? undefined : nobodyHas(crud.resource)
  }
  const kind = crud.row.find(({ name }) => name === row.property)?.shape.kind
  const shape = shapeOf(custom, row.name)
  const { max } = 'max' in shape ? shape : { max: undefined }
  if (kind === 'integer') return '999999999'
  // A path may ask for a UUID where the rows have any text.
  if (kind === 'string' && shape.kind === 'uuid') return '00000000-0000-4000-8000-000000000000'
  return kind === 'string' && shape.kind === 'string' && (max ?? 20) >= 12 ? 'nobody-has-it' : undefined
}

/** A path with an invalid key. */
export function invalidPathTest(writer: Writer): string {
  const { crud, custom, assert } = writer
  const { row } = crud.binding
  if (row?.in !== 'path' || !['integer', 'uuid'].includes(shapeOf(custom, row.name).kind)) return ''
  const others = crud.binding.scope.length > 0
  return test(
    'rejects an invalid id',
    writer.start,
    ...(others ? [rowLine(writer)] : []),
    `const response = ${send(writer, pathOf(writer, 'row', new Map([[row.name, 'x']])))};`,
    `server.expectStatus(response, ${invalidStatusOf(custom.operation)});`,
    `${assert()}.equal(response.json().error.details[0].in, 'path');`,
  )
}

/** Rows of other accounts are not found, or refused, or not listed. */
export function othersTest(writer: Writer): string {
  const { crud, assert, insert } = writer
  const { owner, action, row, scope } = crud.binding
  if (owner === undefined || scope.length > 0 || (row !== null && row.in === 'body')) return ''
  const insertTheirs = `const row = ${insert(crud.resource, `${propertyKey(owner)}: server.signUp().account.id`)};`
  const body = bodyCode(writer)
  const response = `const response = ${send(writer, pathOf(writer, 'row'), action === 'list' ? undefined : body)};`
  if (action === 'list')
    return test(
      'does not list the rows of other accounts',
      writer.start,
      insertTheirs,
      response,
      `server.expectStatus(response, ${status(writer)});`,
      `${assert()}.deepEqual(${held(writer, 'rows')}, []);`,
      `${assert()}.ok(row);`,
    )
  return test(
    'leaves the rows of other accounts alone',
    writer.start,
    insertTheirs,
    response,
    `server.expectStatus(response, ${forbidsOthers(crud) ? 403 : 404});`,
    `${assert()}.deepEqual({ ...server.repositories.${crud.resource.key}.find(row${access(crud.resource.id.name)}) }, { ...row });`,
  )
}

export function referenceTest(writer: Writer): string {
  const { crud } = writer
  const [reference] = crud.references
  const body = bodyCode(writer)
  if (!reference || body === undefined) return ''
  const name =
    crud.kept.find(({ property }) => property === reference.property)?.given ?? reference.property.name
  const key = stringLiteral(name)
  const nobody =
    reference.resource.id.kind === 'integer'
      ? nobodyHas(reference.resource)
      : `'${nobodyHas(reference.resource)}'`
  const isNew = crud.binding.action === 'create'
  const { lines, values } = around(writer)
  const wrong =
    crud.binding.bodyAt.length === 0
      ? `{ ...body, ${key}: ${nobody} }`
      : crud.binding.bodyAt.length === 1
        ? `{ ${stringLiteral(crud.binding.bodyAt[0]!)}: { ...body${access(crud.binding.bodyAt[0]!)}, ${key}: ${nobody} } }`
        : ''
  if (wrong === '') return ''
  return test(
    `refuses a ${name} that does not exist`,
    writer.start,
    ...(isNew ? lines : [rowLine(writer)]),
    `const body = ${body};`,
    `const response = ${send(writer, isNew ? pathOf(writer, 'row', values) : pathOf(writer, 'row'), wrong)};`,
    'server.expectStatus(response, 422);',
  )
}

export function parentTest(writer: Writer): string {
  const { crud } = writer
  const [parent] = crud.parents
  if (!parent || crud.parents.length > 1) return ''
  const body = bodyCode(writer)
  const { values } = around(writer)
  const url = pathOf(writer, 'row', new Map([...values, [parent.param, nobodyHas(parent.resource)]]))
  if (url.includes('${row')) return ''
  return test(
    'returns 404 if a parent row does not exist',
    writer.start,
    `const response = ${send(writer, url, body)};`,
    'server.expectStatus(response, 404);',
  )
}

export function unauthorizedCases({ custom, model }: Writer): string[] {
  const params = Object.fromEntries(custom.operation.params.map(({ name, shape }) => [name, sampleOf(shape)]))
  const path = fillPath(custom.operation.path, (name) => encodeURIComponent(String(params[name])))
  const { method } = custom.operation
  return unauthorizedTests(
    custom,
    model,
    (as) => `await server.send('${method}', ${stringLiteral(path)}, undefined, ${as})`,
  )
}
