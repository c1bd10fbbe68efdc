import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importSql } from './import-sql.ts'

const fixture = (name: string) =>
  readFile(join(import.meta.dirname, '../../../../test/fixtures/specs', name), 'utf8')

const rows = (sql: string) => {
  const { blueprint } = importSql(sql, {})
  return blueprint.entities.map(
    ({ name, table, key, fields, belongsTo }) =>
      `${name} ${table} by ${key?.name}:${key?.kind}: ${[
        ...fields.map(
          (field) =>
            `${field.name}:${field.type.kind}${field.required ? '!' : ''}${field.unique ? '*' : ''}${field.default === undefined ? '' : `=${String(field.default)}`}`,
        ),
        ...belongsTo.map((to) => `${to.property}->${to.target}${to.required ? '!' : ''} ${to.onDelete}`),
      ].join(' ')}`,
  )
}
const fault = (sql: string) => {
  try {
    importSql(sql, {})
    return 'no fault'
  } catch (error) {
    return error instanceof Error ? { ...error, message: error.message } : error
  }
}

describe('SQL definitions', () => {
  it('of PostgreSQL become entities with their exact columns', async () => {
    expect(rows(await fixture('shop.sql'))).toEqual([
      'Customer customers by customer_id:integer: email:string!* full_name:string! is_active:boolean!=true',
      'Product products by id:uuid: sku:string!* name:string! price:number! stock:integer!=0 tags:json attributes:json',
      'Order orders by id:integer: status:enum!=new channel:enum!=web note:text placed_on:date customer_id->Customer! restrict',
      'OrderItem order_items by id:uuid: quantity:integer!=1 order_id->Order! cascade product_id->Product! restrict',
      'Label labels by id:integer: name:string!* parent_id->Label setNull',
    ])
  })

  it('of MySQL keep their spelling and natural keys', async () => {
    const sql = await fixture('library.mysql.sql')
    expect(rows(sql)).toEqual([
      'Country Country by Code:text: Name:string!',
      'Author Author by AuthorId:integer: FirstName:string LastName:string!=Unknown Born:integer CountryCode->Country setNull',
      'Book Book by BookId:integer: Title:string! Kind:enum!=novel Available:boolean!=true Price:number Summary:text Cover:string AuthorId->Author! cascade',
      'Loan Loan by LoanId:integer: Reader:string! Since:datetime! Until:date BookId->Book! restrict',
    ])
    const { blueprint } = importSql(sql, {})
    expect(blueprint.name).toBe('town-library')
    expect(blueprint.entities[0]!.operations).toEqual([])
    expect(blueprint.operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /countries',
      'POST /countries',
      'GET /countries/:Code',
      'PUT /countries/:Code',
      'PATCH /countries/:Code',
      'DELETE /countries/:Code',
    ])
  })

  it('of SQLite keep checks, bounds and timestamps', async () => {
    const { blueprint, notUnderstood } = importSql(await fixture('garden.sqlite.sql'), {})
    const [bed, plant, harvest] = blueprint.entities
    expect(bed!.fields.find(({ name }) => name === 'width')!.type).toEqual({
      kind: 'number',
      min: Number.MIN_VALUE,
    })
    expect(plant!.fields.find(({ name }) => name === 'stage')!.type).toEqual({
      kind: 'enum',
      values: ['seed', 'sprout', 'grown'],
    })
    expect(harvest!.fields.find(({ name }) => name === 'grams')!.type).toEqual({
      kind: 'integer',
      min: 1,
      max: 50_000,
    })
    expect(notUnderstood).toEqual(['The trigger t.'])
  })

  it.each([
    ['text CHECK (length(b) >= 1000000000)', { kind: 'string' }, 'length b >= 1000000000'],
    ['text CHECK (length(b) <= 1000000000)', { kind: 'string' }, null],
    ['varchar(50) CHECK (length(b) <= 1000000000)', { kind: 'string', maxLength: 50 }, null],
    ['varchar(50) CHECK (length(b) <= 0)', { kind: 'string', maxLength: 50 }, 'length b <= 0'],
    ['varchar(50) CHECK (length(b) <= 1.5)', { kind: 'string', maxLength: 1 }, null],
    ['int CHECK (b >= 1e30)', { kind: 'integer' }, 'b >= 1e30'],
    ['int CHECK (b >= -1e30)', { kind: 'integer' }, null],
    ['int CHECK (b > 9007199254740991)', { kind: 'integer' }, 'b > 9007199254740991'],
    ['int CHECK (b > 1.2 AND b < 3.8)', { kind: 'integer', min: 2, max: 3 }, null],
    ['numeric CHECK (b >= 1e400)', { kind: 'number' }, 'b >= 1e400'],
    ['numeric CHECK (b <= 1e400)', { kind: 'number' }, null],
  ])('are kept if a value can satisfy them: %s', (column, type, note) => {
    const { blueprint, assumptions, notUnderstood } = importSql(
      `CREATE TABLE a (id int PRIMARY KEY, b ${column} NOT NULL);`,
      {},
    )
    expect(Blueprint.safeParse(blueprint).error).toBeUndefined()
    expect(blueprint.entities[0]!.fields[0]!.type).toEqual(type)
    const said = [...assumptions, ...notUnderstood].filter((line) => line.startsWith('A CHECK of'))
    expect(said.map((line) => line.replaceAll(/[(). ]+/g, ' ').trim())).toEqual(
      note === null ? [] : [`A CHECK of a is not supported: ${note}`],
    )
  })

  it('turn join tables into many-to-many relations', async () => {
    const { blueprint, assumptions } = importSql(await fixture('shop.sql'), {})
    expect(blueprint.manyToMany).toEqual([
      {
        left: 'Product',
        right: 'Label',
        table: 'product_relations',
        leftColumn: 'product_id',
        rightColumn: 'label_id',
      },
    ])
    expect(assumptions).toContain(
      'The table product_relations joins two others: it becomes a many-to-many relation.',
    )
  })

  it('report what is not supported', async () => {
    const { assumptions, notUnderstood } = importSql(await fixture('shop.sql'), {})
    expect(assumptions).toContain('password_hash of customers looks like a secret: it is omitted.')
    expect(assumptions.join('\n')).toMatch(/order_items has the composite key order_id and product_id/)
    expect(assumptions.join('\n')).not.toMatch(/order_id and product_id of order_items are unique together/)
    expect(notUnderstood).toEqual([
      'The view sales.',
      'The function touch.',
      'The data of labels: only definitions are read.',
    ])
  })

  it('keep unique constraints and indexes, in their order', () => {
    const sql = `
      CREATE TABLE rooms (id int primary key, floor int NOT NULL, door text NOT NULL, code text UNIQUE, plan jsonb,
        created_at timestamp NOT NULL, UNIQUE (floor, door), UNIQUE (code, floor));
      CREATE TABLE stays (room_id int NOT NULL REFERENCES rooms (id), guest text NOT NULL, night date NOT NULL,
        PRIMARY KEY (room_id, night));
      CREATE INDEX by_door ON rooms (door, floor);
      CREATE INDEX by_code ON rooms (code);
      CREATE INDEX by_age ON rooms (created_at);
      CREATE INDEX by_plan ON rooms (plan);
      CREATE INDEX by_floor ON rooms (floor) WHERE floor > 0;
      CREATE INDEX by_room ON stays (room_id);
      CREATE INDEX by_guest ON stays (guest, night);
      CREATE UNIQUE INDEX one_night ON stays (night, room_id);
      CREATE UNIQUE INDEX one_guest ON stays (guest, night);`
    const { blueprint, assumptions } = importSql(sql, {})
    expect(blueprint.entities.map(({ indexes }) => indexes)).toEqual([
      [{ properties: ['floor', 'door'], unique: true }],
      [
        { properties: ['room_id', 'night'], unique: true },
        { properties: ['guest', 'night'], unique: true },
      ],
    ])
    expect(lintBlueprint(blueprint).diagnostics).toEqual([])
    expect(assumptions.filter((line) => line.includes('index'))).toEqual([
      'The index of rooms on created_at is not supported.',
      'The index of rooms on plan is not supported.',
      'The index of rooms on floor where floor > 0 is not supported.',
    ])
  })

  it('break cycles of required references', () => {
    const sql = `CREATE TABLE a (id int primary key, b_id int NOT NULL REFERENCES b(id));
      CREATE TABLE b (id int primary key, a_id int NOT NULL REFERENCES a(id));`
    expect(importSql(sql, {}).assumptions).toContain(
      'a_id of b is part of a cycle of required references: it is an ordinary property.',
    )
  })

  it('require a token if requested', () => {
    const { blueprint } = importSql('CREATE TABLE notes (id serial primary key, body text)', {
      auth: 'jwt',
      name: 'Memo',
    })
    expect(blueprint.auth).toEqual({ kind: 'jwt', account: 'Account' })
    expect(blueprint.title).toBe('Memo')
    expect(blueprint.entities[0]!.access).toEqual({ read: 'authenticated', write: 'authenticated' })
  })

  it('require an API key if requested', () => {
    const { blueprint } = importSql('CREATE TABLE notes (id serial primary key, body text)', {
      auth: 'apiKey',
    })
    expect(blueprint.auth).toEqual({ kind: 'apiKey' })
    expect(blueprint.entities.map(({ name, access }) => [name, access.read])).toEqual([
      ['Note', 'authenticated'],
    ])
  })
})

