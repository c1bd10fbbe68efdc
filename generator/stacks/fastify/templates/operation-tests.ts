import { successesOf, type OperationExample } from '#contract'
import { stringLiteral, templateText } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { changesCode, exampleRows } from './example-rows.ts'
import { hasMatcher, isReference, plain, valueCode, type ExampleWords } from './example-values.ts'
import { jsonCode, sampleHeaders, sampleUrl } from './operation-call.ts'
import { errorTests } from './operation-errors.ts'
import { isGuarded } from './guard-code.ts'
import { roleBehind, startLine } from './resource-tests/writer.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'

/** `tests/operations/<id>.test.ts`: the examples of an operation, or that it is not implemented, and its limits. */
export function customTestsFile(custom: NamedOperation, model: ProjectModel): string {
  const { operation, isWritten } = custom
  const start = startOf(custom, model)
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const sample = sampleCall(custom)
  const send = (as = '') => `await server.send(${sample}${as})`
  const body = operation.body === null ? ', undefined' : ''
  const tests = [
    ...(isWritten
      ? [
          ...operation.examples.map((example) => exampleTest(example, custom, model, imports, start)),
          test(
            'responds to any valid request, even if with an error',
            start,
            `const response = ${send()};`,
            'if (response.statusCode >= 500) server.expectStatus(response, 200);',
            ...pagePolicyLines(custom, imports),
          ),
        ]
      : [
          test(
            'returns 501 until it is implemented',
            start,
            `const response = ${send()};`,
            'server.expectStatus(response, 501);',
            `${imports.default('node:assert/strict', 'assert')}.equal(response.json().error.code, 'not_implemented');`,
          ),
        ]),
    ...errorTests(custom, imports).map(({ name, lines }) => test(name, start, ...lines)),
    ...unauthorizedTests(custom, model, (as) => send(`${body}, ${as}`)),
  ]
  const name = `${operation.method} ${operation.path}`
  const patience = custom.takesPassword ? SLOW_TEST_MS : TEST_MS
  return `${imports.render()}\n\ndescribe(${stringLiteral(name)}, () => {\n${tests.join('\n\n').replaceAll(TIMEOUT, `{ timeout: ${patience} }`)}\n});\n`
}

/** A page is sent with the policy that allows its own styles. */
function pagePolicyLines({ operation }: NamedOperation, imports: Imports): string[] {
  const { success } = operation.responses
  if (success.kind !== 'html') return []
  const assert = imports.default('node:assert/strict', 'assert')
  const policy = imports.value('../../src/http/page-policy.ts', 'pagePolicy')
  return [
    `if (response.statusCode === ${success.status}) ${assert}.equal(response.headers['content-security-policy'], ${policy}(response.body));`,
  ]
}

const TEST_MS = '5_000'
/** Hashing a password takes a second of a fast machine, and more of one that is busy. */
const SLOW_TEST_MS = '30_000'
const TIMEOUT = /\{ timeout: 5_000 \}(?=, async \(\) => \{$)/gm

/** The line that starts the server with an allowed account. */
export const startOf = (custom: NamedOperation, model: ProjectModel): string => {
  const start = startLine(roleBehind([custom.guard], model.roles), model)
  const headers = sampleHeaders(custom)
  return Object.keys(headers).length === 0 ? start : `${start}\nserver.setHeaders(${jsonCode(headers)});`
}

/** Unauthorized senders: without credentials, and with another role. `send` takes the sender. */
export function unauthorizedTests(
  custom: NamedOperation,
  model: ProjectModel,
  send: (as: string) => string,
): string[] {
  const { guard } = custom
  if (!isGuarded(guard)) return []
  const start = startOf(custom, model)
  const other = model.roles.find((name) => guard.roles.length > 0 && !guard.roles.includes(name))
  return [
    test(
      `needs a valid ${guard.scheme === 'apiKey' ? 'key' : 'token'}`,
      start,
      `const response = ${send('null')};`,
      'server.expectStatus(response, 401);',
    ),
    ...(other === undefined
      ? []
      : [
          test(
            `allows only ${guard.roles.join(' and ')}`,
            start,
            `const response = ${send(`server.signUp(${stringLiteral(other)})`)};`,
            'server.expectStatus(response, 403);',
          ),
        ]),
  ]
}

/** An operation that never responds fails with its name, and soon. */
export const test = (name: string, ...lines: string[]): string =>
  `it(${stringLiteral(name)}, { timeout: ${TEST_MS} }, async () => {\n${lines.join('\n')}\n});`

/** The method, path and body of a valid request. */
function sampleCall(custom: NamedOperation): string {
  const { method, body } = custom.operation
  const sent = body === null ? '' : `, ${jsonCode(sampleOf(body))}`
  return `'${method}', ${stringLiteral(sampleUrl(custom))}${sent}`
}

/** One example of an operation as a test. */
export function exampleTest(
  example: OperationExample,
  custom: NamedOperation,
  model: ProjectModel,
  imports: Imports,
  start: string,
): string {
  const { operation } = custom
  const { request, expect } = example
  const scope = { model, imports, target: 'server' } as const
  const rows = exampleRows(example.rows, scope)
  const { reference } = rows
  const words: ExampleWords = {
    reference,
    now: () => imports.value('../support/rows.ts', 'justNow'),
    any: () => imports.value('../support/rows.ts', 'anyValue'),
  }
  const url = urlOf(operation.path, request, reference)
  const body =
    request.body === undefined || request.body === null ? undefined : valueCode(request.body, { reference })
  const nobody =
    expect.status === 401 && isGuarded(custom.guard) ? [body ?? 'undefined', 'null'] : body ? [body] : []
  const answers = (example.answers ?? []).map(
    (one) => `server.say('${one.service}.${one.call}', ${valueCode(one.answer, { reference })});`,
  )
  const headers = exampleHeaders(example, custom, reference)
  const changes = changesCode(example.rowsAfter, scope, rows, words)
  const lines = [
    ...answers,
    ...(headers === null ? [] : [`server.setHeaders(${headers});`]),
    ...changes.before,
    `const response = await server.send(${[`'${operation.method}'`, url, ...nobody].join(', ')});`,
    `server.expectStatus(response, ${expect.status});`,
    ...expectation(example, custom, words, imports),
    ...changes.after,
  ]
  return test(example.title, start, ...rows.insert(lines), ...lines)
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
    hasMatcher(expect.body)
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
  const isAutomatic = [400, 401, 429].includes(status) || (status === 403 && roles !== undefined)
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
  const usual = expect.status === 400 ? {} : sampleHeaders(custom)
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
  const filled = path.replace(/:([a-zA-Z0-9_]+)/g, (_, name: string) => part(params[name] ?? ''))
  const asked = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${part(value)}`)
  return `\`${filled}${asked.length > 0 ? `?${asked.join('&')}` : ''}\``
}
