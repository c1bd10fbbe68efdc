import {
  relationProperty,
  successesOf,
  type Blueprint,
  type CustomOperation,
  type Json,
  type OperationExample,
  type Shape,
} from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'
import { isHeaderValue } from './operation-params.ts'
import { isPlain, mismatchPath, propertiesOf, referencesIn } from './shapes.ts'
import { coerce } from './coerce.ts'

/** An example that contradicts its operation would become a test that no code can pass, so it is removed. */
export function lintExamples(
  operation: CustomOperation,
  blueprint: Blueprint,
  at: string,
  report: Report,
): void {
  dropWhere(operation.examples, (example) => {
    const fault = faultOf(example, operation, blueprint)
    if (fault === null) return false
    report.fixed({
      code: 'example.mismatch',
      path: `${at}.examples`,
      what: `The example "${example.title}" of ${operation.id} is not valid: ${fault}.`,
      why: 'Examples become tests.',
      fix: 'Removed the example.',
    })
    return true
  })
}

function faultOf(example: OperationExample, operation: CustomOperation, blueprint: Blueprint): string | null {
  return (
    rowsFault(example, blueprint) ??
    referencesFault(example, blueprint) ??
    requestFault(example, operation, blueprint) ??
    expectationFault(example, operation, blueprint)
  )
}

function rowsFault({ rows }: OperationExample, { auth, entities }: Blueprint): string | null {
  for (const [index, row] of rows.entries()) {
    if (row.name === 'me' || rows.findIndex(({ name }) => name === row.name) !== index)
      return `the row name ${row.name} is taken`
    const entity = entities.find(({ name }) => name === row.entity)
    if (!entity) return `${row.entity} is not an entity`
    for (const [name, value] of Object.entries(row.values)) {
      const field = entity.fields.find((other) => other.name === name)
      const relation = entity.belongsTo.find((other) => relationProperty(other) === name)
      if (name === 'role' && auth.kind === 'jwt' && auth.account === row.entity && auth.roles) {
        if (typeof value === 'string' && auth.roles.names.includes(value)) continue
        return `role of ${row.entity} is one of ${auth.roles.names.join(', ')}`
      }
      if (!field && !relation) return `${row.entity} has no writable property ${name}`
      if (value === null) {
        if ((field ?? relation)!.required) return `${name} of ${row.entity} is never null`
      } else if (typeof value === 'string' && isReference(value)) continue
      else if (relation) return `${name} of the row ${row.name} must refer to an earlier row`
      else {
        const fitted = coerce(value, field!.type)
        if (!fitted.ok || fitted.value !== value) return `${name} of ${row.entity} is ${fitted.expected}`
      }
    }
  }
  return null
}

const isReference = (text: string) => text.startsWith('$') && !text.startsWith('$$')

function referencesFault({ rows, request, expect }: OperationExample, blueprint: Blueprint): string | null {
  const { auth, entities } = blueprint
  const known = new Map<string, string>(auth.kind === 'jwt' ? [['me', auth.account]] : [])
  const check = (value: Json): string | null => {
    for (const { row, property, text } of referencesIn(value)) {
      const entity = entities.find(({ name }) => name === known.get(row))
      if (!entity || !propertiesOf(entity).includes(property)) return `${text} does not refer to anything`
    }
    return null
  }
  for (const { name, entity, values } of rows) {
    const fault = check(values)
    if (fault !== null) return fault
    known.set(name, entity)
  }
  return check([
    request.params,
    request.query,
    request.headers ?? {},
    request.body ?? null,
    expect.body ?? null,
  ])
}

function requestFault(
  { request, expect }: OperationExample,
  { path, query, params, headers = [], body }: CustomOperation,
  blueprint: Blueprint,
): string | null {
  const names = params.map(({ name }) => name)
  const missing = names.find((name) => !Object.hasOwn(request.params, name))
  if (missing !== undefined) return `${missing} in ${path} has no value`
  const unknown = Object.keys(request.params).find((name) => !names.includes(name))
  if (unknown !== undefined) return `${unknown} is not in ${path}`
  const sent = Object.entries(request.headers ?? {})
  const unsendable = sent.find(
    ([name, value]) => !headers.some((one) => one.name === name) || !isHeaderValue(String(value)),
  )
  if (unsendable !== undefined)
    return `the header ${unsendable[0]} is not declared, or its value cannot be sent`
  // A request that is rejected as invalid may have any form.
  if (expect.status === 400) return null
  for (const [part, list, given] of [
    ['path', params, request.params],
    ['query', query, request.query],
    ['headers', headers.map((one) => ({ ...one, required: false })), request.headers ?? {}],
  ] as const) {
    const shape: Shape = {
      kind: 'object',
      properties: list.filter((one) => isPlain(one.shape)),
      nullable: false,
    }
    const misfit = mismatchPath(given, shape, { partial: false, blueprint })
    if (misfit !== null) return `${misfit} in the ${part}`
  }
  if (body === null) return request.body === undefined || request.body === null ? null : 'it has a body'
  if (request.body === undefined) return 'it has no body'
  const misfit = mismatchPath(request.body, body, { partial: false, blueprint })
  return misfit === null ? null : `${misfit || 'the root'} in the body`
}

function expectationFault(
  { expect }: OperationExample,
  operation: CustomOperation,
  blueprint: Blueprint,
): string | null {
  const { responses, access } = operation
  const { errors } = responses
  const success = successesOf(operation).find(({ status }) => status === expect.status)
  if (success === undefined) {
    const known = [400, ...(access === 'authenticated' ? [401] : []), ...errors.map(({ status }) => status)]
    return known.includes(expect.status) ? null : `its status ${expect.status} is not among the responses`
  }
  if (expect.body === undefined) return null
  switch (success.kind) {
    case 'json': {
      const misfit = mismatchPath(expect.body, success.shape, { partial: true, blueprint })
      return misfit === null ? null : `${misfit || 'the root'} in the response`
    }
    case 'html':
    case 'text':
    case 'redirect':
      return typeof expect.body === 'string' ? null : 'the response is text'
    case 'binary':
    case 'none':
      return 'the response has no comparable body'
  }
}
