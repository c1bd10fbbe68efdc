import { fillPath, invalidStatusOf, successesOf, type OperationExample } from '#contract'
import { stringLiteral, templateText } from '../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { changesCode, exampleRows } from './example-rows.ts'
import {
  hasSpecialValue,
  isReference,
  plain,
  spanCode,
  valueCode,
  type ExampleWords,
} from './example-values.ts'
import { isGuarded } from './guard-code.ts'
import { sampleHeaders } from './operation-call.ts'
import { withFiles } from './operation-files.ts'

export const TEST_MS = '5_000'

/** An operation that never responds fails with its name, and soon. */
export const test = (name: string, ...lines: string[]): string =>
  `it(${stringLiteral(name)}, { timeout: ${TEST_MS} }, async () => {\n${lines.join('\n')}\n});`

/** One example of an operation as a test. */
export function exampleTest(
  example: OperationExample,
  custom: NamedOperation,
  model: ProjectModel,
  imports: Imports,
  start: string,
): string {
  const { expect } = example
  const { rows, words, scope, before, send } = exampleCall(example, custom, model, imports)
  const changes = changesCode(example.rowsAfter, scope, rows, words)
  const lines = [
    ...before,
    ...changes.before,
    `const response = await ${send};`,
    `server.expectStatus(response, ${expect.status});`,
    ...expectation(example, custom, words, imports),
    ...changes.after,
  ]
  return test(example.title, start, ...rows.insert(lines), ...lines)
}

/** The rows of an example, the lines before its request, and the expression that sends it. */
export function exampleCall(
  example: OperationExample,
  custom: NamedOperation,
  model: ProjectModel,
  imports: Imports,
) {
  const { operation } = custom
  const { request, expect } = example
  const scope = { model, imports, target: 'server' } as const
  const rows = exampleRows(example.rows, scope)
  const { reference } = rows
  const words: ExampleWords = {
    reference,
    time: (time) =>
      time.count === 0
        ? imports.value('../support/rows.ts', 'justNow')
        : `${imports.value('../support/rows.ts', 'afterNow')}(${spanCode(time)})`,
    any: () => imports.value('../support/rows.ts', 'anyValue'),
  }
  const url = urlOf(operation.path, request, reference)
  const body =
    request.body === undefined || request.body === null ? undefined : valueCode(request.body, { reference })
  const sent = operation.rawBody
    ? `Buffer.from(${body ?? "'sample'"})`
    : body && withFiles(custom, body, imports)
  const nobody =
    expect.status === 401 && isGuarded(custom.guard) ? [sent ?? 'undefined', 'null'] : sent ? [sent] : []
  const answers = (example.answers ?? []).map(
    (one) => `server.say('${one.service}.${one.call}', ${valueCode(one.answer, { reference })});`,
  )
  const headers = exampleHeaders(example, custom, reference)
  return {
    rows,
    words,
    scope,
    before: [...answers, ...(headers === null ? [] : [`server.setHeaders(${headers});`])],
    send: `server.send(${[`'${operation.method}'`, url, ...nobody].join(', ')})`,
  }
}

function expectation(
  { expect }: OperationExample,
  { operation }: NamedOperation,
  words: ExampleWords,
  imports: Imports,
): string[] {
  const success = successesOf(operation).find(({ status }) => status === expect.status)
  const assert = () => imports.default('node:assert/strict', 'assert')
  const code = expectedCode(expect, operation)
  const lines = [
    ...(code === undefined ? [] : [`${assert()}.equal(response.json().error.code, ${stringLiteral(code)});`]),
    ...Object.entries(expect.headers ?? {}).map(([name, text]) => {
      const header = `String(response.headers[${stringLiteral(name)}])`
      return `${assert()}.ok(${header}.includes(${valueCode(text, words)}), ${header});`
    }),
  ]
  if (expect.body === undefined) return lines
  const body = valueCode(expect.body, words)
  if (success?.kind === 'redirect')
    return [...lines, `${assert()}.equal(response.headers.location, ${body});`]
  if (success !== undefined && success.kind !== 'json')
    return [...lines, `${assert()}.ok(response.body.includes(${body}), response.body);`]
  return [
    ...lines,
    hasSpecialValue(expect.body)
      ? `${imports.value('../support/rows.ts', 'expectPartly')}(response.json(), ${body});`
      : `${assert()}.partialDeepStrictEqual(response.json(), ${body});`,
  ]
}

/** The code of a refusal, also where the example states only a status that a single refusal has. */
function expectedCode(
  { status, code }: OperationExample['expect'],
  { responses, roles }: NamedOperation['operation'],
): string | undefined {
  // These are answered automatically as well, with codes of their own.
  const isAutomatic =
    [invalidStatusOf({ responses }), 401, 429].includes(status) || (status === 403 && roles !== undefined)
  if (code !== undefined || isAutomatic) return code
  const codes = responses.errors.filter((one) => one.status === status).map((one) => one.code)
  return codes.length === 1 ? codes[0] : undefined
}

/** Null for the headers that every test of the operation sends. */
function exampleHeaders(
  { request, expect }: OperationExample,
  custom: NamedOperation,
  reference: (text: string) => string,
): string | null {
  if (request.headers === undefined) return null
  // A request that is rejected may lack a required header.
  const usual = expect.status === invalidStatusOf(custom.operation) ? {} : sampleHeaders(custom)
  const entries = Object.entries({ ...usual, ...request.headers }).map(([name, value]) => {
    const text = isReference(value) ? `String(${reference(value)})` : stringLiteral(plain(String(value)))
    return `${stringLiteral(name)}: ${text}`
  })
  return `{ ${entries.join(', ')} }`
}

function urlOf(
  path: string,
  { params, query }: OperationExample['request'],
  reference: (text: string) => string,
): string {
  const part = (value: string | number | boolean) =>
    isReference(value)
      ? `\${encodeURIComponent(String(${reference(value)}))}`
      : templateText(encodeURIComponent(plain(String(value))))
  const filled = fillPath(path, (name) => part(params[name] ?? ''))
  const asked = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${part(value)}`)
  return `\`${filled}${asked.length > 0 ? `?${asked.join('&')}` : ''}\``
}
