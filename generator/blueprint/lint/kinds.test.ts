import { describe, expect, it } from 'vitest'
import { Blueprint, type CustomOperation, type Entity, type Field, type Policy } from '#contract'
import {
  belongsTo,
  blueprint,
  countries,
  entity,
  field,
  magazine,
  shop,
  todo,
} from '../../codegen/testing/blueprints.ts'
import { completeTodo, param, todoWithComplete } from '../../codegen/testing/operations.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

/**
 * The six kinds of faults that a Blueprint can have and its schema cannot see: whatever is wrong, it is said what, why
 * and its fix. A case without a code only looks like a problem.
 */
type Case = readonly [name: string, given: Blueprint, ...codes: string[]]

const clean = (given: Blueprint) => lintBlueprint(given).blueprint
const market = clean(shop)
const change = (given: Blueprint, name: string, more: Partial<Entity>): Blueprint => ({
  ...given,
  entities: given.entities.map((one) => (one.name === name ? { ...one, ...more } : one)),
})
const of = (...entities: Entity[]) => blueprint('test-api', entities)
const { entity: _none, ...completing } = completeTodo
const operation = (more: Partial<CustomOperation>): CustomOperation => ({
  ...completing,
  responses: { success: { kind: 'none', status: 204 }, errors: [] },
  params: [...(more.path ?? '').matchAll(/:(\w+)/g)].map(([, name]) => param(name!, 'string')),
  examples: [],
  ...more,
})
const get = (id: string, path: string, more: Partial<CustomOperation> = {}) =>
  operation({ id, path, method: 'GET', ...more })
const withOperations = (given: Blueprint, ...operations: CustomOperation[]): Blueprint => ({
  ...given,
  operations,
})
const needs = (name: string, ...targets: string[]) =>
  entity(name, {
    fields: [field('title', 'string', { required: true })],
    belongsTo: targets.map((target) => belongsTo(target.toLowerCase(), target)),
  })
const called = (name: string, plural: string, more: Partial<Entity> = {}) =>
  entity(name, { plural, path: `/${plural.toLowerCase()}-x`, fields: [field('title', 'string')], ...more })
const named = (...names: string[]) =>
  of(entity('Thing', { fields: names.map((name) => field(name, 'string')) }))
const owns = (given: Blueprint, name: string, policies: Record<string, Policy>) =>
  change(given, name, { policies })
const answer = (name: string) =>
  operation({
    path: '/todos/:id/complete',
    params: [param('id')],
    responses: {
      success: { kind: 'json', status: 200, shape: { kind: 'entity', entity: name, nullable: false } },
      errors: [],
    },
  })
const price: Field = field('price', { kind: 'enum', values: ['Low', 'low', ' low'] })

