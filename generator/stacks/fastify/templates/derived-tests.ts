import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import {
  changingExample,
  failingTables,
  isRunAtOnce,
  newPasswordExample,
  otherAccountExample,
  ownValueExample,
  unknownRowExample,
} from './derived-examples.ts'
import { exampleCall, exampleTest, test } from './example-tests.ts'

type Project = readonly [custom: NamedOperation, model: ProjectModel, imports: Imports, start: string]

/** Tests that follow from the examples of an operation, each only where its result is certain. */
export function derivedTests(...project: Project): string[] {
  const [custom] = project
  const unknown = unknownRowExample(custom)
  const titles = new Set(custom.operation.examples.map(({ title }) => title))
  return [
    ...(unknown === null || titles.has(unknown.title) ? [] : [exampleTest(unknown, ...project)]),
    ...otherAccountTest(...project),
    ...failingWriteTest(...project),
    ...atOnceTest(...project),
    ...ownValueTest(...project),
    ...newPasswordTest(...project),
  ]
}

/** What belongs to another account is refused, and stays as it is. */
function otherAccountTest(...[custom, model, imports, start]: Project): string[] {
  const found = otherAccountExample(custom, model)
  if (found === null) return []
  const { statuses } = found
  const { rows, before, send } = exampleCall(found.example, custom, model, imports)
  const watch = imports.value('../support/rows.ts', 'watchRows')
  const [only, ...more] = statuses
  const assert = () => imports.default('node:assert/strict', 'assert')
  const lines = [
    ...before,
    `const rows = ${watch}(server);`,
    `const response = await ${send};`,
    more.length === 0
      ? `server.expectStatus(response, ${only});`
      : `${assert()}.ok([${statuses.join(', ')}].includes(response.statusCode), response.body);`,
    'rows.expectUnchanged();',
  ]
  return [test('refuses what belongs to another account', start, ...rows.insert(lines), ...lines)]
}

/** An error between two writes leaves nothing of the first. */
function failingWriteTest(...[custom, model, imports, start]: Project): string[] {
  const example = changingExample(custom)
  const tables = failingTables(custom, model)
  if (example === undefined || tables.length === 0) return []
  const { rows, before, send } = exampleCall(example, custom, model, imports)
  const watch = imports.value('../support/rows.ts', 'watchRows')
  const fail = imports.value('../support/rows.ts', 'whileWritesFail')
  const lines = [
    ...before,
    `const rows = ${watch}(server);`,
    `for (const table of [${tables.map(stringLiteral).join(', ')}])`,
    `await ${fail}(server, table, async () => {`,
    `rows.expectUnchangedIfFailed(await ${send});`,
    '});',
  ]
  return [test('keeps none of its changes if one of them fails', start, ...rows.insert(lines), ...lines)]
}

/** What is looked at before waiting can be another thing afterwards. */
function atOnceTest(...[custom, model, imports, start]: Project): string[] {
  const example = changingExample(custom)
  if (example === undefined || !isRunAtOnce(custom)) return []
  const { rows, before, send } = exampleCall(example, custom, model, imports)
  const assert = imports.default('node:assert/strict', 'assert')
  const count = imports.value('../support/rows.ts', 'countRows')
  const lines = [
    ...before,
    `const send = () => ${send};`,
    'const responses = isAtOnce ? await Promise.all([send(), send()]) : [await send(), await send()];',
    `return { statuses: responses.map(({ statusCode }) => statusCode).sort(), rows: ${count}(server) };`,
  ]
  return [
    test(
      'does the same for two requests at once as for one after the other',
      'const run = async (isAtOnce: boolean) => {',
      start,
      ...rows.insert(lines),
      ...lines,
      '};',
      `${assert}.deepEqual(await run(true), await run(false));`,
    ),
  ]
}

/** What a row has already is no duplicate of another row. */
function ownValueTest(...[custom, model, imports, start]: Project): string[] {
  const own = ownValueExample(custom)
  if (own === null) return []
  const { rows, before, send } = exampleCall(own.example, custom, model, imports)
  const assert = imports.default('node:assert/strict', 'assert')
  const lines = [
    ...before,
    `const send = () => ${send};`,
    'await send();',
    'const again = await send();',
    `${assert}.notEqual(again.statusCode, ${own.status}, 'a row is no duplicate of itself');`,
  ]
  return [test('may give a row what it has already', start, ...rows.insert(lines), ...lines)]
}

/** A password that was changed signs in. */
function newPasswordTest(...[custom, model, imports, start]: Project): string[] {
  const found = newPasswordExample(custom, model)
  if (found === null || model.account === undefined) return []
  const { example, property } = found
  const { rows, before, send } = exampleCall(example, custom, model, imports)
  const password = (example.request.body as Record<string, string>)[property]!
  const lines = [
    ...before,
    `await ${send};`,
    `const signIn = await server.send('POST', '/auth/login', { email: server.me.email, password: ${stringLiteral(password)} }, null);`,
    'server.expectStatus(signIn, 200);',
  ]
  return [test('signs in with the new password', start, ...rows.insert(lines), ...lines)]
}
