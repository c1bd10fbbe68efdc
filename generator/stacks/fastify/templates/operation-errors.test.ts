import { expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { fastify } from '../stack.ts'

it('leaves no header out that clients send of their own', async () => {
  const header = (name: string) => ({
    name,
    shape: { kind: 'string', nullable: false },
    required: true,
  })
  const blueprint = Blueprint.parse({
    version: 1,
    name: 'pings',
    title: 'Pings',
    description: '',
    auth: { kind: 'none' },
    entities: [],
    manyToMany: [],
    operations: [
      {
        id: 'ping',
        method: 'GET',
        path: '/ping',
        summary: 'Ping',
        rules: ['Answers'],
        params: [],
        query: [],
        headers: [header('user-agent'), header('x-trace')],
        body: null,
        responses: { success: { kind: 'none', status: 204 }, errors: [] },
        access: 'public',
        examples: [],
      },
    ],
  })
  const files = await fastify.render(blueprint, { handlers: {}, extra: [] })
  const tests = files.find(({ path }) => path === 'tests/operations/ping.test.ts')?.content
  expect(tests).toContain('x-trace is left out')
  expect(tests).not.toContain('user-agent is left out')
})