it('says which references are beyond the limit of an entity', () => {
  const keys = Array.from({ length: 21 }, (_, at) => `p${at}_id int REFERENCES p${at} (id)`)
  const parents = keys.map((_, at) => `CREATE TABLE p${at} (id int PRIMARY KEY, name text);`)
  const { assumptions } = importSql(
    `${parents.join('\n')} CREATE TABLE child (id int PRIMARY KEY, note text, ${keys.join(', ')});`,
    {},
  )
  expect(assumptions.join('\n')).toContain('refers to p20 beyond the limit of 20 relations')
})

it('gives rows whose key is named id and refers to another row a key of another name', () => {
  const { entities } = importSql(
    `CREATE TABLE people (id uuid PRIMARY KEY, name text);
     CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES people(id) ON DELETE CASCADE, motto text);`,
    {},
  ).blueprint
  expect(entities[1]).toMatchObject({
    key: { name: 'row_id' },
    belongsTo: [{ property: 'id', unique: true }],
  })
})

it('reads a type and a collation of a schema, also of one that is named like an option of columns', () => {
  const { entities } = importSql(
    `CREATE TYPE storage.kind AS ENUM ('standard', 'cold');
     CREATE TABLE buckets (
       id int PRIMARY KEY, type storage.kind DEFAULT 'cold'::storage.kind NOT NULL,
       label text NOT NULL COLLATE pg_catalog."C", size int
     );`,
    {},
  ).blueprint
  expect(entities[0]?.fields).toMatchObject([
    { name: 'type', type: { kind: 'enum', values: ['standard', 'cold'] }, default: 'cold' },
    { name: 'label', required: true },
    { name: 'size' },
  ])
})

