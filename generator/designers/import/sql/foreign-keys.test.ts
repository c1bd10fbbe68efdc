import { describe, expect, it } from 'vitest'
import { importSql } from './import-sql.ts'

const ORDERS = 'CREATE TABLE orders (shop int, no int, note text, PRIMARY KEY (shop, no));'

function read(sql: string, name: string) {
  const { blueprint, assumptions } = importSql(sql, {})
  return { entity: blueprint.entities.find((one) => one.name === name)!, assumptions }
}

describe('a foreign key of several columns', () => {
  it.each([
    ['to a primary key', 'FOREIGN KEY (a, b) REFERENCES orders (shop, no)', 'restrict'],
    ['in another order', 'FOREIGN KEY (b, a) REFERENCES orders (no, shop)', 'restrict'],
    ['without naming its columns', 'FOREIGN KEY (a, b) REFERENCES orders', 'restrict'],
    ['that deletes', 'FOREIGN KEY (a, b) REFERENCES orders ON DELETE CASCADE', 'cascade'],
    ['that is set to null', 'FOREIGN KEY (a, b) REFERENCES orders ON DELETE SET NULL', 'setNull'],
  ])('is built: %s', (_what, key, onDelete) => {
    const { entity, assumptions } = read(
      `${ORDERS} CREATE TABLE notes (id int PRIMARY KEY, a int, b int, ${key});`,
      'Note',
    )
    const [found] = entity.foreignKeys!
    expect(found!.properties.map((name, at) => [name, found!.targets[at]])).toEqual(
      expect.arrayContaining([
        ['a', 'shop'],
        ['b', 'no'],
      ]),
    )
    expect(found).toMatchObject({ target: 'Order', onDelete })
    expect(entity.operations).toHaveLength(5)
    expect(assumptions.join()).not.toContain('not checked')
  })

  it('shares a column with another, and with a relation', () => {
    const { entity } = read(
      `CREATE TABLE shops (id int PRIMARY KEY);
       CREATE TABLE orders (shop int REFERENCES shops, no int, PRIMARY KEY (shop, no));
       CREATE TABLE depots (shop int REFERENCES shops, code char(4), PRIMARY KEY (shop, code));
       CREATE TABLE trips (id int PRIMARY KEY, shop int NOT NULL REFERENCES shops, no int NOT NULL, depot char(4) NOT NULL,
         FOREIGN KEY (shop, no) REFERENCES orders, FOREIGN KEY (shop, depot) REFERENCES depots);`,
      'Trip',
    )
    expect(entity.belongsTo).toMatchObject([{ property: 'shop', target: 'Shop' }])
    expect(entity.foreignKeys).toMatchObject([
      { properties: ['shop', 'no'] },
      { properties: ['shop', 'depot'] },
    ])
  })

  it.each([
    [
      'to its own table',
      'CREATE TABLE notes (shop int, no int, up int, PRIMARY KEY (shop, no), FOREIGN KEY (shop, up) REFERENCES notes (shop, no));',
      'list read',
    ],
    [
      'to values that are not unique together',
      'CREATE TABLE orders (id int PRIMARY KEY, shop int, no int); CREATE TABLE notes (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES orders (shop, no));',
      'list read delete',
    ],
    [
      'of rows with keys that callers choose',
      `${ORDERS} CREATE TABLE notes (code text PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES orders);`,
      '',
    ],
  ])('closes the rows where it cannot be held: %s', (_what, sql, operations) => {
    const { entity, assumptions } = read(sql, 'Note')
    expect(entity.foreignKeys).toBeUndefined()
    expect(entity.operations.join(' ')).toBe(operations)
    expect(assumptions.join('\n')).toContain('which is not checked')
  })

  it('is not checked by the account that a row belongs to', () => {
    const { entity } = read(
      `CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE, password_hash text NOT NULL);
       CREATE TABLE carts (user_id int NOT NULL REFERENCES users, no int, PRIMARY KEY (user_id, no));
       CREATE TABLE pins (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users, no int NOT NULL, FOREIGN KEY (user_id, no) REFERENCES carts);`,
      'Pin',
    )
    expect(entity.foreignKeys).toBeUndefined()
    expect(entity.operations).not.toContain('create')
  })
})
