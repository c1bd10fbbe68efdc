import { expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { planHandlers } from './plan-handlers.ts'

const operation = (id: string, path: string) => ({
  id,
  method: 'GET',
  path,
  summary: id,
  rules: [id],
  params: [],
  query: [],
  body: null,
  responses: { success: { kind: 'none', status: 204 }, errors: [] },
  access: 'public',
  examples: [],
})

const blueprint = Blueprint.parse({
  version: 1,
  name: 'shop',
  title: 'Shop',
  description: '',
  auth: { kind: 'none' },
  entities: [],
  manyToMany: [],
  operations: [operation('orderTotal', '/orders'), operation('convert', '/convert')],
})

it('says of a stub at the path of rows why it is more than rows', () => {
  const { unwritten } = planHandlers(blueprint, [], {}, { orderTotal: 'no body has total' })
  expect(unwritten.gaps).toEqual([
    {
      operation: 'GET /orders',
      reason: 'There was no language model to write it. Stored rows do not answer it: no body has total.',
    },
    { operation: 'GET /convert', reason: 'There was no language model to write it.' },
  ])
})
