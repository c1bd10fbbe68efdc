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
