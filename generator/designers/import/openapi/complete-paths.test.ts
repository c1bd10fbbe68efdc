import { expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importOpenApi } from './import-openapi.ts'

const read = async (parts: object) => {
  const text = JSON.stringify({ openapi: '3.1.0', info: { title: 'Shop', version: '1' }, ...parts })
  const result = await importOpenApi(text, {})
  const { blueprint, diagnostics } = lintBlueprint(Blueprint.parse(result.blueprint))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return { ...result, routes: blueprint.operations.map(({ method, path }) => `${method} ${path}`) }
}
const text = { type: 'string' }
const event = { $ref: '#/components/schemas/Event' }
const schemas = {
  Event: { type: 'object', required: ['id'], properties: { id: text, kind: text } },
  Extra: { type: 'object', properties: { note: text } },
  ErrorResponse: { type: 'object', properties: { id: text, message: text } },
}

it('webhooks without paths are received', async () => {
  const post = {
    operationId: 'orderPaid',
    requestBody: { required: true, content: { 'application/json': { schema: event } } },
    responses: { 204: { description: 'Received.' } },
  }
  const webhooks = { 'order.paid': { post }, OrderLost: { $ref: '#/components/pathItems/Lost' } }
  const pathItems = { Lost: { post: { ...post, operationId: 'orderLost' } } }
  const { routes, assumptions, document } = await read({ webhooks, components: { schemas, pathItems } })
  expect(routes).toEqual(['POST /webhooks/order-paid', 'POST /webhooks/order-lost'])
  expect(assumptions).toContain(
    'The document has webhooks and no paths: the service receives their requests, at /webhooks/order-paid, /webhooks/order-lost.',
  )
  expect(document?.counts.find(({ kind }) => kind === 'operation')).toMatchObject({ asStated: 2 })
})

it('schemas without paths and webhooks are rows, but for parts and errors', async () => {
  const { routes, assumptions } = await read({ components: { schemas } })
  expect(routes).toEqual([
    'GET /events',
    'POST /events',
    'GET /events/:id',
    'PUT /events/:id',
    'DELETE /events/:id',
  ])
  expect(assumptions).toContainEqual(
    expect.stringMatching(/^The document has schemas and no paths: the rows of Event /),
  )
})

it('paths that stand in missing files are refused with the names of those', async () => {
  const paths = { '/a': { $ref: './paths/a.yaml' }, '/b': { $ref: 'paths/b.yaml#/get' } }
  await expect(read({ paths, components: { schemas } })).rejects.toMatchObject({
    message: expect.stringContaining('files that did not come along: paths/a.yaml, paths/b.yaml.'),
    hint: expect.stringContaining('Attach these files'),
  })
})

it('a document that says nothing is refused', async () => {
  await expect(read({ components: { securitySchemes: {} } })).rejects.toThrow('It has no operations.')
})
