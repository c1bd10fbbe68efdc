import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importSql } from './import-sql.ts'

const COLUMNS = `id int PRIMARY KEY, email varchar(90) NOT NULL, team text, state varchar(9) NOT NULL DEFAULT 'open',
  active boolean NOT NULL DEFAULT true, code citext, deleted_at timestamp, size int`

/** The indexes of a table, and what is said of them. */
function read(index: string, columns = COLUMNS) {
  const { blueprint, assumptions } = importSql(`CREATE TABLE people (${columns}); ${index};`, {})
  const { blueprint: linted, diagnostics } = lintBlueprint(blueprint)
  expect(diagnostics).toEqual([])
  return {
    indexes: linted.entities[0]!.indexes ?? [],
    said: assumptions.filter((line) => /index|unique/.test(line)),
  }
}

const EMAIL = { properties: ['email'], unique: true }

describe('an index of some rows', () => {
  it.each([
    ['deleted_at IS NULL', [{ property: 'deleted_at', is: 'null' }]],
    ['(deleted_at IS NULL)', [{ property: 'deleted_at', is: 'null' }]],
    ['team IS NOT NULL', [{ property: 'team', is: 'notNull' }]],
    ['NOT (team IS NULL)', [{ property: 'team', is: 'notNull' }]],
    ['active', [{ property: 'active', is: 'equal', value: true }]],
    ['NOT active', [{ property: 'active', is: 'equal', value: false }]],
    ['active = 1', [{ property: 'active', is: 'equal', value: true }]],
    ['(active IS TRUE)', [{ property: 'active', is: 'equal', value: true }]],
    [`((state)::text = 'open'::text)`, [{ property: 'state', is: 'equal', value: 'open' }]],
    [`state <> 'it''s'`, [{ property: 'state', is: 'notEqual', value: "it's" }]],
    ['size = -1', [{ property: 'size', is: 'equal', value: -1 }]],
    [
      `((deleted_at IS NULL) AND (state = 'open'))`,
      [
        { property: 'deleted_at', is: 'null' },
        { property: 'state', is: 'equal', value: 'open' },
      ],
    ],
  ])('is built where %s', (condition, where) => {
    expect(read(`CREATE UNIQUE INDEX one ON people USING btree (email) WHERE ${condition}`)).toEqual({
      indexes: [{ ...EMAIL, where }],
      said: [],
    })
  })

  it('of those with a value is an ordinary one', () => {
    expect(read('CREATE UNIQUE INDEX one ON people (team, size) WHERE team IS NOT NULL').indexes).toEqual([
      { properties: ['team', 'size'], unique: true },
    ])
  })

  it('stays beside one of every row, and may be not unique', () => {
    expect(
      read('CREATE INDEX a ON people (email); CREATE INDEX b ON people (email) WHERE active').indexes,
    ).toEqual([
      { properties: ['email'], unique: false },
      { properties: ['email'], unique: false, where: [{ property: 'active', is: 'equal', value: true }] },
    ])
  })

  it.each([
    'size > 5',
    `state IN ('a', 'b')`,
    `state = 'a' OR state = 'b'`,
    `lower(state) = 'a'`,
    'active IS NOT TRUE',
    'nothing IS NULL',
    'id = 5',
    'size = team',
    `size = 'x'`,
  ])('is said and not built where %s', (condition) => {
    const { indexes, said } = read(`CREATE UNIQUE INDEX one ON people (email) WHERE ${condition}`)
    expect(indexes).toEqual([])
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^The unique index of people on email where .* is not enforced\.$/)
  })
})

describe('an index without case', () => {
  it.each([
    'CREATE UNIQUE INDEX one ON people (lower(email))',
    'CREATE UNIQUE INDEX one ON people USING btree (lower((email)::text))',
    'CREATE UNIQUE INDEX one ON people (upper("email"))',
    'CREATE UNIQUE INDEX one ON people (email COLLATE NOCASE)',
  ])('is built: %s', (index) => {
    const { indexes, said } = read(index)
    expect(indexes).toEqual([{ ...EMAIL, ignoreCase: ['email'] }])
    expect(said).toEqual(['email of people is unique whatever the case of its ASCII letters.'])
  })

  it('is built of several columns, and of some rows', () => {
    expect(read('CREATE UNIQUE INDEX one ON people (team, lower(email)) WHERE active').indexes).toEqual([
      {
        properties: ['team', 'email'],
        unique: true,
        where: [{ property: 'active', is: 'equal', value: true }],
        ignoreCase: ['email'],
      },
    ])
  })

  it.each([
    ['a column of citext', 'id int PRIMARY KEY, code citext NOT NULL UNIQUE'],
    [
      'a column with a collation',
      'id integer PRIMARY KEY AUTOINCREMENT, code text NOT NULL COLLATE NOCASE UNIQUE',
    ],
    [
      'a constraint',
      'id integer PRIMARY KEY AUTOINCREMENT, code text NOT NULL, UNIQUE (code COLLATE NOCASE)',
    ],
    ['a constraint of such a column', 'id int PRIMARY KEY, code citext NOT NULL, UNIQUE (code)'],
  ])('is meant by %s', (_what, columns) => {
    expect(read('', columns).indexes).toEqual([{ properties: ['code'], unique: true, ignoreCase: ['code'] }])
  })

  it.each(['lower(trim(email))', 'substr(email, 1, 3)', '(size + 1)', 'lower(nothing)', 'md5(email)'])(
    'is said and not built over %s',
    (expression) => {
      const { indexes, said } = read(`CREATE UNIQUE INDEX one ON people (${expression})`)
      expect(indexes).toEqual([])
      expect(said).toHaveLength(1)
    },
  )
})
