import { successesOf, type Json, type OperationExample } from '#contract'
import { literal, stringLiteral, templateText } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import { makeNamespace } from '../../../codegen/names.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { writableProperties } from '../resource.ts'
import { insertFunction } from './fixtures.ts'
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
  const variables = makeNamespace(['server', 'response', ...model.resources.map(insertFunction)])
  const rows = new Map<string, string>([['me', 'server.me']])
  const reference = (text: string) => {
    const [name = '', property = ''] = text.slice(1).split('.')
    return `${rows.get(name) ?? 'server.me'}.${property}`
  }
  const inserts = example.rows.map((row) => {
    const resource = custom.resourceOf(row.entity)
    const insert = imports.value('../support/fixtures.ts', insertFunction(resource))
    const takesValues = writableProperties(resource).length > 0 || resource.ownerProperty !== undefined
    const values = takesValues && Object.keys(row.values).length > 0 ? `, ${code(row.values, reference)}` : ''
    const variable = variables.take(`${row.name}Row`)
    rows.set(row.name, variable)
    return { variable, text: `${insert}(server${values});` }
  })
  const url = urlOf(operation.path, request, reference)
  const body = request.body === undefined || request.body === null ? undefined : code(request.body, reference)
  const nobody =
    expect.status === 401 && isGuarded(custom.guard) ? [body ?? 'undefined', 'null'] : body ? [body] : []
  const answers = (example.answers ?? []).map(
    (one) => `server.say('${one.service}.${one.call}', ${code(one.answer, reference)});`,
  )
  const headers = exampleHeaders(example, custom, reference)
  const lines = [
    ...answers,
    ...(headers === null ? [] : [`server.setHeaders(${headers});`]),
    `const response = await server.send(${[`'${operation.method}'`, url, ...nobody].join(', ')});`,
    `server.expectStatus(response, ${expect.status});`,
    ...expectation(example, custom, reference, imports),
  ]
  const said = lines.join('\n')
  const used = inserts.map(({ variable, text }, index) => {
    const later = inserts.slice(index + 1).map((insert) => insert.text)
    const isUsed = [said, ...later].some((line) => new RegExp(`\\b${variable}\\.`).test(line))
    return isUsed ? `const ${variable} = ${text}` : text
  })
  return test(example.title, start, ...used, ...lines)
}

function expectation(
  { expect }: OperationExample,
  { operation }: NamedOperation,
  reference: (text: string) => string,
  imports: Imports,
): string[] {
  if (expect.body === undefined) return []
  const success = successesOf(operation).find(({ status }) => status === expect.status)
  const assert = () => imports.default('node:assert/strict', 'assert')
  const body = code(expect.body, reference)
  if (success?.kind === 'redirect') return [`${assert()}.equal(response.headers.location, ${body});`]
  if (success !== undefined && success.kind !== 'json')
    return [`${assert()}.ok(response.body.includes(${body}), response.body);`]
  return [`${assert()}.partialDeepStrictEqual(response.json(), ${body});`]
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

const isReference = (value: Json): value is string =>
  typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$')
const plain = (text: string): string => (text.startsWith('$$') ? text.slice(1) : text)

/** A value as an expression. */
function code(value: Json, reference: (text: string) => string): string {
  if (isReference(value)) return reference(value)
  if (typeof value === 'string') return stringLiteral(plain(value))
  if (typeof value !== 'object' || value === null) return literal(value)
  if (Array.isArray(value)) return `[${value.map((item) => code(item, reference)).join(', ')}]`
  const entries = Object.entries(value).map(
    ([name, inner]) => `${stringLiteral(name)}: ${code(inner, reference)}`,
  )
  return `{ ${entries.join(', ')} }`
}
