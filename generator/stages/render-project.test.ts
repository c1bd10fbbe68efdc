import { describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { defaultStack } from '../stacks/registry.ts'
import { checkHandler } from './write/check-handler.ts'
import { describeHandlerSpec } from './write/handler-message.ts'
import { instructionsFor } from './write/instructions.ts'
import { renderProject } from './render-project.ts'
import {
  belongsTo,
  blueprint,
  countries,
  entity,
  evilText,
  field,
  hostile,
  keyed,
  shop,
  startedMagazine,
  todo,
} from '../codegen/testing/blueprints.ts'
import { notesWithSignIn, signInHandlers } from '../codegen/testing/accounts.ts'
import {
  completeTodo,
  completeTodoHandler,
  pages,
  shopWithCheckout,
  todoWithComplete,
  todoWithConfig,
} from '../codegen/testing/operations.ts'
import { sessionsWithTasks, taskHandlers } from '../codegen/testing/schedules.ts'

const render = async (given: Blueprint, handlers: Record<string, string> = {}) =>
  new Map((await renderProject(given, { handlers })).map(({ path, content }) => [path, content]))

describe('the rows of npm run seed', () => {
  const seedsOf = async (given: Blueprint) => (await render(given)).get('src/database/seeds.ts')!
  const product = entity('Product', {
    fields: [
      field('name', 'string', { required: true }),
      field('deletedAt', 'datetime', { example: '2026-01-15T09:30:00Z' }),
      field('discontinuedOn', 'date'),
      field('expiresAt', 'datetime', { required: true }),
      field('status', { kind: 'enum', values: ['archived', 'on sale'] }, { required: true }),
      field('isHidden', 'boolean', { default: false }),
    ],
    belongsTo: [belongsTo('category', 'Category')],
  })
  const category = entity('Category', { plural: 'Categories', fields: [field('name', 'string')] })

  it('are rows in use: not deleted, expired or archived', async () => {
    const seeds = await seedsOf(blueprint('shop', [category, product]))
    expect(seeds.match(/deletedAt: null/g)).toHaveLength(3)
    expect(seeds.match(/discontinuedOn: null/g)).toHaveLength(3)
    expect(seeds.match(/expiresAt: '2099-/g)).toHaveLength(3)
    expect(seeds.match(/status: 'on sale'/g)).toHaveLength(3)
    expect(seeds.match(/isHidden: false/g)).toHaveLength(3)
  })

  it('are of two different accounts where one follows another', async () => {
    const account = entity('Account', { fields: [field('email', 'email', { required: true, unique: true })] })
    const follow = entity('Follow', {
      belongsTo: [belongsTo('follower', 'Account'), belongsTo('followed', 'Account')],
    })
    const seeds = await seedsOf(blueprint('follows', [account, follow]))
    const pairs = [...seeds.matchAll(/followerId: '(.*)',\n\s+followedId: '(.*)',/g)]
    expect(pairs).toHaveLength(3)
    for (const [, follower, followed] of pairs) expect(follower).not.toBe(followed)
  })

  it('have categories that fit what is in them', async () => {
    expect(await seedsOf(blueprint('shop', [category, product]))).toContain("name: 'Kitchen'")
    const book = { ...product, name: 'Book', plural: 'Books', path: '/books' }
    expect(await seedsOf(blueprint('shop', [category, book]))).toContain("name: 'Fiction'")
  })
})

describe('a rendered project', () => {
  it('has every file of a small backend, sorted, and nothing of what it does not use', async () => {
    const files = await renderProject(todo)
    expect(files.map(({ path }) => path)).toEqual([
      '.dockerignore',
      '.env.example',
      '.github/workflows/ci.yml',
      '.gitignore',
      'Dockerfile',
      'README.md',
      'docker-compose.yml',
      'package-lock.json',
      'package.json',
      'requests.http',
      'scripts/check-node.mjs',
      'scripts/load-env.mjs',
      'src/app.ts',
      'src/config.ts',
      'src/context.ts',
      'src/database/migrate.ts',
      'src/database/open.ts',
      'src/database/repositories.ts',
      'src/database/seeds.ts',
      'src/database/table.ts',
      'src/database/transaction.ts',
      'src/errors.ts',
      'src/http/app-type.ts',
      'src/http/documentation.ts',
      'src/http/error-handling.ts',
      'src/http/health.ts',
      'src/http/json-bodies.ts',
      'src/http/limits.ts',
      'src/http/no-content.ts',
      'src/http/not-blank.ts',
      'src/http/pagination.ts',
      'src/http/params.ts',
      'src/http/protection.ts',
      'src/index.ts',
      'src/migrations/0001_create_todos.sql',
      'src/repositories/todo.ts',
      'src/routes/todo.ts',
      'src/schemas/todo.ts',
      'src/seed.ts',
      'tests/config.test.ts',
      'tests/database.test.ts',
      'tests/documentation.test.ts',
      'tests/http.test.ts',
      'tests/routes/todo.test.ts',
      'tests/seeds.test.ts',
      'tests/support/fixtures.ts',
      'tests/support/server.ts',
      'tests/table.test.ts',
      'tsconfig.json',
    ])
    // Only the documentation asks for a password.
    const isAboutDocs = (path: string) =>
      path === 'src/http/documentation.ts' || path === 'tests/http.test.ts'
    const text = files.flatMap(({ path, content }) => (isAboutDocs(path) ? [] : content)).join('\n')
    expect(text).not.toMatch(/jwt|JWT|401|unauthorized|scrypt|signUp/)
    expect(text).not.toMatch(/@if|@else|@end|@insert|@title|@name\.sqlite|undefined\.|\[object/)
  })

  it('is the same bytes for an equal Blueprint', async () => {
    expect(await renderProject(structuredClone(shop))).toEqual(await renderProject(shop))
  })

  it('takes well under 200 ms once warm', async () => {
    await renderProject(shop)
    const start = performance.now()
    await renderProject(shop)
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('parses whatever its names and texts are', async () => {
    // A TypeScript, JSON or YAML file that does not parse makes the renderer throw.
    const files = await render(hostile)
    expect(files.has('src/routes/con_.ts')).toBe(true)
    expect(files.has('src/migrations/0001_create_errors.sql')).toBe(true)
    const hidden = ['\0', '\u2028', '\u2029', '\u202e']
    const shown = [...files].filter(([, content]) => hidden.some((character) => content.includes(character)))
    expect(shown.map(([path]) => path)).toEqual([])
  })

  it('gives reserved names another type, but keeps the path and the file', async () => {
    const files = await render(hostile)
    expect(files.get('src/schemas/error.ts')).toContain('export const ErrorResource = ')
    expect(files.get('src/routes/order.ts')).toContain("'/shop/orders'")
  })

  it('has no POST for the account, whose rows come from registering', async () => {
    const files = await render(shop)
    expect(files.get('src/routes/user.ts')).not.toContain('app.post(')
    expect(files.get('src/auth/routes.ts')).toContain("'/auth/register'")
    expect(files.get('package.json')).toContain('@fastify/jwt')
  })

  it('puts the owner into the WHERE clause and never takes it from a body', async () => {
    const files = await render(shop)
    expect(files.get('src/routes/order.ts')).toContain(
      'find(request.params.id, {\n        customerId: authentication.accountOf(request).id,',
    )
    expect(files.get('src/schemas/order.ts')?.match(/customerId/g)).toHaveLength(1)
  })

  it('renders only the operations that are asked for', async () => {
    const files = await render(
      blueprint('read-only', [
        entity('Note', { fields: [field('text', 'text', { required: true })], operations: ['list', 'read'] }),
      ]),
    )
    expect(files.get('src/routes/note.ts')).not.toMatch(/app\.(post|put|patch|delete)\(/)
    expect(files.get('src/schemas/note.ts')).not.toContain('NotePatch')
    expect(files.has('src/http/no-content.ts')).toBe(false)
  })

  it('names an entity that a relation lacks', async () => {
    const broken = structuredClone(todo)
    broken.entities[0]?.belongsTo.push({
      name: 'list',
      label: 'list',
      target: 'List',
      required: true,
      unique: false,
      onDelete: 'cascade',
    })
    await expect(renderProject(broken)).rejects.toThrow('Todo belongs to List, which is not an entity')
  })

  it('shows free text as it is, in documents too', async () => {
    const [title = ''] = ((await render(hostile)).get('README.md') ?? '').split('\n')
    expect(evilText).toContain('<b>')
    expect(title).toContain(String.raw`\<b>`)
    expect(title).toContain(String.raw`\[a\](javascript:1)`)
  })
})

describe('a custom operation', () => {
  it('that nobody wrote is a stub which the documents name as such', async () => {
    const files = await renderProject(todoWithComplete)
    const stub = files.find(({ path }) => path === 'src/operations/complete-todo.ts')
    expect(stub?.origin).toBe('template')
    expect(stub?.content).toContain("throw notImplemented('Complete a to-do')")
    expect(stub?.content).toContain('A to-do that is done already is refused.')
    const text = new Map(files.map(({ path, content }) => [path, content]))
    expect(text.get('README.md')).toContain('Complete a to-do (**not implemented**: returns 501)')
    expect(text.get('requests.http')).toContain('### Complete a to-do (not implemented: returns 501)')
    expect(text.get('src/routes/todo.ts')).toContain('Not implemented yet: answers 501.')
    expect(text.get('tests/operations/complete-todo.test.ts')).toContain(
      'returns 501 until it is implemented',
    )
  })

  it('that a model wrote has its code, its examples as tests, and no word of a stub', async () => {
    const files = await renderProject(todoWithComplete, { handlers: { completeTodo: completeTodoHandler } })
    expect(files.filter(({ origin }) => origin === 'model').map(({ path }) => path)).toEqual([
      'src/operations/complete-todo.ts',
    ])
    const tests = files.find(({ path }) => path === 'tests/operations/complete-todo.test.ts')
    for (const { title } of completeTodo.examples) expect(tests?.content).toContain(title)
    const text = files.map(({ content }) => content).join('\n')
    expect(text).not.toMatch(/501|not.?implemented/i)
  })

  it('keeps code that does not parse as it is, for the type-check to tell', async () => {
    const handlers = { completeTodo: 'export function (' }
    expect((await render(todoWithComplete, handlers)).get('src/operations/complete-todo.ts')).toBe(
      'export function (',
    )
  })

  it('is typed by exactly what it takes and answers', async () => {
    const files = await render(shopWithCheckout)
    const schemas = files.get('src/schemas/operations/checkout.ts')
    expect(schemas).toContain('account: User;')
    expect(schemas).toContain('expectedTotal: z.number().nullable().optional(),')
    expect(schemas).toContain('items: z.array(OrderItem),')
  })
})

it('takes the keys of programs from the header that is stated', async () => {
  const files = await render({ ...keyed, auth: { kind: 'apiKey', header: 'X-Client_Key' } })
  const text = [...files.values()].join('\n')
  expect(text).not.toMatch(/x-api-key/i)
  expect(files.get('src/auth/api-keys.ts')).toContain("request.headers['x-client_key']")
  expect(files.get('README.md')).toContain('`X-Client_Key: <key>`')
})

describe('rows to start with', () => {
  it('are exactly those that are stated, in the order in which they need each other', async () => {
    const files = await render(countries)
    const keys = [...files.get('src/database/seeds.ts')!.matchAll(/add\(repositories\.\w+, ([^,]+),/g)]
    expect(keys.map(([, key]) => key)).toEqual([`'PT'`, `'NG'`, '1', '2'])
    expect(files.get('README.md')).toContain('npm run seed   # 2 Countries and 2 Cities')
    expect(files.get('README.md')).toContain('docker compose exec api node src/seed.ts')
  })

  it('stay out of production where accounts with a known password are among them', async () => {
    expect((await render(startedMagazine)).get('src/seed.ts')).toContain('stay out of production')
    const seeds = startedMagazine.seeds
      .filter(({ entity: of }) => of === 'Section')
      .map((one) => ({ ...one, links: [] }))
    const files = await render({ ...startedMagazine, seeds })
    expect(files.get('src/seed.ts')).not.toContain('production')
    expect(files.get('README.md')).not.toContain('try-it-out')
  })
})

describe('a configuration value', () => {
  it('is in the documents and settings of the operator, and in the context of operations', async () => {
    const files = await render(todoWithConfig)
    expect(files.get('README.md')).toContain('| `MAX_OPEN` | `2` | How many to-dos may be open at a time. |')
    expect(files.get('README.md')).toContain('Secret. Required in production.')
    expect(files.get('.env.example')).toContain(
      '# How many to-dos may be open at a time. A whole number.\nMAX_OPEN=2',
    )
    expect(files.get('docker-compose.yml')).toContain('PARTNER_KEY: ${PARTNER_KEY:?Set PARTNER_KEY')
    expect(files.get('src/operation-context.ts')).toContain('config: ConfigValues;')
    expect(defaultStack.requiredEnvironment(todoWithConfig)).toEqual({
      PARTNER_URL: 'https://p.example.com',
      PARTNER_KEY: expect.stringMatching(/^[\w-]{43}$/),
      REGION: 'example',
    })
  })

  it('has no constant for a secret, which whoever has the project would know', async () => {
    const files = await render(todoWithConfig)
    const values = files.get('src/config-values.ts')!
    expect(values).toContain('PARTNER_KEY: secret.default(randomSecret),')
    expect(values).not.toMatch(/makeSecret\('/)
    expect(files.get('README.md')).toContain('| `PARTNER_KEY` | none |')
    const { requiredEnvironment } = defaultStack
    expect(requiredEnvironment(todoWithConfig)).not.toEqual(requiredEnvironment(todoWithConfig))
    // A stored design may still have one, which the linter of today removes.
    const stored = {
      ...todoWithConfig,
      config: todoWithConfig.config.map((one) => (one.type === 'secret' ? { ...one, default: 'hush' } : one)),
    }
    expect([...(await render(stored)).values()].join('\n')).not.toContain("'hush'")
  })

  it('is given to the model that writes an operation, with its type and as untrusted text', async () => {
    const [spec] = defaultStack.handlerSpecs(todoWithConfig, await renderProject(todoWithConfig))
    expect(spec!.config).toContainEqual({
      variable: 'PARTNER_KEY',
      property: 'partnerKey',
      type: 'Secret',
      what: 'What partners know us by.',
    })
    const question = describeHandlerSpec(spec!, () => 'MARK')
    expect(question.split('MARK')).toHaveLength(4)
    expect(question.split('MARK')[2]).toContain('How many to-dos may be open at a time.')
  })
})

describe('a model that writes an operation', () => {
  const specOf = async (given: Blueprint) => {
    const [spec] = defaultStack.handlerSpecs(given, await renderProject(given))
    return { ...spec!, repositories: spec!.repositories.join('\n') }
  }
  const report = { ...pages[1]!, examples: [] }

  it('is shown the tables as this project has them', async () => {
    const usual = await specOf(todoWithComplete)
    expect(usual.repositories).toContain('find(id: string, where')
    expect(usual.repositories).toContain('repositories.todos: Table<Todo>')
    const own = await specOf({ ...countries, operations: [report] })
    expect(own.repositories).toContain('find(id: Row[Key], where')
    expect(own.repositories).toMatch(/^repositories\.countries: Table<Country, 'code', 'code'/m)
    expect(own.repositories).not.toContain('id: string')
    const linked = await specOf({ ...startedMagazine, operations: [report] })
    expect(linked.repositories).toContain('ofLeft(leftId: string)')
    const text = instructionsFor({ kind: 'operation' }) + instructionsFor({ kind: 'task' })
    expect(text).not.toMatch(/type Table<|id: string/)
  })

  it('is shown what it may do with passwords and tokens where there are accounts', async () => {
    const { types, imports } = await specOf(notesWithSignIn)
    const shown = types.find(({ path }) => path === 'src/auth/account-credentials.ts')!
    for (const name of ['hashPassword', 'setPasswordHash', 'verifyPassword', 'issueToken']) {
      expect(shown.content).toContain(`${name}(`)
      expect(instructionsFor({ kind: 'operation' })).toContain(name)
    }
    expect(shown.content).not.toContain('makeAccountCredentials')
    expect(imports).toContain('../auth/account-credentials.ts')
    expect((await specOf(todoWithComplete)).imports).not.toContain('../auth/account-credentials.ts')
    expect(checkHandler(signInHandlers['signUp']!, { functionName: 'signUp', imports })).toEqual([])
    const made = `import { makeAccountCredentials } from '../auth/account-credentials.ts'\n${signInHandlers['signUp']}`
    expect(checkHandler(made, { functionName: 'signUp', imports })).toMatchObject([
      { message: expect.stringContaining('only types may be imported') },
    ])
  })

  it('has patience in tests of requests with a password, whose hash is slow by design', async () => {
    const files = await render(notesWithSignIn, signInHandlers)
    const test = files.get('tests/operations/sign-in.test.ts')!
    expect(test).toContain('{ timeout: 30_000 }')
    expect(test).not.toContain('{ timeout: 5_000 }')
    const other = await render(todoWithComplete, { completeTodo: completeTodoHandler })
    expect(other.get('tests/operations/complete-todo.test.ts')).toContain('{ timeout: 5_000 }')
  })

  it('may keep a parameter that it does not use', async () => {
    const files = await render(todoWithComplete)
    expect(files.get('tsconfig.json')).not.toContain('noUnusedParameters')
    expect(instructionsFor({ kind: 'operation' })).toContain('Keep every parameter of the signature')
    expect(instructionsFor({ kind: 'operation' })).toContain('input.headers has the request headers')
  })
})

it('has scheduled tasks with their times, and names those that nobody wrote', async () => {
  const { deleteExpiredSessions } = taskHandlers
  const files = await render(sessionsWithTasks, { deleteExpiredSessions })
  expect(files.get('src/schedule.ts')).toContain("cron: '30 2 * * *',\n    run: deleteExpiredSessions,")
  expect(files.get('src/scheduled/count-sessions.ts')).toContain('Not implemented yet')
  expect(files.get('README.md')).toMatch(/countSessions.*every Monday at 08:00 UTC.*not implemented/)
  expect(files.get('README.md')).not.toMatch(/deleteExpiredSessions.*not implemented/)
  expect(files.get('package.json')).toContain('"croner"')
  expect((await render(todo)).get('package.json')).not.toContain('croner')
})
