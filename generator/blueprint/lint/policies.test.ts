import { describe, expect, it } from 'vitest'
import { Blueprint, type Entity, type Policy } from '#contract'
import { keyed, magazine, todo } from '../../codegen/testing/blueprints.ts'
import { completeTodo } from '../../codegen/testing/operations.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

/** Diagnostics as `code severity`; linting the result again changes nothing. */
function codes(given: Blueprint): string[] {
  const { blueprint, diagnostics } = lintBlueprint(given)
  expect(Blueprint.parse(blueprint)).toEqual(blueprint)
  expect(lintBlueprint(blueprint).diagnostics).toEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
  )
  for (const { what, why, fix } of diagnostics)
    for (const sentence of [what, why, fix]) expect(sentence).toMatch(/^\w.*\.$/)
  return diagnostics.map(({ code, severity }) => `${code} ${severity}`)
}

const withEntity = (given: Blueprint, name: string, more: Partial<Entity>): Blueprint => ({
  ...given,
  entities: given.entities.map((one) => (one.name === name ? { ...one, ...more } : one)),
})
const posts = (policy: Policy) => withEntity(magazine, 'Post', { policies: { delete: policy } })
const withRoles = (names: string[], initial = names[0]!): Blueprint => ({
  ...magazine,
  auth: { kind: 'jwt', account: 'Person', roles: { names, initial } },
})

it.each([
  ['keys for programs', keyed],
  ['roles and owners', magazine],
])('reports nothing for %s', (_what, valid) => {
  expect(lintBlueprint(valid)).toEqual({ blueprint: valid, diagnostics: [] })
})

describe('a policy', () => {
  it('needs accounts for roles and owners; a key is enough for the rest', () => {
    const read = (policy: Policy) => codes(withEntity(keyed, 'Reading', { policies: { read: policy } }))
    expect(read({ who: 'roles', roles: ['admin'] })).toEqual(['policy.without-accounts error'])
    expect(read({ who: 'owner' })).toEqual(['access.without-auth error'])
    expect(read({ who: 'authenticated' })).toEqual([])
    const open = withEntity(todo, 'Todo', { policies: { read: { who: 'authenticated' } } })
    expect(codes(open)).toEqual(['access.without-auth error'])
  })

  it('names roles that exist', () => {
    expect(codes(posts({ who: 'roles', roles: ['king'] }))).toEqual(['policy.no-role error'])
    expect(codes(posts({ who: 'owner', orRoles: ['king'] }))).toEqual(['policy.no-role error'])
  })

  it('that names every role allows every signed-in account', () => {
    expect(codes(posts({ who: 'roles', roles: ['admin', 'editor', 'reader'] }))).toEqual([
      'policy.every-role fixed',
    ])
  })

  it('of an operation that does not exist is removed', () => {
    const given = withEntity(magazine, 'Post', {
      operations: ['list', 'read'],
      policies: { delete: { who: 'roles', roles: ['admin'] } },
    })
    expect(codes(given)).toEqual(['policy.unused fixed'])
  })

  it('lets nobody but itself change an account', () => {
    const given = withEntity(magazine, 'Person', { policies: { update: { who: 'public' } } })
    expect(codes(given)).toEqual(['account.public-write fixed'])
  })

  it('for an owner adds the owner', () => {
    const given = withEntity(magazine, 'Section', { policies: { update: { who: 'owner' } } })
    expect(codes(given)).toEqual(['owner.missing fixed'])
  })

  it('of an operation is for roles that exist, and for accounts', () => {
    const operation = { ...completeTodo, roles: ['admin'], examples: [] }
    expect(codes({ ...todo, operations: [operation] })).toEqual([
      'policy.without-accounts error',
      'access.without-auth error',
    ])
  })
})

describe('roles', () => {
  it('are at least two, distinct, and include the initial role', () => {
    expect(codes(withRoles(['reader', 'editor', 'admin', 'admin']))).toEqual(['role.duplicate fixed'])
    expect(codes(withRoles(['reader', 'editor', 'admin'], 'guest'))).toEqual(['role.initial error'])
    expect(codes(withRoles(['admin', 'admin']))).toContain('role.single error')
  })

  it('are not a field of the account', () => {
    const person = magazine.entities[0]!
    const role = { ...person.fields[1]!, name: 'Role' }
    const given = withEntity(magazine, 'Person', { fields: [...person.fields, role] })
    expect(codes(given)).toEqual(['account.role fixed'])
  })

  it('allow one of them to link', () => {
    const given = withEntity(magazine, 'Section', { policies: { read: { who: 'roles', roles: ['editor'] } } })
    const strict = withEntity(given, 'Post', { policies: { update: { who: 'roles', roles: ['admin'] } } })
    expect(codes(strict)).toEqual(['many-to-many.nobody error'])
  })
})
