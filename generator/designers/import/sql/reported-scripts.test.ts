import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importSql } from './import-sql.ts'

/** Scripts as public projects have them: what each becomes, and what is said of the rest. */

const directory = join(import.meta.dirname, '../../../../test/fixtures/sql')

function read(name: string) {
  const { blueprint, assumptions, notUnderstood } = importSql(readFileSync(join(directory, name), 'utf8'), {})
  const { diagnostics } = lintBlueprint(Blueprint.parse(blueprint))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const rows = blueprint.entities.map((entity) => [
    entity.path,
    ...entity.fields.map(({ name, type, default: value }) => {
      const { min, max } = { min: undefined, max: undefined, ...type }
      const kind = type.kind === 'enum' ? type.values.join('|') : type.kind
      const range = min === undefined && max === undefined ? '' : ` ${String(min)}..${String(max)}`
      return `${name} ${kind}${range}${value === undefined ? '' : ` = ${String(value)}`}`
    }),
    ...entity.belongsTo.map(({ property, target }) => `${property} -> ${target}`),
  ])
  return {
    blueprint,
    rows,
    paths: rows.map(([path]) => path),
    assumptions,
    said: [...assumptions, ...notUnderstood],
  }
}

describe('a PostgreSQL dump', () => {
  it('keeps what divides a table in that table, and names what is passed over', () => {
    const { paths, said } = read('sakila.postgres.sql')
    expect(paths).toEqual(
      'actors categories films film-actors film-categories addresses cities countries customers inventories languages payments rentals staff stores'
        .split(' ')
        .map((name) => `/${name}`),
    )
    expect(said).toContain(
      'payment_p2007_01 and 5 other tables divide the rows of payment: they are kept in one table.',
    )
    expect(said).toContain('The function last_updated.')
    expect(said).toContain('The trigger last_updated.')
    expect(said).toContain('The view actor_info.')
  })

  it.each(['partition.sql', 'partitions.sql'])('has one resource for a table with partitions: %s', (name) => {
    const { paths, assumptions } = read(name)
    expect(paths).toHaveLength(1)
    expect(assumptions.join('\n')).toMatch(
      /1 other table divides? the rows of \w+: they are kept in one table/,
    )
  })

  it('has the columns of the parent in a table that inherits', () => {
    const { rows, blueprint, assumptions } = read('inherits.sql')
    expect(rows[1]).toEqual([
      '/capitals',
      'name string',
      'population integer -2147483648..2147483647',
      'state string',
    ])
    expect(blueprint.entities[1]!.key).toEqual({ name: 'id', kind: 'integer' })
    expect(assumptions.join('\n')).toMatch(/capitals inherits from cities/)
  })

  it('keeps literal defaults with their casts, and says which are computed', () => {
    const { rows, assumptions } = read('defaults.sql')
    expect(rows[0]).toEqual(
      expect.arrayContaining([
        'stage string = new',
        'made datetime = 1970-01-01T00:00:00Z',
        'live boolean = true',
      ]),
    )
    expect(assumptions.join('\n')).toMatch(/default of booked of transfers \(now\(\)\) is not supported/)
    expect(read('timestamp-default.sql').rows[0]).toContain('made datetime = 1970-01-01T00:00:00Z')
    expect(read('pgdump-defaults.sql').rows[0]).toContain('stage new|old = new')
  })

  it('computes sums and concatenations of literals', () => {
    const { rows, assumptions } = read('concat-default.sql')
    expect(rows[0]!.join()).toMatch(/tag string = xy,n integer.* = 600,m integer.* = 3,flag boolean = true/)
    expect(assumptions).toEqual([
      'seq of t1 is numbered by the database, which only keys are here: callers send it.',
    ])
  })

  it('has an enumeration that ALTER COLUMN sets, in any schema', () => {
    expect(read('enum-schema.sql').rows[0]).toEqual(['/members', 'role ADMIN|CUSTOMER = CUSTOMER'])
  })

  it('checks domains, and the range of numbers', () => {
    const { rows, assumptions } = read('scale.sql')
    expect(rows[0]).toEqual(
      expect.arrayContaining([
        'amount number -999.99..999.99',
        'quantity integer 1..10',
        'made integer 1901..2155',
      ]),
    )
    expect(assumptions.join('\n')).toMatch(/amount of price has a fixed number of decimals/)
    expect(assumptions.join('\n')).toMatch(/big of price may hold larger numbers/)
  })

  it('says once which numbers JSON does not hold', () => {
    expect(read('bigint.sql').assumptions).toEqual([
      'id of posts, author_id of posts and price of posts may hold larger numbers in the database: JSON numbers are exact up to 9007199254740991, and larger ones are refused.',
    ])
  })

  it('is read as an editor of databases exports it, with types that are not named', () => {
    const { rows, assumptions } = read('supabase-export.sql')
    expect(rows).toEqual([['/notifications', 'type string', 'tags json']])
    expect(assumptions).toHaveLength(2)
    expect(read('supabase.sql').assumptions.join('\n')).toMatch(/refers to auth\.users, which is not defined/)
  })

  it('is read with its changes', () => {
    expect(read('migrations.sql').rows).toEqual([
      ['/members', 'handle string', 'age integer -32768..32767', 'email string'],
    ])
  })
})

describe('a SQLite script', () => {
  it('may have any words as a type', () => {
    expect(read('sqlite-type.sql').rows[0]).toEqual([
      '/films',
      'title string',
      'description text',
      'len integer',
      'kind string',
    ])
    expect(read('sakila.sqlite.sql').paths).toHaveLength(16)
  })
})

