import { describe, expect, it } from 'vitest'
import { importOpenApi } from './import-openapi.ts'

const object = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
})
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const answers = (schema: unknown) => ({ responses: { 200: { description: 'Done', ...json(schema) } } })
const text = { type: 'string' }
const whole = { type: 'integer' }

/** How each operation of a collection is built: `POST create`, or `POST custom`; and what is said. */
async function built(row: object, body: object, one: object = row) {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: whole }]
  const { blueprint, assumptions } = await importOpenApi(
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'Orders', version: '1' },
      paths: {
        '/orders': {
          get: answers({ type: 'array', items: row }),
          post: { requestBody: json(body), ...answers(row) },
        },
        '/orders/{id}': { get: { parameters, ...answers(one) } },
      },
    }),
    {},
  )
  return {
    operations: blueprint.operations.map(
      ({ method, implementation }) => `${method} ${implementation?.action ?? 'custom'}`,
    ),
    fields: blueprint.entities[0]!.fields.map(({ name }) => name),
    said: assumptions.filter((line) => line.includes('custom operation')),
  }
}

describe('an operation is no plain row', () => {
  it('where it answers what no body sets, required or not', async () => {
    const row = object({ id: whole, note: text, total: { type: 'number' } }, ['id'])
    expect(await built(row, object({ note: text }))).toMatchObject({
      operations: ['GET list', 'POST custom', 'GET read'],
      said: [expect.stringContaining('total is in the response, but no body sets it: it is computed')],
    })
  })

  it('where it answers what a row does not hold', async () => {
    const row = object({ id: whole, note: text }, ['id'])
    const detailed = object({ id: whole, note: text, items: { type: 'array', items: text } }, ['id'])
    expect(await built(row, object({ note: text }), detailed)).toMatchObject({
      operations: ['GET list', 'POST create', 'GET custom'],
      said: [expect.stringContaining('items is in the response, but no body sets it: it is computed')],
    })
  })

  it('but is one where the body spells a name differently', async () => {
    const row = object({ id: whole, friendly_name: text }, ['id'])
    expect(await built(row, object({ FriendlyName: text }))).toMatchObject({
      operations: ['GET list', 'POST create', 'GET read'],
      fields: ['friendly_name'],
      said: [],
    })
  })

  it('where the body has a name in two spellings', async () => {
    const row = object({ id: whole, friendly_name: text }, ['id'])
    const body = object({ FriendlyName: text, friendlyName: text })
    expect(await built(row, body)).toMatchObject({
      operations: ['GET list', 'POST custom', 'GET read'],
      said: [expect.stringContaining('are spelled differently')],
    })
  })

  it('but is one where nothing is lost', async () => {
    const row = object({ id: whole, note: text, created_at: { type: 'string', format: 'date-time' } }, ['id'])
    expect(await built(row, object({ note: text }))).toMatchObject({
      operations: ['GET list', 'POST create', 'GET read'],
      said: [],
    })
  })
})
