import { describe, expect, it } from 'vitest'
import { importOpenApi } from '../../../designers/import/openapi/import-openapi.ts'
import { renderProject } from '../../../stages/render-project.ts'

const member = {
  type: 'object',
  properties: { id: { type: 'integer' }, username: { type: 'string' }, city: { type: 'string' } },
}
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const answers = (schema: unknown) => ({ responses: { 200: { description: 'Done', ...json(schema) } } })
const parameters = [{ name: 'username', in: 'path', required: true, schema: { type: 'string' } }]
const DOCUMENT = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Members', version: '1' },
  paths: {
    '/members': {
      get: { operationId: 'listMembers', ...answers({ type: 'array', items: member }) },
      post: { operationId: 'addMember', requestBody: json(member), ...answers(member) },
    },
    '/members/{username}': {
      get: { operationId: 'getMember', parameters, ...answers(member) },
      put: { operationId: 'replaceMember', parameters, requestBody: json(member), ...answers(member) },
    },
  },
})

it('the request for a missing row has a key that the path accepts', async () => {
  const row = { ...member, properties: { id: { type: 'string' }, username: { type: 'string' } } }
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }
  const paths = {
    '/members': { post: { operationId: 'addMember', requestBody: json(row), ...answers(row) } },
    '/members/{id}': { get: { operationId: 'getMember', parameters: [id], ...answers(row) } },
  }
  const document = JSON.stringify({ openapi: '3.0.3', info: { title: 'Members', version: '1' }, paths })
  const { blueprint } = await importOpenApi(document, {})
  const files = new Map((await renderProject(blueprint)).map(({ path, content }) => [path, content]))
  const tests = files.get('tests/operations/get-member.test.ts')
  expect(tests).toContain('/members/00000000-0000-4000-8000-000000000000')
  expect(tests).not.toContain('nobody-has-it')
})

it('a new row whose key the body has to bring is sent with one', async () => {
  const row = { ...member, required: ['id', 'username'] }
  const paths = {
    '/members': {
      get: { operationId: 'listMembers', ...answers({ type: 'array', items: row }) },
      post: { operationId: 'addMember', requestBody: json(row), ...answers(row) },
    },
  }
  const document = JSON.stringify({ openapi: '3.0.3', info: { title: 'Members', version: '1' }, paths })
  const { blueprint } = await importOpenApi(document, {})
  const files = new Map((await renderProject(blueprint)).map(({ path, content }) => [path, content]))
  expect(files.get('tests/operations/add-member.test.ts')).toContain('const body = { id: 1000, username:')
})

describe('a row that the path identifies by a property that the body may leave out', () => {
  it('keeps the property', async () => {
    const { blueprint } = await importOpenApi(DOCUMENT, {})
    const files = new Map((await renderProject(blueprint)).map(({ path, content }) => [path, content]))
    const handler = files.get('src/operations/replace-member.ts')
    expect(handler).toContain('username: body.username ?? params.username')
    expect(handler).toContain('city: body.city ?? null')
    expect(files.get('tests/operations/replace-member.test.ts')).toContain('keeps the username of the path')
  })
})

describe('a body that spells names differently, or has null for what a row always has', () => {
  it('sets the properties of the row, and leaves what is null as it is', async () => {
    const room = {
      type: 'object',
      required: ['id', 'friendly_name'],
      properties: { id: { type: 'integer' }, friendly_name: { type: 'string' } },
    }
    const body = {
      type: 'object',
      required: ['FriendlyName'],
      properties: { FriendlyName: { type: 'string' } },
    }
    const change = { type: 'object', properties: { friendly_name: { type: 'string', nullable: true } } }
    const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }]
    const { blueprint } = await importOpenApi(
      JSON.stringify({
        openapi: '3.0.3',
        info: { title: 'Rooms', version: '1' },
        paths: {
          '/rooms': { post: { operationId: 'addRoom', requestBody: json(body), ...answers(room) } },
          '/rooms/{id}': {
            get: { operationId: 'getRoom', parameters, ...answers(room) },
            patch: { operationId: 'changeRoom', parameters, requestBody: json(change), ...answers(room) },
          },
        },
      }),
      {},
    )
    const files = new Map((await renderProject(blueprint)).map(({ path, content }) => [path, content]))
    expect(files.get('src/operations/add-room.ts')).toContain('insert({ friendly_name: body.FriendlyName })')
    expect(files.get('tests/operations/add-room.test.ts')).toContain('friendly_name: body.FriendlyName')
    expect(files.get('src/operations/change-room.ts')).toContain(
      'friendly_name: body.friendly_name ?? undefined',
    )
  })
})

describe('rows at two paths, of which one is under other rows', () => {
  it('are tested under a row that they belong to', async () => {
    const pet = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }
    const id = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'integer' } })
    const none = { 204: { description: 'Gone' } }
    const owner = {
      ...pet,
      required: ['id', 'name'],
      properties: { ...pet.properties, name: { type: 'string' } },
    }
    const body = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }
    const { blueprint } = await importOpenApi(
      JSON.stringify({
        openapi: '3.0.3',
        info: { title: 'Pets', version: '1' },
        components: { schemas: { Owner: owner, Pet: pet } },
        paths: {
          '/owners': {
            post: { requestBody: json(body), ...answers({ $ref: '#/components/schemas/Owner' }) },
          },
          '/owners/{id}': {
            get: { parameters: [id('id')], ...answers({ $ref: '#/components/schemas/Owner' }) },
          },
          '/pets/{id}': { get: { parameters: [id('id')], ...answers({ $ref: '#/components/schemas/Pet' }) } },
          '/pets/{id}/owner/{ownerId}': {
            get: {
              parameters: [id('id'), id('ownerId')],
              ...answers({ $ref: '#/components/schemas/Owner' }),
            },
            delete: { operationId: 'leave', parameters: [id('id'), id('ownerId')], responses: none },
          },
        },
      }),
      {},
    )
    const files = new Map((await renderProject(blueprint)).map(({ path, content }) => [path, content]))
    expect(files.get('tests/operations/leave.test.ts')).toMatch(
      /const row = insertOwner\w*\(server, \{ petId: insertPet\w*\(server\)\.id \}\);/,
    )
  })
})
