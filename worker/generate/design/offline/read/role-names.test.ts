import { describe, expect, it } from 'vitest'
import { designOffline } from '../design-offline.ts'

describe('a list of roles', () => {
  it.each([
    'A blog with posts and comments. Users log in. Roles: admin and member.',
    'Tasks with a title.\nRoles: admin, member',
    'A shop. User roles: admin and member. Products with name and price.',
  ])('is of accounts, and no entity: %s', (prompt) => {
    const { blueprint, notUnderstood } = designOffline({ prompt })
    expect(blueprint.entities.map(({ name }) => name).filter((name) => /Role/.test(name))).toEqual([])
    expect(blueprint.auth).toMatchObject({ roles: { names: ['user', 'admin', 'member'], initial: 'user' } })
    expect(notUnderstood).toEqual([])
  })
})
