import { describe, expect, it } from 'vitest'
import { importSql } from './import-sql.ts'

/** The type of a column b with these rules, and what is said of a check. */
function read(column: string) {
  const { blueprint, assumptions } = importSql(`CREATE TABLE a (id int PRIMARY KEY, b ${column});`, {})
  const said = assumptions.filter((line) => line.startsWith('A CHECK of'))
  return { type: blueprint.entities[0]!.fields[0]!.type, said }
}

const LOW = Number.MIN_VALUE

describe('a CHECK', () => {
  it.each([
    ['real CHECK (b > 0)', { kind: 'number', min: LOW }],
    ['real CHECK (b < 100)', { kind: 'number', max: 99.99999999999999 }],
    ['numeric(8,2) CHECK (b > 0)', { kind: 'number', min: 0.01, max: 999999.99 }],
    ['numeric(8,2) CHECK (b < 1.005)', { kind: 'number', min: -999999.99, max: 1 }],
    ['int CHECK (b > 0)', { kind: 'integer', min: 1 }],
    ['int CHECK (0 < b)', { kind: 'integer', min: 1 }],
    ['int CHECK (10 >= b AND (b) >= (-3)::integer)', { kind: 'integer', min: -3, max: 10 }],
    ['int CHECK (b >= 5) CHECK (b >= 0)', { kind: 'integer', min: 5 }],
    ['int CHECK (((b >= 1) AND (b <= 5)))', { kind: 'integer', min: 1, max: 5 }],
    ['int CHECK (b BETWEEN 1 AND 5)', { kind: 'integer', min: 1, max: 5 }],
    ['int CHECK (b IS NULL OR b > 2)', { kind: 'integer', min: 3 }],
    ['int CHECK (b > 2 OR b IS NULL)', { kind: 'integer', min: 3 }],
    ['int CHECK (b IN (1, 3, 2))', { kind: 'integer', min: 1, max: 3 }],
    ['int CHECK (b = ANY (ARRAY[0, 1]))', { kind: 'integer', min: 0, max: 1 }],
    [`text CHECK (b IN ('x', 'y'))`, { kind: 'enum', values: ['x', 'y'] }],
    [`text CHECK (b = 'x' OR b = 'y' OR b = 'z')`, { kind: 'enum', values: ['x', 'y', 'z'] }],
    [
      `varchar(9) CHECK (((b)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))`,
      { kind: 'enum', values: ['x', 'y'] },
    ],
    [`text CHECK (b = ANY (ARRAY['x'::text]))`, { kind: 'enum', values: ['x'] }],
    ['text CHECK (char_length((b)::text) <= 20)', { kind: 'string', maxLength: 20 }],
    ['text CHECK (length(b) < 20)', { kind: 'string', maxLength: 19 }],
    ['varchar(9) NOT NULL CHECK (length(b) BETWEEN 1 AND 5)', { kind: 'string', maxLength: 5 }],
    [`text NOT NULL CHECK (b <> '')`, { kind: 'string' }],
    [`text NOT NULL CHECK (length(TRIM(BOTH FROM b)) > 0)`, { kind: 'string' }],
    [`text NOT NULL CHECK (trim(b) <> '')`, { kind: 'string' }],
    ['text NOT NULL CHECK (b IS NOT NULL)', { kind: 'string' }],
    [`text CHECK ((b)::text ~ '^[a-z0-9-]+$'::text)`, { kind: 'string', pattern: '^[a-z0-9-]+$' }],
    [`varchar(9) CHECK (b REGEXP '^[A-Z]{2}')`, { kind: 'string', maxLength: 9, pattern: '^[A-Z]{2}' }],
    [`text CHECK (b LIKE 'A-%.b_')`, { kind: 'string', pattern: String.raw`^A-[\s\S]*\.b[\s\S]$` }],
    [`text CHECK (b ~~ '%@%'::text)`, { kind: 'string', pattern: String.raw`^[\s\S]*@[\s\S]*$` }],
    ['char(3) CHECK (length(b) = 3)', { kind: 'string', maxLength: 3, pattern: String.raw`^[\s\S]{3}$` }],
    [
      'varchar(9) CHECK (length(b) BETWEEN 2 AND 5)',
      { kind: 'string', maxLength: 5, pattern: String.raw`^[\s\S]{2,}$` },
    ],
  ])('is enforced as it says: %s', (column, type) => {
    expect(read(column)).toEqual({ type, said: [] })
  })

  it.each([
    'int CHECK (b > id + 5)',
    'int CHECK (b > 5 * 2)',
    'int CHECK (b > 5 OR id > 3)',
    'int CHECK (id > 3 OR b > 5)',
    'int CHECK (NOT (b > 5))',
    'int CHECK (b % 2 = 0)',
    'int CHECK (b IN (1, 3))',
    'int CHECK (abs(b) > 5)',
    'int CHECK (b >= 5) CHECK (b <= 3)',
    'int CHECK (b IS NOT NULL)',
    `text CHECK (b <> '')`,
    `text CHECK (b <> 'x')`,
    `text CHECK (b ~* '^[a-z]+$')`,
    `text CHECK (b !~ '^[a-z]+$')`,
    `text CHECK (b ~ '^[[:alpha:]]+$')`,
    `text CHECK (b ~ '(a+)+$')`,
    `text CHECK (b ~ '(')`,
    `text CHECK (b ILIKE 'x%')`,
    `text CHECK (b NOT LIKE 'x%')`,
    `text CHECK (b LIKE '[0-9]%')`,
    `text CHECK (b ~ 'a' AND b ~ 'b')`,
    `text CHECK (b IN ('x', '', 'y'))`,
    `text CHECK (b IN (${Array.from({ length: 51 }, (_, at) => `'v${at}'`).join(', ')}))`,
    'varchar(3) CHECK (length(b) > 5)',
    `text CHECK (lower(b) IN ('x', 'y'))`,
  ])('is said and not enforced otherwise: %s', (column) => {
    const { type, said } = read(column)
    expect(said).toHaveLength(1)
    expect(type).not.toMatchObject({ kind: 'enum' })
  })
})
