import { expect, it } from 'vitest'
import { importOpenApi } from './import-openapi.ts'

const read = async (paths: object) => {
  const document = { openapi: '3.1.0', info: { title: 'Matches', version: '1' }, paths }
  const { blueprint, assumptions, notUnderstood } = await importOpenApi(JSON.stringify(document), {})
  return { blueprint, assumptions, notUnderstood }
}
const operation = { responses: { 200: { description: 'ok' } } }
const param = (name: string, type: string) => ({ name, in: 'path', required: true, schema: { type } })

it('takes parameters of any name in paths, since no URL shows them', async () => {
  const { blueprint, assumptions, notUnderstood } = await read({
    '/matches/{match-id}/accept': { parameters: [param('match-id', 'integer')], post: operation },
    '/users/{user.id}': { parameters: [param('user.id', 'string')], get: operation },
  })
  expect(notUnderstood).toEqual([])
  expect(
    blueprint.operations.map(({ path, params }) => [path, params[0]!.name, params[0]!.shape.kind]),
  ).toEqual([
    ['/matches/:match_id/accept', 'match_id', 'integer'],
    ['/users/:user_id', 'user_id', 'string'],
  ])
  expect(assumptions).toContain(
    'match-id of POST /matches/{match-id}/accept is named match_id, which no URL shows.',
  )
})

it('finds rows by such a parameter', async () => {
  const pet = {
    type: 'object',
    properties: { id: { type: 'integer' }, name: { type: 'string' } },
    required: ['id', 'name'],
  }
  const content = (schema: object) => ({ content: { 'application/json': { schema } } })
  const answer = (schema: object) => ({ 200: { description: 'ok', ...content(schema) } })
  const { blueprint } = await read({
    '/pets': {
      get: { responses: answer({ type: 'array', items: pet }) },
      post: { requestBody: content(pet), responses: { 201: { description: 'ok', ...content(pet) } } },
    },
    '/pets/{pet-id}': { parameters: [param('pet-id', 'integer')], get: { responses: answer(pet) } },
  })
  expect(blueprint.operations.map(({ implementation }) => implementation?.action)).toEqual([
    'list',
    'create',
    'read',
  ])
})

it('leaves out a path whose parameters would have the same name', async () => {
  const { notUnderstood, blueprint } = await read({
    '/a/{b-c}/{b_c}': { parameters: [param('b-c', 'string'), param('b_c', 'string')], get: operation },
    '/a': { get: operation },
  })
  expect(blueprint.operations).toHaveLength(1)
  expect(notUnderstood.join()).toContain('/a/{b-c}/{b_c}')
})
