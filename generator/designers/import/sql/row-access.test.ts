import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import type { ImportOptions } from '../import-result.ts'
import { importPrisma } from '../prisma/import-prisma.ts'
import { importSql } from './import-sql.ts'

const USERS = 'CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, password text NOT NULL);'
const LISTS = 'CREATE TABLE lists (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text);'

function read(sql: string, wish: ImportOptions = {}) {
  const { blueprint, assumptions } = importSql(sql, wish)
  const { blueprint: linted, diagnostics } = lintBlueprint(blueprint)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return { blueprint: linted, said: assumptions.join('\n') }
}
const operationsOf = (sql: string, name: string, wish: ImportOptions = {}) =>
  read(sql, wish)
    .blueprint.entities.find((one) => one.name === name)!
    .operations.join(' ')

describe('rows below a row that belongs to an account', () => {
  const ITEMS = 'CREATE TABLE items (id int PRIMARY KEY, list_id int NOT NULL REFERENCES lists, t text);'
  const PARTS = 'CREATE TABLE parts (id int PRIMARY KEY, item_id int NOT NULL REFERENCES items, t text);'

  it('are added to rows of the own account, and changed by no request', () => {
    const { blueprint, said } = read(`${USERS} ${LISTS} ${ITEMS}`)
    const items = blueprint.entities.find(({ name }) => name === 'Item')!
    expect(items.operations).toEqual(['list', 'create', 'read'])
    expect(items.belongsTo).toMatchObject([{ name: 'list', ownOnly: true }])
    expect(said).toContain(
      'Items are part of rows of lists, which belong to accounts: an account adds them to its own, and no request changes or deletes them.',
    )
  })

  it.each([
    ['at any depth', `${LISTS} ${ITEMS} ${PARTS}`, 'Part'],
    [
      'by a key of several columns',
      `${LISTS.replace('title text', 'n int, UNIQUE (id, n)')}
      CREATE TABLE parts (id int PRIMARY KEY, list int, n int, FOREIGN KEY (list, n) REFERENCES lists (id, n));`,
      'Part',
    ],
    [
      'where the row above may be missing',
      `${LISTS} ${ITEMS.replace('int NOT NULL REF', 'int REF')}`,
      'Item',
    ],
    [
      'below rows of accounts that nobody changes',
      `CREATE TABLE lists (id int PRIMARY KEY,
      a_id int NOT NULL REFERENCES users, b_id int NOT NULL REFERENCES users); ${ITEMS}`,
      'Item',
    ],
  ])('are only read %s', (_where, sql, name) => {
    expect(operationsOf(`${USERS} ${sql}`, name)).toBe('list read')
  })

  it.each([
    [
      'by a key of text',
      `${LISTS} CREATE TABLE tags (slug varchar(9) PRIMARY KEY, list_id int NOT NULL REFERENCES lists);`,
    ],
    [
      'that the key of text of a shared row would delete',
      `CREATE TABLE tags (slug varchar(9) PRIMARY KEY);
      CREATE TABLE notes (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users,
        tag varchar(9) NOT NULL REFERENCES tags ON DELETE CASCADE);`,
    ],
  ])('have no route that deletes them %s', (_how, sql) => {
    const { operations } = read(`${USERS} ${sql}`).blueprint
    expect(operations.map(({ method }) => method)).not.toContain('DELETE')
    expect(operations.map(({ method }) => method)).toContain('GET')
  })

  it('are the same in a Prisma schema', () => {
    const { blueprint } = importPrisma(
      `model User {; id Int @id @default(autoincrement()); email String @unique; password String; lists List[]; }
       model List {; id Int @id; userId Int; user User @relation(fields: [userId], references: [id]); items Item[]; }
       model Item {; id Int @id; listId Int; list List @relation(fields: [listId], references: [id]); parts Part[]; }
       model Part {; id Int @id; itemId Int; item Item @relation(fields: [itemId], references: [id]); }`.replaceAll(
        ';',
        '\n',
      ),
      {},
    )
    expect(blueprint.entities.map(({ name, operations }) => `${name}: ${operations.join(' ')}`)).toEqual([
      'User: read update delete',
      'List: list create read update delete',
      'Item: list create read',
      'Part: list read',
    ])
  })
})

describe('rows of nobody', () => {
  it('are not deleted where the rows of an account would go with them', () => {
    const sql = `${USERS} CREATE TABLE kinds (id int PRIMARY KEY, name text);
      CREATE TABLE notes (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users, kind_id int REFERENCES kinds ON DELETE CASCADE);`
    expect(operationsOf(sql, 'Kind')).toBe('list create read update')
    expect(read(sql).said).toContain('Kinds are not deleted: rows of notes, which belong to accounts')
    expect(operationsOf(sql.replace('ON DELETE CASCADE', 'ON DELETE SET NULL'), 'Kind')).toMatch(/delete/)
  })
})

