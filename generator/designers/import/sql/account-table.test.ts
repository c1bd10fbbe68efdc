import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importSql } from './import-sql.ts'

const SQL = `
  CREATE TABLE blog_users (
    ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_login varchar(60) NOT NULL,
    user_pass varchar(255) NOT NULL,
    user_email varchar(100) NOT NULL,
    is_admin boolean NOT NULL DEFAULT false,
    registered datetime
  );
  CREATE TABLE posts (id int PRIMARY KEY, title text NOT NULL,
    author_id bigint NOT NULL REFERENCES blog_users (ID), reviewer_id bigint REFERENCES blog_users (ID));
  CREATE TABLE follows (id int PRIMARY KEY, follower_id bigint NOT NULL REFERENCES blog_users (ID),
    followed_id bigint NOT NULL REFERENCES blog_users (ID), note text);
  CREATE TABLE tags (slug varchar(40) PRIMARY KEY, title text NOT NULL);`

const of = (sql: string, name: string, wish = {}) => {
  const { blueprint, assumptions } = importSql(sql, wish)
  expect(lintBlueprint(blueprint).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return { blueprint, assumptions, entity: blueprint.entities.find((one) => one.name === name)! }
}

describe('a table of accounts', () => {
  it('becomes sign-in, sees only itself, and grants itself nothing', () => {
    const { blueprint, entity } = of(SQL, 'BlogUser')
    expect(blueprint.auth).toEqual({ kind: 'jwt', account: 'BlogUser' })
    expect(entity).toMatchObject({
      operations: ['read', 'update', 'delete'],
      access: { read: 'owner', write: 'owner' },
    })
    expect(entity.fields.map(({ name }) => name)).toEqual(['user_login', 'email', 'registered'])
  })

  it('owns the rows that refer to it, in one column that says so', () => {
    const { entity, assumptions } = of(SQL, 'Post')
    expect(entity).toMatchObject({ access: { read: 'authenticated', write: 'owner' }, owner: 'author' })
    expect(assumptions).toContain(
      'Posts belong to the account in author_id: it is filled from the caller, and only that account changes them.',
    )
  })

  it('leaves rows closed where the owner cannot be decided, and says so', () => {
    const { entity, assumptions } = of(SQL, 'Follow')
    expect(entity.operations).toEqual(['list', 'read'])
    expect(assumptions.join('\n')).toMatch(/Follows refer to accounts \(follower_id, followed_id\)/)
  })

  it('needs a signed-in sender for every other table', () => {
    const { blueprint } = of(SQL, 'Tag')
    expect(new Set(blueprint.operations.map(({ access }) => access))).toEqual(new Set(['authenticated']))
  })

  it.each([
    'CREATE TABLE users (id int PRIMARY KEY, login text NOT NULL, password text NOT NULL);',
    'CREATE TABLE users (login varchar(40) PRIMARY KEY, email text NOT NULL, password_hash text NOT NULL);',
  ])('has no routes where nobody could sign in: %s', (sql) => {
    const { blueprint, entity, assumptions } = of(
      `${sql} CREATE TABLE notes (id int PRIMARY KEY, t text);`,
      'User',
    )
    expect(blueprint.auth).toEqual({ kind: 'none' })
    expect(entity.operations).toEqual([])
    expect(blueprint.operations).toEqual([])
    expect(assumptions.join('\n')).toContain('no route reads or writes its rows')
  })

  it('is a plain table where the request wants no sign-in, without its secrets', () => {
    const { blueprint, entity } = of(SQL, 'BlogUser', { auth: 'none' })
    expect(blueprint.auth).toEqual({ kind: 'none' })
    expect(entity.fields.map(({ name }) => name)).not.toContain('user_pass')
  })

  it('is not meant by users without a password', () => {
    expect(
      of('CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);', 'User').blueprint.auth,
    ).toEqual({
      kind: 'none',
    })
  })
})
