import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importOpenApi } from './import-openapi.ts'

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const text = { type: 'string' }
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
})
const credentials = object({ email: { type: 'string', format: 'email' }, password: text }, [
  'email',
  'password',
])
const session = object({ token: text }, ['token'])
const post = (body: unknown, answer: unknown, more: object = {}) => ({
  post: {
    requestBody: { required: true, ...json(body) },
    responses: { 200: { description: 'Done', ...json(answer) } },
    ...more,
  },
})

async function built(paths: object, security: object[] = [{ bearer: [] }]) {
  const { blueprint, assumptions } = await importOpenApi(
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'Notes', version: '1' },
      security,
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      paths: {
        ...paths,
        '/notes': {
          get: {
            responses: {
              200: {
                description: 'All',
                ...json({ type: 'array', items: object({ id: { type: 'integer' }, text }, ['id']) }),
              },
            },
          },
        },
        '/notes/{id}': {
          get: {
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
            responses: {
              200: { description: 'One', ...json(object({ id: { type: 'integer' }, text }, ['id'])) },
            },
          },
        },
      },
    }),
    {},
  )
  expect(lintBlueprint(blueprint).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return {
    auth: blueprint.auth,
    account: blueprint.entities.find(({ name }) => name === 'Account'),
    signIn: blueprint.operations.flatMap(({ path, access, signIn }) =>
      signIn ? [{ path, access, ...signIn }] : [],
    ),
    said: assumptions.join('\n'),
  }
}

describe('registration and sign-in of a document', () => {
  it('work without a model, open to who has no token yet', async () => {
    const { auth, account, signIn, said } = await built({
      '/users/register': post(credentials, session),
      '/users/login': post(credentials, session),
    })
    expect(auth).toEqual({ kind: 'jwt', account: 'Account', identity: 'email', ownRoutes: true })
    expect(account?.fields).toMatchObject([
      { name: 'email', type: { kind: 'email' }, required: true, unique: true },
    ])
    expect(signIn).toEqual([
      {
        path: '/users/register',
        access: 'public',
        action: 'register',
        bodyAt: [],
        password: 'password',
        values: ['email'],
        answer: [{ at: ['token'], holds: 'token' }],
      },
      {
        path: '/users/login',
        access: 'public',
        action: 'signIn',
        bodyAt: [],
        password: 'password',
        values: ['email'],
        answer: [{ at: ['token'], holds: 'token' }],
      },
    ])
    expect(said).toContain('there are no routes at /auth')
  })

  it('are read within the objects that the document states', async () => {
    const user = object({ user: object({ username: text, password: text }, ['username', 'password']) }, [
      'user',
    ])
    const answer = object(
      {
        user: object({ username: text, token: text, image: { type: 'string', nullable: true } }, [
          'username',
          'token',
        ]),
      },
      ['user'],
    )
    const { auth, signIn } = await built({ '/users': post(user, answer), '/users/login': post(user, answer) })
    expect(auth).toMatchObject({ identity: 'username' })
    expect(
      signIn.map(({ path, action, bodyAt, answer: places }) => ({ path, action, bodyAt, places })),
    ).toEqual(
      (['/users', '/users/login'] as const).map((path, at) => ({
        path,
        action: at === 0 ? 'register' : 'signIn',
        bodyAt: ['user'],
        places: [
          { at: ['user', 'username'], holds: 'property', property: 'username' },
          { at: ['user', 'token'], holds: 'token' },
          { at: ['user', 'image'], holds: 'null' },
        ],
      })),
    )
  })

  it.each<[string, object, RegExp]>([
    ['one of them is missing', { '/login': post(credentials, session) }, /sign in at \/auth/],
    [
      'there are several',
      {
        '/register': post(credentials, session),
        '/login': post(credentials, session),
        '/admin/login': post(credentials, session),
      },
      /left to be written: there are several/,
    ],
    [
      'what identifies an account is not registered',
      {
        '/register': post(object({ name: text, password: text }, ['name', 'password']), session),
        '/login': post(credentials, session),
      },
      /left to be written: what an account signs in with/,
    ],
    [
      'an answer has what nothing sets',
      {
        '/register': post(credentials, session),
        '/login': post(
          credentials,
          object({ token: text, visits: { type: 'integer' } }, ['token', 'visits']),
        ),
      },
      /left to be written: nothing is known about visits/,
    ],
  ])('are left to be written where %s', async (_what, paths, said) => {
    const found = await built(paths)
    expect(found.signIn).toEqual([])
    expect(found.auth).toEqual({ kind: 'jwt', account: 'Account' })
    expect(found.said).toMatch(said)
  })

  it('do not give roles', async () => {
    const body = object({ ...credentials.properties, role: text }, ['email', 'password'])
    const { account, said } = await built({
      '/register': post(body, session),
      '/login': post(credentials, session),
    })
    expect(account?.fields.map(({ name }) => name)).toEqual(['email'])
    expect(said).toContain('role of POST /register is accepted and ignored: it is granted')
  })
})
