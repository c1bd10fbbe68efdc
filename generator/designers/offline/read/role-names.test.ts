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

  it.each([
    'A ticket system with tickets and comments.\n\nRoles:\n- admin\n- agent',
    'A ticket system with tickets.\n\nRoles:\n1. admin\n2. agent',
    'A ticket system with tickets.\nUser roles:\n* admin\n* agent',
    '# Tickets\n\nA ticket system with tickets.\n\n## Roles and permissions\n\n- **Admin**\n- **Agent**',
    'A ticket system with tickets. There are two roles: admin and agent.',
    'A ticket system with tickets. The roles are admin and agent.',
    'A ticket system with tickets. Users have one of the roles admin or agent.',
  ])('is one in bullets and in sentences too: %s', (prompt) => {
    const { blueprint, notUnderstood } = designOffline({ prompt })
    expect(blueprint.entities.map(({ name }) => name).filter((name) => /Role/.test(name))).toEqual([])
    expect(blueprint.auth).toMatchObject({ roles: { names: ['user', 'admin', 'agent'], initial: 'user' } })
    expect(notUnderstood).toEqual([])
  })

  it('reports what it did not understand about a role', () => {
    const prompt = 'A ticket system with tickets.\n\nRoles:\n- admin: can impersonate agents\n- agent'
    expect(designOffline({ prompt }).notUnderstood.join()).toContain('impersonate agents')
  })

  it.each([
    'A role manager. Roles have a name and permissions.',
    'Users have roles and permissions. A role has a name.',
    'Store movies, actors and roles. Roles: name, character, movie.',
  ])('is not where roles are rows: %s', (prompt) => {
    const { blueprint } = designOffline({ prompt })
    expect(blueprint.entities.map(({ name }) => name)).toContain('Role')
  })
})
