import { describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { blueprintOf } from '#contract/testing/samples'
import { entity } from '../codegen/testing/blueprints.ts'
import { routesOf } from './routes-of.ts'

const lines = (over: Partial<Blueprint>) =>
  routesOf(blueprintOf({ entities: [], ...over })).map(({ method, path }) => `${method} ${path}`)

describe('the routes of a Blueprint', () => {
  it('has the six routes of an entity with every operation', () => {
    expect(lines({ entities: [entity('Todo')] })).toEqual([
      'GET /todos',
      'POST /todos',
      'GET /todos/:id',
      'PUT /todos/:id',
      'PATCH /todos/:id',
      'DELETE /todos/:id',
    ])
  })

  it('has only what the entity offers', () => {
    expect(lines({ entities: [entity('Log', { operations: ['read', 'list'] })] })).toEqual([
      'GET /logs',
      'GET /logs/:id',
    ])
  })

  it('registers accounts instead of creating them', () => {
    const all = lines({ auth: { kind: 'jwt', account: 'User' }, entities: [entity('User')] })
    expect(all.slice(0, 3)).toEqual(['POST /auth/register', 'POST /auth/login', 'GET /auth/me'])
    expect(all).not.toContain('POST /users')
  })

  it('links both sides of a many-to-many relation', () => {
    expect(
      lines({
        entities: [entity('Post', { operations: [], path: '/api/posts' }), entity('Tag', { operations: [] })],
        manyToMany: [{ left: 'Post', right: 'Tag' }],
      }),
    ).toEqual([
      'GET /api/posts/:id/tags',
      'PUT /api/posts/:id/tags/:rightId',
      'DELETE /api/posts/:id/tags/:rightId',
      'GET /tags/:id/posts',
    ])
  })
})
