import * as fc from 'fast-check'

const TYPES = [
  '',
  'INTEGER',
  'INT',
  'TEXT',
  'REAL',
  'BLOB',
  'NUMERIC',
  'VARCHAR(255)',
  'NATIVE CHARACTER(70)',
  'UNSIGNED BIG INT',
  'VARYING CHARACTER(255)',
  'BLOB SUB_TYPE TEXT',
  'DOUBLE PRECISION',
  'DECIMAL(10,5)',
  'BOOLEAN',
  'DATETIME',
  'FLOATING POINT',
  'LONG INT',
  'SHORT TEXT ISH',
  'POINT',
  'int8',
] as const
const RULES = [
  'NOT NULL',
  "DEFAULT 'a'",
  'DEFAULT -1',
  'DEFAULT CURRENT_TIMESTAMP',
  "DEFAULT (datetime('now'))",
  'UNIQUE',
  'CHECK (1 > 0)',
  'COLLATE NOCASE',
  'REFERENCES base(id) ON DELETE CASCADE',
  'REFERENCES base ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED',
  "DEFAULT 'C:\\'",
  'DEFAULT "x"',
  'CONSTRAINT some NOT NULL ON CONFLICT IGNORE',
  'NULL',
  "DEFAULT x'00'",
  'DEFAULT .5',
] as const
const COLUMNS = ['a', 'b', '[c]', '`d`', '"e"', 'key', 'type', 'value', 'name'] as const
const NOISE = [
  '',
  "-- it's; a (comment",
  '/* CREATE TABLE no (a); */',
  'PRAGMA foreign_keys = ON;',
  'BEGIN TRANSACTION; COMMIT;',
  'CREATE VIEW IF NOT EXISTS v AS SELECT CASE WHEN 1 THEN 2 END AS x FROM base;',
  'CREATE TRIGGER IF NOT EXISTS t AFTER INSERT ON base BEGIN UPDATE base SET note = CASE WHEN 1 THEN 2 END; SELECT 1; END;',
  "INSERT INTO base (note) VALUES ('a;b'), ('it''s');",
  'CREATE INDEX IF NOT EXISTS i ON base (note) WHERE note > 1;',
] as const

const pick = <T extends string>(list: readonly T[]) => fc.constantFrom(...list)

const column = () =>
  fc
    .tuple(pick(TYPES), fc.uniqueArray(pick(RULES), { maxLength: 2, selector: (rule) => rule.split(' ')[0] }))
    .map(([type, rules]) => `${type} ${rules.join(' ')}`)

const table = (number: number) =>
  fc
    .record({
      columns: fc.uniqueArray(pick(COLUMNS), { minLength: 2, maxLength: 6 }),
      types: fc.array(column(), { minLength: 6, maxLength: 6 }),
      key: fc.constantFrom('none', 'column', 'table'),
      unique: fc.boolean(),
      foreign: fc.boolean(),
      changes: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
      noise: pick(NOISE),
    })
    .map(({ columns, types, key, unique, foreign, changes, noise }) => {
      const [first = 'a', second = 'b'] = columns
      const parts = columns.map((each, at) => `${each} ${types[at]}`)
      if (key === 'column') parts.unshift('id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL')
      if (key === 'table') parts.push(`PRIMARY KEY (${second}, ${first})`)
      if (unique) parts.push(`CONSTRAINT two UNIQUE (${first} COLLATE NOCASE, ${second} DESC)`)
      if (foreign)
        parts.push(`FOREIGN KEY (${first}) REFERENCES base (id) ON UPDATE CASCADE ON DELETE SET DEFAULT`)
      const alterations = [
        `ALTER TABLE t${number} ADD COLUMN added TEXT DEFAULT 'x';`,
        `ALTER TABLE t${number} RENAME COLUMN ${first} TO renamed;`,
        `ALTER TABLE t${number} RENAME TO other${number};`,
        `CREATE UNIQUE INDEX u${number} ON t${number} (${second});`,
      ]
      const ordered = [0, 3, 1, 2].filter((at) => changes.includes(at))
      return `${noise}\nCREATE TABLE IF NOT EXISTS t${number} (\n  ${parts.join(',\n  ')}\n);\n${ordered.map((at) => alterations[at]).join('\n')}`
    })

/** Scripts as SQLite takes them. */
export const sqliteScript = (): fc.Arbitrary<string> =>
  fc
    .tuple(table(1), table(2))
    .map((tables) =>
      [
        'PRAGMA encoding = "UTF-8";',
        'CREATE TABLE base (id INTEGER PRIMARY KEY AUTOINCREMENT, note);',
        ...tables,
      ].join('\n'),
    )
