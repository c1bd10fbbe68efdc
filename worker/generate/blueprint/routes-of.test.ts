import { describe, expect, it } from 'vitest'
import type { Blueprint, Entity } from '#contract'
import { routesOf } from './routes-of.ts'

const entity = (name: string, over: Partial<Entity> = {}): Entity => ({
  name,
  plural: `${name}s`,
  label: name,
  labelPlural: `${name}s`,
  path: `/${name.toLowerCase()}s`,
  fields: [],
  belongsTo: [],
  operations: ['list', 'create', 'read', 'update', 'delete'],
  access: { read: 'public', write: 'public' },
  ...over,
})

const blueprint = (over: Partial<Blueprint>): Blueprint => ({
  version: 1,
  name: 'app',
  title: 'App',
  description: '',
  auth: { kind: 'none' },
  entities: [],
  manyToMany: [],
  operations: [],
  config: [],
  seeds: [],
  schedules: [],
  services: [],
  ...over,
})

const lines = (over: Partial<Blueprint>) =>
  routesOf(blueprint(over)).map(({ method, path }) => `${method} ${path}`)

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
