import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { jsonCode, sampleHeaders, sampleUrl } from './operation-call.ts'
import { derivedTests } from './derived-tests.ts'
import { exampleTest, test, TEST_MS } from './example-tests.ts'
import { errorTests } from './operation-errors.ts'
import { isGuarded } from './guard-code.ts'
import { roleBehind, startLine } from './resource-tests/writer.ts'
import { sampleBody } from './operation-files.ts'

/** `tests/operations/<id>.test.ts`: the examples of an operation, or that it is not implemented, and its limits. */
export function customTestsFile(custom: NamedOperation, model: ProjectModel): string {
  const { operation, isWritten } = custom
  const start = startOf(custom, model)
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const sample = sampleCall(custom, imports)
  const send = (as = '') => `await server.send(${sample}${as})`
  const body = operation.body === null && !operation.rawBody ? ', undefined' : ''
  const tests = [
    ...(isWritten
      ? [
          ...operation.examples.map((example) => exampleTest(example, custom, model, imports, start)),
          ...derivedTests(custom, model, imports, start),
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
  return `${imports.render()}\n\ndescribe(${stringLiteral(name)}, () => {\n${withPatience(tests.join('\n\n'), custom)}\n});\n`
}

/** Tests that hash passwords may take longer. */
export const withPatience = (tests: string, { takesPassword }: NamedOperation): string =>
  tests.replaceAll(TIMEOUT, `{ timeout: ${takesPassword ? SLOW_TEST_MS : TEST_MS} }`)

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

/** The method, path and body of a valid request. */
export function sampleCall(custom: NamedOperation, imports: Imports): string {
  const body = sampleBody(custom, imports)
  const sent = body === undefined ? '' : `, ${body}`
  return `'${custom.operation.method}', ${stringLiteral(sampleUrl(custom))}${sent}`
}