describe('a SQL Server script', () => {
  it('has brackets, identities and batches', () => {
    expect(read('tsql.sql').rows).toEqual([['/albums', 'Title string']])
    const { rows, said } = read('sakila.sqlserver.sql')
    expect(rows).toHaveLength(16)
    expect(rows[0]).toEqual(['/actors', 'first_name string', 'last_name string'])
    expect(said).toContain('The view sales_by_store.')
  })
})

describe('a MySQL script', () => {
  it.each(['procedure-temp.sql', 'mysql-proc.sql'])('has no table of what a procedure makes: %s', (name) => {
    const { paths, said } = read(name)
    expect(paths).toHaveLength(1)
    expect(said.join('\n')).toMatch(/The procedure \w+\./)
    expect(said).not.toContain('The definer .')
  })

  it('is read with its changes', () => {
    expect(read('drop-modify.sql').rows).toEqual([['/people', 'handle string', 'rank user|admin = user']])
  })

  it('has foreign keys of several columns', () => {
    const { blueprint } = read('composite-fk.sql')
    const columns = ['offer_id', 'period_id', 'carrier_id']
    expect(blueprint.entities[1]).toMatchObject({
      operations: ['list', 'create', 'read', 'update', 'delete'],
      foreignKeys: [{ properties: columns, targets: columns, target: 'CarrierInPeriod' }],
    })
  })
})

describe('names', () => {
  it('have the path of the table where English has no plural', () => {
    expect(read('plurals.sql').paths).toEqual(['/series', '/news', '/fish', '/case', '/cases', '/test-1'])
  })

  it('stay, where they are reserved words, and are said where they change', () => {
    expect(read('reserved.sql').rows[1]).toEqual([
      '/slots',
      'start string',
      'end string',
      'position integer -2147483648..2147483647',
      'order -> Order',
    ])
    const { rows, assumptions } = read('reserved-words.sql')
    expect(rows[0]!.join()).toMatch(/constructor_value string,default string,class string/)
    expect(assumptions).toContain('"constructor" of order is named constructor_value.')
  })

  it('with spaces and dashes stay, and so does the table', () => {
    const { rows, blueprint, assumptions } = read('spaces.sql')
    expect(rows).toEqual([
      [
        '/server-todays',
        'Server Model string',
        'end-user string',
        'column_A integer -2147483648..2147483647',
      ].map((part) => part.replace(' -2147483648..2147483647', '')),
      ['/disks', 'Size (GB) number 0.01..999999.99', 'Host Name -> ServerToday'],
    ])
    expect(blueprint.entities[0]!.key).toEqual({ name: 'Host Name', kind: 'text' })
    expect(blueprint.entities.map(({ table }) => table)).toEqual(['Server Today', 'Disk'])
    expect(assumptions.filter((one) => one.includes('is named'))).toEqual([])
  })

  it('with quotation marks and dots are named with underscores, and each is said', () => {
    const { blueprint, assumptions } = importSql(
      `CREATE TABLE "a" (id int PRIMARY KEY, "it's" text, "geo.lat" text, "größe" text);`,
      {},
    )
    expect(blueprint.entities[0]!.fields.map(({ name }) => name)).toEqual(['it_s', 'geo_lat', 'größe'])
    expect(assumptions).toContain('"geo.lat" of a is named geo_lat.')
  })

  it('that differ in their underscores alone get a number', () => {
    const { blueprint, assumptions } = importSql(
      'CREATE TABLE a (id int PRIMARY KEY, fooBar text, foo_bar text);',
      {},
    )
    expect(blueprint.entities[0]!.fields.map(({ name }) => name)).toEqual(['fooBar', 'foo_bar_2'])
    expect(assumptions).toEqual(['"foo_bar" of a is named foo_bar_2.'])
  })

  it('of a table of tags do not collide with those of a link', () => {
    const { blueprint } = read('tag-collision.sql')
    expect(blueprint.manyToMany).toMatchObject([{ left: 'Residence', right: 'ResidenceTag' }])
  })
})

describe('keys', () => {
  it.each(['natural-key-default.sql', 'key-and-default.sql'])('of text stand beside defaults: %s', (name) => {
    const { blueprint } = read(name)
    expect(blueprint.operations.map(({ method }) => method)).toEqual([
      'GET',
      'POST',
      'GET',
      'PUT',
      'PATCH',
      'DELETE',
    ])
  })

  it('of several columns are unique together', () => {
    expect(read('order-lines.sql').blueprint.entities[1]!.indexes).toEqual([
      { properties: ['order_id', 'line_no'], unique: true },
      { properties: ['order_id', 'sku'], unique: true },
    ])
  })
})

it('reads tables of one name in two schemas', () => {
  const { blueprint, assumptions } = importSql(
    `CREATE TABLE sales.item (id serial PRIMARY KEY, stock_id int REFERENCES stock.item);
     CREATE TABLE stock.item (id serial PRIMARY KEY, name text NOT NULL);`,
    {},
  )
  expect(blueprint.entities.map(({ name, table, belongsTo }) => [name, table, belongsTo[0]?.target])).toEqual(
    [
      ['Item', 'item', 'Item2'],
      ['Item2', 'stock_item', undefined],
    ],
  )
  expect(assumptions).toContain('The table "stock.item" is named stock_item.')
})

it('reads as many tables as the operator allows', () => {
  const sql = Array.from(
    { length: 300 },
    (_, at) => `CREATE TABLE t${at} (id int PRIMARY KEY, name text);`,
  ).join('\n')
  expect(() => importSql(sql, {})).toThrow('It defines 300 tables, and at most 120 are supported.')
  const { blueprint } = importSql(sql, {}, { maxTables: 300, maxOperations: 250 })
  expect(Blueprint.parse(blueprint).entities).toHaveLength(300)
})
