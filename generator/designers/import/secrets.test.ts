import { describe, expect, it } from 'vitest'
import type { Blueprint, Shape } from '#contract'
import { importOpenApi } from './openapi/import-openapi.ts'
import { importSql } from './sql/import-sql.ts'

/** Every name that a route answers or takes. */
function namesOf({ entities, operations }: Blueprint): string[] {
  const inShape = (shape: Shape): string[] => {
    if (shape.kind === 'array') return inShape(shape.items)
    return shape.kind === 'object' ? shape.properties.flatMap((one) => [one.name, ...inShape(one.shape)]) : []
  }
  return [
    ...entities.flatMap((entity) => [entity.key?.name ?? 'id', ...entity.fields.map(({ name }) => name)]),
    ...operations.flatMap(({ responses: { success } }) =>
      success.kind === 'json' ? inShape(success.shape) : [],
    ),
  ]
}

const BLOG = `
  CREATE TABLE blog_writers (
    ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    writer_login varchar(60) NOT NULL DEFAULT '',
    writer_pass varchar(255) NOT NULL DEFAULT '',
    writer_activation_key varchar(255) NOT NULL DEFAULT '',
    display_name varchar(250) NOT NULL DEFAULT ''
  );
  CREATE TABLE blog_posts (
    ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    post_title text NOT NULL,
    post_password varchar(255) NOT NULL DEFAULT '',
    token_count int NOT NULL DEFAULT 0,
    secretary_name varchar(80)
  );`

const MAP = `
  CREATE TABLE mappers (id serial PRIMARY KEY, display_name text NOT NULL, pass_crypt text NOT NULL, pass_salt text);
  CREATE TABLE oauth_access_tokens (
    id serial PRIMARY KEY, mapper_id int NOT NULL REFERENCES mappers (id), token text NOT NULL, refresh_token text,
    scopes text);
  CREATE TABLE oauth_applications (id serial PRIMARY KEY, name text NOT NULL, secret text NOT NULL);
  CREATE TABLE web_sessions (session_id text PRIMARY KEY, data text);
  CREATE TABLE foods (id serial PRIMARY KEY, name text NOT NULL, salt numeric(5,2), basalt text);`

describe('SQL definitions', () => {
  it('of a blog serve no credential, and say so', () => {
    const { blueprint, assumptions } = importSql(BLOG, {})
    const names = namesOf(blueprint)
    for (const name of ['writer_pass', 'writer_activation_key', 'post_password']) {
      expect(names).not.toContain(name)
      expect(assumptions.join('\n')).toContain(`${name} of blog_`)
    }
    expect(names).toEqual(expect.arrayContaining(['writer_login', 'token_count', 'secretary_name']))
  })

  it('of a map serve no token, and no row that a secret identifies', () => {
    const { blueprint, assumptions } = importSql(MAP, {})
    const names = namesOf(blueprint)
    for (const name of ['pass_crypt', 'pass_salt', 'token', 'refresh_token', 'secret', 'data'])
      expect(names).not.toContain(name)
    expect(names).toEqual(expect.arrayContaining(['scopes', 'salt', 'basalt']))
    const sessions = blueprint.entities.find(({ name }) => name === 'WebSession')!
    expect(sessions.operations).toEqual([])
    expect(blueprint.operations.filter(({ entity }) => entity === 'WebSession')).toEqual([])
    expect(assumptions).toContain(
      'session_id, the key of web_sessions, looks like a secret: no route reads or writes these rows.',
    )
  })
})

const object = (required: string[], properties: Record<string, string>) => ({
  type: 'object',
  required,
  properties: Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, { type }])),
})
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const answers = (status: number, schema: unknown) => ({
  responses: { [status]: { description: 'Done', ...json(schema) } },
})
const user = object(['id', 'name', 'password', 'apiToken'], {
  id: 'integer',
  name: 'string',
  password: 'string',
  apiToken: 'string',
  tokenCount: 'integer',
})
const credentials = json(object(['name', 'password'], { name: 'string', password: 'string' }))
const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
const DOCUMENT = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'People', version: '1' },
  paths: {
    '/people': {
      get: answers(200, { type: 'array', items: user }),
      post: { requestBody: credentials, ...answers(201, user) },
    },
    '/people/{id}': { get: { parameters: [id], ...answers(200, user) } },
    '/people/login': {
      post: {
        requestBody: credentials,
        ...answers(200, object(['token'], { id: 'integer', token: 'string' })),
      },
    },
  },
})

describe('an OpenAPI document', () => {
  it('that states a credential in a row is served without it, and it is said', async () => {
    const { blueprint, assumptions } = await importOpenApi(DOCUMENT, {})
    const rows = blueprint.operations.filter(({ path }) => path !== '/people/login')
    const names = namesOf({ ...blueprint, operations: rows })
    expect(names).not.toContain('password')
    expect(names).not.toContain('apiToken')
    expect(names).toContain('tokenCount')
    expect(assumptions).toContain(
      'apiToken of Person looks like a secret: it is accepted, not stored and never answered.',
    )
    expect(
      rows.filter(({ method }) => method === 'GET').map(({ implementation }) => implementation?.action),
    ).toEqual(['list', 'read'])
  })

  it('keeps the token that a sign-in answers', async () => {
    const { blueprint } = await importOpenApi(DOCUMENT, {})
    const login = blueprint.operations.filter(({ path }) => path === '/people/login')
    expect(login).toMatchObject([{ method: 'POST' }])
    expect(login[0]).not.toHaveProperty('implementation')
    expect(namesOf({ ...blueprint, entities: [], operations: login })).toContain('token')
  })
})