const KINDS: Record<string, readonly Case[]> = {
  'a reference to nothing': [
    ['a relation', of(needs('Post', 'Writer')), 'relation.no-target error'],
    [
      'a many-to-many relation',
      { ...todo, manyToMany: [{ left: 'Todo', right: 'Tag' }] },
      'many-to-many.no-entity error',
    ],
    ['the account', { ...todo, auth: { kind: 'jwt', account: 'User' } }, 'auth.no-account error'],
    ['the owner', change(market, 'Order', { owner: 'ghost' }), 'owner.missing fixed'],
    [
      'rows of one’s own, where nobody owns them',
      of(
        entity('Post', {
          fields: [field('title', 'string', { required: true })],
          belongsTo: [belongsTo('writer', 'Writer', { ownOnly: true })],
        }),
        needs('Writer'),
      ),
      'relation.nobodys-own fixed',
    ],
    [
      'an index',
      change(todo, 'Todo', { indexes: [{ properties: ['day'], unique: false }] }),
      'index.no-property error',
    ],
    [
      'a role in a policy',
      owns(magazine, 'Section', { delete: { who: 'roles', roles: ['king'] } }),
      'policy.no-role error',
    ],
    ['an answer', withOperations(todo, answer('Ghost')), 'shape.no-entity error'],
    [
      'what an operation is listed with',
      withOperations(todo, get('one', '/one', { entity: 'Ghost' })),
      'operation.no-entity fixed',
    ],
    [
      'a parameter of a path',
      withOperations(todo, get('one', '/one/:key', { params: [] })),
      'operation.param-missing error',
    ],
    [
      'a seed',
      { ...todo, seeds: [{ name: 'a', entity: 'Ghost', values: {}, links: [] }] },
      'seed.no-entity error',
    ],
    [
      'the row that a seed refers to',
      { ...countries, seeds: countries.seeds.filter(({ name }) => name !== 'portugal') },
      'seed.no-row error',
    ],
  ],
  'a circle': [
    ['of two', of(needs('A', 'B'), needs('B', 'A')), 'relation.cycle error'],
    ['of three, in any order', of(needs('C', 'A'), needs('A', 'B'), needs('B', 'C')), 'relation.cycle error'],
    [
      'and another one beside it',
      of(needs('A', 'B'), needs('B', 'A', 'C'), needs('C', 'B')),
      'relation.cycle error',
      'relation.cycle error',
    ],
    ['of one with itself', of(needs('A', 'A')), 'relation.requires-itself fixed'],
    [
      'of owners and what they own',
      change(market, 'User', { belongsTo: [belongsTo('best', 'Order')] }),
      'relation.cycle error',
    ],
    [
      'that an optional relation opens',
      of(needs('A', 'B'), {
        ...needs('B'),
        belongsTo: [belongsTo('a', 'A', { required: false, onDelete: 'setNull' })],
      }),
    ],
    [
      'that only looks like one: a diamond',
      of(needs('A', 'B', 'C'), needs('B', 'D'), needs('C', 'D'), needs('D')),
    ],
  ],
  'a route with two meanings': [
    [
      'of two collections',
      of(called('Cat', 'Cats', { path: '/pets' }), called('Dog', 'Dogs', { path: '/Pets' })),
      'path.duplicate fixed',
    ],
    [
      'of a collection where another one has its ids',
      of(called('Cat', 'Cats', { path: '/pets' }), called('Dog', 'Dogs', { path: '/pets/me' })),
      'path.shadows-id fixed',
    ],
    [
      'of a collection and the service',
      of(called('Cat', 'Cats', { path: '/docs/cats' })),
      'path.reserved fixed',
    ],
    [
      'of an operation and a collection',
      withOperations(todo, operation({ id: 'add', path: '/todos' })),
      'operation.route-duplicate error',
    ],
    [
      'of an operation and a row, by another name',
      withOperations(todo, get('one', '/todos/:key')),
      'operation.route-duplicate error',
    ],
    [
      'of two operations, by another name',
      withOperations(todo, get('one', '/a/:id'), get('two', '/a/:key')),
      'operation.route-duplicate error',
    ],
    [
      'of two operations that cross',
      withOperations(todo, get('one', '/a/:x/b'), get('two', '/a/c/:y')),
      'operation.route-ambiguous error',
    ],
    [
      'of an operation and the links of two',
      withOperations(market, get('one', '/products/:id/tags')),
      'operation.route-duplicate error',
    ],
    [
      'of an operation and the service',
      withOperations(todo, get('one', '/health')),
      'operation.reserved-path error',
    ],
    [
      'of an operation and signing in',
      withOperations(market, operation({ id: 'enter', path: '/auth/login' })),
      'operation.route-duplicate error',
    ],
    [
      'of a name twice',
      withOperations(todo, get('one', '/a/:id/:id')),
      'operation.param-missing error',
      'shape.duplicate error',
    ],
    [
      'but not where a fixed part is the closer one',
      withOperations(todo, get('one', '/a/:id'), get('two', '/a/me'), get('three', '/todos/me')),
    ],
    [
      'but not with another method',
      withOperations(todo, get('one', '/a/:id'), operation({ id: 'two', path: '/a/:key' })),
    ],
    [
      'but not with ids that never read like that',
      withOperations(todo, get('one', '/a/:x/b', { params: [param('x')] }), get('two', '/a/c/:y')),
    ],
  ],
  'a policy without anybody to sign in': [
    [
      'for owners',
      change(todo, 'Todo', { access: { read: 'public', write: 'owner' } }),
      'access.without-auth error',
    ],
    [
      'for accounts',
      change(todo, 'Todo', { access: { read: 'authenticated', write: 'public' } }),
      'access.without-auth error',
    ],
    [
      'of one operation',
      owns(todo, 'Todo', { delete: { who: 'authenticated' } }),
      'access.without-auth error',
    ],
    [
      'for roles',
      owns(todo, 'Todo', { delete: { who: 'roles', roles: ['admin'] } }),
      'policy.without-accounts error',
    ],
    [
      'of an operation of its own',
      withOperations(todo, get('one', '/one', { access: 'authenticated' })),
      'access.without-auth error',
    ],
    [
      'for roles, of an operation of its own',
      withOperations(todo, get('one', '/one', { roles: ['admin'] })),
      'policy.without-accounts error',
      'access.without-auth error',
    ],
    [
      'for owners, where programs send keys',
      change({ ...todo, auth: { kind: 'apiKey' } }, 'Todo', {
        access: { read: 'owner', write: 'authenticated' },
      }),
      'access.without-auth error',
    ],
    [
      'for roles that no account has',
      owns(market, 'Tag', { delete: { who: 'roles', roles: ['admin'] } }),
      'policy.no-role error',
    ],
    [
      'but keys are enough for what takes a key',
      change({ ...todo, auth: { kind: 'apiKey' } }, 'Todo', {
        access: { read: 'public', write: 'authenticated' },
      }),
    ],
  ],
  'a name that two things have': [
    ['two entities', of(called('Cat', 'Cats'), called('Cat', 'Felines')), 'name.duplicate error'],
    [
      'two entities in one file',
      of(called('HTTPServer', 'A'), called('HttpServer', 'B')),
      'name.duplicate error',
    ],
    ['an entity and a plural', of(called('Cat', 'Cats'), called('Cats', 'Catses')), 'plural.duplicate fixed'],
    [
      'two plurals',
      of(called('Cat', 'Pets'), called('Dog', 'Pets', { path: '/dogs' })),
      'plural.duplicate fixed',
    ],
    [
      'a table and the links of two',
      {
        ...of(called('User', 'Users'), called('Post', 'Posts'), called('UsersPost', 'UsersPosts')),
        manyToMany: [{ left: 'User', right: 'Post' }],
      },
      'plural.link-table fixed',
    ],
    [
      'two tables',
      of(called('Cat', 'Cats', { table: 'pets' }), called('Dog', 'Dogs', { table: 'PETS' })),
      'table.duplicate error',
    ],
    [
      'a table and one that is named after its entity',
      of(called('Cat', 'Cats', { table: 'big_dogs' }), called('BigDog', 'BigDogs')),
      'table.duplicate error',
    ],
    ['two fields in one column', named('dueDate', 'due_date'), 'field.duplicate fixed'],
    [
      'two fields in one column that differ',
      of(entity('Thing', { fields: [field('dueDate', 'date'), field('duedate', 'string')] })),
      'field.duplicate error',
    ],
    [
      'a field and a relation',
      of(needs('User'), { ...needs('Post', 'User'), fields: [field('userId', 'string')] }),
      'field.is-relation fixed',
    ],
    ['a field and what every row has', named('createdAt', 'title'), 'field.automatic fixed'],
    [
      'two relations',
      of(needs('User'), {
        ...needs('Post', 'User'),
        belongsTo: [belongsTo('user', 'User'), belongsTo('User'.toLowerCase(), 'User', { required: false })],
      }),
      'relation.duplicate error',
    ],
    [
      'two operations',
      withOperations(todoWithComplete, completeTodo, get('completetodo', '/b')),
      'operation.duplicate fixed',
    ],
    [
      'an operation and a request of an entity',
      withOperations(todo, get('listTodos', '/all')),
      'operation.reserved-id fixed',
    ],
    [
      'two parameters',
      withOperations(todo, get('one', '/one', { query: [param('a', 'string'), param('a', 'string')] })),
      'shape.duplicate error',
    ],
    [
      'two seeds',
      {
        ...todo,
        seeds: ['A', 'B'].map((title) => ({ name: 'a', entity: 'Todo', values: { title }, links: [] })),
      },
      'seed.duplicate error',
    ],
    [
      'two configuration values in the code',
      {
        ...todo,
        config: ['A_B2', 'A_B_2'].map((name) => ({ name, type: 'string' as const, description: 'x' })),
      },
      'config.duplicate error',
    ],
    [
      'a value that an enumeration has already',
      of(entity('Thing', { fields: [field('size', { kind: 'enum', values: ['big', 'big'] })] })),
      'enum.duplicate fixed',
    ],
    [
      'but not values that differ in case: they are kept as they are sent',
      of(entity('Thing', { fields: [price] })),
    ],
  ],
  'a word that has a meaning already': [
    ...['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then'].map((name): Case => [
      `a field ${name}`,
      named('title', name),
      'field.object-property fixed',
    ]),
    [
      'a relation',
      of(needs('User'), {
        ...needs('Post', 'User'),
        belongsTo: [belongsTo('user', 'User', { property: 'constructor' })],
      }),
      'row.object-property error',
    ],
    [
      'a key',
      of(called('Cat', 'Cats', { key: { name: 'valueOf', kind: 'integer' } })),
      'row.object-property error',
    ],
    [
      'a property of a body',
      withOperations(
        todo,
        operation({
          id: 'two',
          path: '/b',
          body: { kind: 'object', properties: [param('toString', 'string')], nullable: false },
        }),
      ),
      'shape.object-property error',
    ],
    ['a header', { ...todo, auth: { kind: 'apiKey', header: 'Content-Type' } }, 'auth.header fixed'],
    ['a table of the service', of(called('Cat', 'Cats', { table: '_migrations' })), 'table.reserved fixed'],
    ['a table of SQLite', of(called('Cat', 'Cats', { table: 'sqlite_sequence' })), 'table.reserved fixed'],
    [
      'a variable of the service',
      { ...todo, config: [{ name: 'PORT', type: 'integer', description: 'x' }] },
      'config.reserved error',
    ],
    [
      'a variable named like what every object has',
      { ...todo, config: [{ name: 'VALUE_OF', type: 'integer', description: 'x' }] },
      'config.object-property error',
    ],
    [
      'but not words of JavaScript, TypeScript and SQL, which are only names here',
      of(
        ...['Class', 'Function', 'Order', 'Group', 'Select', 'Table', 'Promise', 'Record', 'Object'].map(
          (name) =>
            called(name, `${name}List`, {
              fields: [
                'class',
                'delete',
                'select',
                'order',
                'await',
                'type',
                'rowid',
                'limit',
                'sort',
                'q',
              ].map((one) => field(one, 'string')),
            }),
        ),
      ),
    ],
    [
      'but not an operation with such a name',
      withOperations(todo, get('delete', '/one'), get('await', '/two'), get('default', '/three')),
    ],
  ],
}

describe.each(Object.entries(KINDS))('%s', (_kind, cases) => {
  it.each(cases.map(([name, given, ...codes]) => ({ name, given, codes })))('$name', ({ given, codes }) => {
    const { blueprint: repaired, diagnostics } = lintBlueprint(given)
    expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`).sort()).toEqual(codes.toSorted())
    for (const { path, what, why, fix } of diagnostics) {
      expect(path).not.toBe('')
      for (const sentence of [what, why, fix]) expect(sentence).toMatch(/^\S.{8,}\.$/)
    }
    // The result is a valid Blueprint, and stays unchanged.
    expect(Blueprint.parse(repaired)).toEqual(repaired)
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(lintBlueprint(repaired)).toEqual({ blueprint: repaired, diagnostics: errors })
  })
})
