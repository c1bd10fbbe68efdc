import { access } from '../../../codegen/encode/property.ts'
import type { Json, SignInBinding } from '#contract'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { isGuarded } from './guard-code.ts'
import { jsonCode, sampleUrl } from './operation-call.ts'
import { errorTests } from './operation-errors.ts'
import { test } from './example-tests.ts'
import { sampleCall, startOf, withPatience } from './operation-tests.ts'
import { takenStatus, wrongStatus } from './sign-in.ts'

/** `tests/operations/<id>.test.ts` of an operation that registers accounts or signs them in. */
export function signInTestsFile(custom: NamedOperation, binding: SignInBinding, model: ProjectModel): string {
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const start = startOf(custom, model)
  const writer = { custom, binding, model, imports, start }
  const tests = [
    ...(binding.action === 'register' ? registerTests(writer) : signInTests(writer)),
    ...errorTests(custom, imports).map(({ name, lines }) => test(name, start, ...lines)),
  ]
  const name = `${custom.operation.method} ${custom.operation.path}`
  return withPatience(
    `${imports.render()}\n\ndescribe(${stringLiteral(name)}, () => {\n${tests.join('\n\n')}\n});\n`,
    custom,
  )
}

type Writer = {
  readonly custom: NamedOperation
  readonly binding: SignInBinding
  readonly model: ProjectModel
  readonly imports: Imports
  readonly start: string
}

/** A valid body with other values in place of some. */
function bodyCode({ custom, binding }: Writer, values: Readonly<Record<string, string>>): string {
  const { body } = custom.operation
  const code = (value: Json, at: readonly string[]): string => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return jsonCode(value)
    const isThere = at.join('\n') === binding.bodyAt.join('\n')
    const entries = Object.entries(value).map(([name, inner]) => {
      const own = isThere ? values[name] : undefined
      return `${stringLiteral(name)}: ${own ?? code(inner, [...at, name])}`
    })
    return `{ ${entries.join(', ')} }`
  }
  return code(body === null ? {} : sampleOf(body), [])
}

const send = ({ custom }: Writer, body: string): string =>
  `await server.send('${custom.operation.method}', ${stringLiteral(sampleUrl(custom))}, ${body}, null)`

/** Lines that use the token of a response where one is needed. */
function tokenLines({ binding, model, imports }: Writer): string[] {
  const token = binding.answer.find(({ holds }) => holds === 'token')
  const guarded = model.customs.find(({ guard }) => isGuarded(guard) && guard.roles.length === 0)
  if (token === undefined || guarded === undefined) return []
  const call = sampleCall(guarded, imports)
  const body = guarded.operation.body === null ? ', undefined' : ''
  const assert = imports.default('node:assert/strict', 'assert')
  return [
    `const known = await server.send(${call}${body}, ${imports.value('../support/sent-as.ts', 'sentAs')}(response.json()${token.at.map(access).join('')}));`,
    `${assert}.notEqual(known.statusCode, 401);`,
  ]
}

function registerTests(writer: Writer): string[] {
  const { custom, binding, model, imports, start } = writer
  const { success } = custom.operation.responses
  const assert = imports.default('node:assert/strict', 'assert')
  const { account } = model
  const password = "'correct horse'"
  const body = bodyCode(writer, { [binding.password]: password })
  const unique =
    account?.properties.filter(({ name, unique: is }) => is && binding.values.includes(name)) ?? []
  return [
    test(
      'opens an account, and stores a hash of its password',
      start,
      `const before = server.repositories.${account?.key}.page({ limit: 0, offset: 0${account?.created ? `, sort: '${account.created.name}', order: 'asc'` : ''} }).pagination.total;`,
      `const response = ${send(writer, body)};`,
      `server.expectStatus(response, ${success.status});`,
      `const { pagination } = server.repositories.${account?.key}.page({ limit: 0, offset: 0${account?.created ? `, sort: '${account.created.name}', order: 'asc'` : ''} });`,
      `${assert}.equal(pagination.total, before + 1);`,
      `const hashes = server.database.prepare('SELECT "password_hash" AS "hash" FROM "_credentials"').all();`,
      `${assert}.ok(hashes.every(({ hash }) => /^scrypt\\$/.test(String(hash))));`,
      `${assert}.ok(!response.body.includes(${password}));`,
      ...tokenLines(writer),
    ),
    ...(unique.length > 0
      ? [
          test(
            `refuses a ${unique.map(({ name }) => name).join(' and ')} that is taken`,
            start,
            `const body = ${body};`,
            `server.expectStatus(${send(writer, 'body')}, ${success.status});`,
            `server.expectStatus(${send(writer, 'body')}, ${takenStatus(custom.operation)});`,
          ),
        ]
      : []),
  ]
}

function signInTests(writer: Writer): string[] {
  const { custom, binding, start } = writer
  const [identity = ''] = binding.values
  const { success } = custom.operation.responses
  const right = {
    [identity]: `account${access(identity)}`,
    [binding.password]: "'correct horse battery staple'",
  }
  const wrong = String(wrongStatus(custom.operation))
  return [
    test(
      'lets an account in with its password',
      start,
      'const { account } = server.signUp();',
      `const response = ${send(writer, bodyCode(writer, right))};`,
      `server.expectStatus(response, ${success.status});`,
      ...tokenLines(writer),
    ),
    test(
      'gives the same answer to a wrong password and to an unknown account',
      start,
      'const { account } = server.signUp();',
      `const response = ${send(writer, bodyCode(writer, { ...right, [binding.password]: "'wrong password'" }))};`,
      `server.expectStatus(response, ${wrong});`,
      `server.repositories.${writer.model.account?.key}.remove(account.id);`,
      `const unknown = ${send(writer, bodyCode(writer, right))};`,
      `server.expectStatus(unknown, ${wrong});`,
    ),
  ]
}
