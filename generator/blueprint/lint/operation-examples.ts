import {
  invalidStatusOf,
  successesOf,
  type Blueprint,
  type CustomOperation,
  type OperationExample,
  type Shape,
} from '#contract'
import { dropExample, type Report } from './diagnostic.ts'
import { changesFault, referencesFault, rowsFault } from './example-rows.ts'
import { withoutMatchers } from './example-words.ts'
import { isHeaderValue } from './operation-params.ts'
import { isPlain, mismatchPath } from './shapes.ts'

/** An example that contradicts its operation would become a test that no code can pass, so it is removed. */
export function lintExamples(
  operation: CustomOperation,
  blueprint: Blueprint,
  at: string,
  report: Report,
): void {
  dropExample(operation, at, (example) => faultOf(example, operation, blueprint), report)
}

function faultOf(example: OperationExample, operation: CustomOperation, blueprint: Blueprint): string | null {
  const { rows, request, expect, rowsAfter = [] } = example
  const given = { rows, hasCaller: true }
  const { params, query, headers = {}, body = null } = request
  const texts = Object.values(expect.headers ?? {})
  return (
    rowsFault(given, blueprint) ??
    referencesFault(
      given,
      [params, query, headers, body, withoutMatchers(expect.body ?? null), texts],
      blueprint,
    ) ??
    requestFault(example, operation, blueprint) ??
    expectationFault(example, operation, blueprint) ??
    changesFault(rowsAfter, given, blueprint)
  )
}

function requestFault(
  { request, expect }: OperationExample,
  { path, query, params, headers = [], body, rawBody }: CustomOperation,
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
  if (rawBody) return ['string', 'undefined'].includes(typeof request.body) ? null : 'its body is no text'
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
    const known = [
      400,
      invalidStatusOf(operation),
      ...(access === 'authenticated' ? [401] : []),
      ...errors.map(({ status }) => status),
    ]
    if (!known.includes(expect.status)) return `its status ${expect.status} is not among the responses`
    const codes = errors.filter(({ status }) => status === expect.status).map(({ code }) => code)
    // The codes of 400 and 401 that are answered automatically are not declared.
    const isKnown = expect.code === undefined || codes.length === 0 || codes.includes(expect.code)
    return isKnown ? null : `its code ${expect.code} is not among the errors with the status ${expect.status}`
  }
  if (expect.code !== undefined) return `it has the code ${expect.code}, and ${expect.status} is no error`
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