describe('the key of an account', () => {
  it.each([
    ['without a foreign key', 'user_id int NOT NULL'],
    ['with a prefix', 'post_author bigint NOT NULL'],
    ['of text', 'author_id varchar(36) NOT NULL'],
    ['that is no key', 'writer text NOT NULL REFERENCES users (email)'],
    ['of several columns', 'a int, b text, FOREIGN KEY (a, b) REFERENCES users (id, email)'],
  ])('%s closes the rows', (_how, column) => {
    expect(operationsOf(`${USERS} CREATE TABLE notes (id int PRIMARY KEY, ${column});`, 'Note')).toBe(
      'list read',
    )
  })

  it.each([
    ['a name', 'author text NOT NULL'],
    ['the key of something else', 'owner_id int REFERENCES firms'],
    ['a key with another name', 'account_manager_code int'],
  ])('is not meant by %s', (_what, column) => {
    const sql = `CREATE TABLE firms (id int PRIMARY KEY, name text); CREATE TABLE notes (id int PRIMARY KEY, ${column});`
    expect(operationsOf(`${USERS} ${sql}`, 'Note')).toBe('list create read update delete')
  })

  it('closes rows where accounts sign in that the definitions do not have', () => {
    const sql =
      'CREATE TABLE users (id int PRIMARY KEY, name text); CREATE TABLE notes (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users);'
    expect(operationsOf(sql, 'Note', { auth: 'jwt' })).toBe('list read')
    expect(operationsOf(sql, 'User', { auth: 'jwt' })).toBe('list read')
    expect(operationsOf(sql, 'Note')).toBe('list create read update delete')
  })

  it('is that of a table with an email, where sign-in is requested', () => {
    const sql = USERS.replace(', password text NOT NULL', '')
    const { blueprint } = read(`${sql} ${LISTS}`, { auth: 'jwt' })
    expect(blueprint.auth).toEqual({ kind: 'jwt', account: 'User' })
    expect(blueprint.entities[1]).toMatchObject({ owner: 'user', access: { write: 'owner' } })
  })
})

describe('what an account may do', () => {
  const ROLES = 'CREATE TABLE roles (id int PRIMARY KEY, name text NOT NULL);'

  it('is not chosen at registration', () => {
    const { blueprint, said } = read(
      `${ROLES} CREATE TABLE firms (id int PRIMARY KEY); ${USERS.replace(');', ', role_id int NOT NULL REFERENCES roles, level int, firm_id int REFERENCES firms);')}`,
    )
    const user = blueprint.entities.find(({ name }) => name === 'User')!
    expect(user.belongsTo.map(({ property }) => property)).toEqual(['firm_id'])
    expect(user.fields.map(({ name }) => name)).toEqual(['email'])
    expect(said).toContain('role_id of users is granted, not chosen at registration: it is omitted.')
    expect(said).toContain('firm_id of users is chosen at registration, and limits nothing')
  })

  it.each([
    [
      'a join table',
      'CREATE TABLE user_roles (user_id int NOT NULL REFERENCES users, role_id int NOT NULL REFERENCES roles, PRIMARY KEY (user_id, role_id));',
      'UserRole',
    ],
    ['the roles', '', 'Role'],
    [
      'what roles allow',
      'CREATE TABLE tasks (id int PRIMARY KEY); CREATE TABLE role_tasks (role_id int REFERENCES roles, task_id int REFERENCES tasks, PRIMARY KEY (role_id, task_id));',
      'RoleTask',
    ],
  ])('is not changed by requests: %s', (_what, sql, name) => {
    expect(operationsOf(`${USERS} ${ROLES} ${sql}`, name)).toBe('list read')
  })
})

describe('links', () => {
  const join = (left: string, right: string) =>
    `CREATE TABLE joined (a int NOT NULL REFERENCES ${left}, b int NOT NULL REFERENCES ${right}, PRIMARY KEY (a, b));`
  const TAGS = 'CREATE TABLE tags (id int PRIMARY KEY, name text);'
  const ITEMS = 'CREATE TABLE items (id int PRIMARY KEY, list_id int NOT NULL REFERENCES lists);'

  it.each([
    ['by the account that owns the row', join('tags', 'lists'), 'List', 'Tag'],
    ['by the account itself', join('tags', 'users'), 'User', 'Tag'],
    ['by the account before the owner', join('lists', 'users'), 'User', 'List'],
    [
      'by everyone between rows of nobody',
      `CREATE TABLE words (id int PRIMARY KEY); ${join('tags', 'words')}`,
      'Tag',
      'Word',
    ],
  ])('are made %s', (_who, sql, left, right) => {
    expect(read(`${USERS} ${LISTS} ${TAGS} ${sql}`).blueprint.manyToMany).toMatchObject([{ left, right }])
  })

  it('are rows that are only read, where no account may change either side', () => {
    const sql = `${USERS} ${LISTS} ${ITEMS} ${TAGS} ${join('items', 'tags')}`
    expect(read(sql).blueprint.manyToMany).toEqual([])
    expect(operationsOf(sql, 'Joined')).toBe('list read')
  })
})