it('reads a default that is cast to a list of a type in another schema', () => {
  const { entities } = importSql(
    `CREATE TYPE shop.tag AS (name text);
     CREATE TABLE shop.items (id int PRIMARY KEY, tags shop.tag[] DEFAULT '{}'::shop.tag[] NOT NULL, price int);`,
    {},
  ).blueprint
  expect(entities[0]?.fields.map(({ name }) => name)).toEqual(['tags', 'price'])
})

it('passes over the change of an earlier version of a table that it creates later', () => {
  const { blueprint, notUnderstood } = importSql(
    `ALTER TABLE lines ADD COLUMN price decimal(10, 2);
     DROP TABLE IF EXISTS lines;
     CREATE TABLE IF NOT EXISTS \`lines\` (id int PRIMARY KEY, amount int);`,
    {},
  )
  expect(blueprint.entities[0]?.fields.map(({ name }) => name)).toEqual(['amount'])
  expect(notUnderstood).toContain('The change of lines before its CREATE TABLE.')
})

describe('invalid definitions', () => {
  it.each([
    [
      'CREATE TABLE a (\n  id int,\n  name text\n  age int\n);',
      'Line 4, column 3',
      'Expected "," or ")" in the table a after',
    ],
    ['CREATE TABLE a (\n  id int,\n);', 'Line 3, column 1', 'followed by nothing'],
    ['CREATE TABLE a (id int', 'Line 1, column', 'found the end'],
    ["CREATE TABLE a (id int DEFAULT 'x);", 'Line 1, column 32', 'The text is not closed'],
    ['CREATE TABLE a (id int, ID text);', 'Line 1, column', 'defined twice'],
    ['CREATE TABLE a (id int);\nCREATE TABLE A (id int);', 'Line 2, column', 'defined twice'],
    ['CREATE TABLE a (id int);\nALTER TABLE b ADD COLUMN c int;', 'Line 2, column', 'no such table'],
    ['CREATE TABLE a (id int REFERENCES);', 'Line 1, column 34', 'Expected the name of the table'],
  ])('are reported by line and column: %s', (sql, place, reason) => {
    expect(fault(sql)).toMatchObject({
      code: 'spec_invalid',
      message: expect.stringMatching(new RegExp(`${place}[\\s\\S]*${reason.replaceAll(/[()]/g, '\\$&')}`)),
    })
  })

  it('define at least one table', () => {
    expect(fault('SELECT 1')).toMatchObject({ message: expect.stringContaining('defines no table') })
  })
})
