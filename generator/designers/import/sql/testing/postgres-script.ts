import * as fc from 'fast-check'

const TYPES = [
  'integer',
  'int',
  'bigint',
  'smallint',
  'int4',
  'serial',
  'bigserial',
  'text',
  'varchar(20)',
  'character varying(40)',
  'char(3)',
  'character(2)',
  'boolean',
  'bool',
  'numeric',
  'numeric(8,2)',
  'decimal(10)',
  'real',
  'double precision',
  'date',
  'timestamp',
  'timestamptz',
  'timestamp with time zone',
  'timestamp without time zone',
  'time',
  'time with time zone',
  'uuid',
  'jsonb',
  'bytea',
  'inet',
  'tsvector',
  'text[]',
  'integer[][]',
  'numeric(5,1) []',
  'bit varying',
  'mood',
  'app.mood',
  'year_of',
  'pg_catalog.int4',
  'public.citext',
] as const
const RULES = [
  'NOT NULL',
  'NULL',
  "DEFAULT 'x'::character varying",
  'DEFAULT now()',
  'DEFAULT -1',
  "DEFAULT ('a'::text || 'b'::text)",
  "DEFAULT nextval('s_seq'::regclass)",
  'DEFAULT ARRAY[1, 2]',
  "DEFAULT timezone('utc'::text, now())",
  "DEFAULT '{}'::jsonb",
  "DEFAULT (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')",
  'DEFAULT (CASE WHEN true THEN 1 ELSE 2 END)',
  'CHECK (1 > 0)',
  'CONSTRAINT positive CHECK (true)',
  'COLLATE "C"',
  'UNIQUE',
  "DEFAULT interval '1 day'",
  'DEFAULT 3 + 4 * 2',
  "DEFAULT E'it\\'s'",
  'DEFAULT $$a; b$$',
  "DEFAULT 'a;b(c,'",
  'REFERENCES base ON DELETE CASCADE',
  'REFERENCES base (id) ON UPDATE SET NULL DEFERRABLE',
  'GENERATED ALWAYS AS (1 + 2) STORED',
  "DEFAULT '-- no comment'",
] as const
const COLUMNS = [
  'a',
  'b',
  '"C"',
  '"order"',
  'key',
  '"twoWords"',
  'name',
  'value',
  'year',
  'type',
  'comment',
] as const
const NOISE = [
  '',
  '-- a comment; with (brackets',
  '/* CREATE TABLE no (a int); /* nested */ */',
  'SET search_path = public;',
  'GRANT ALL ON base TO reporting;',
  'CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN CREATE TABLE inner_one (x int); RETURN new; END $body$ LANGUAGE plpgsql;',
  'CREATE VIEW v AS SELECT CASE WHEN true THEN 1 END AS x FROM base;',
  'INSERT INTO base (id) VALUES (1), (2);',
  'CREATE TRIGGER t BEFORE UPDATE ON base FOR EACH ROW EXECUTE FUNCTION f();',
  'CREATE SEQUENCE s_seq OWNED BY base.id;',
  "COMMENT ON TABLE base IS 'it''s; fine';",
  "CREATE INDEX ON base USING gin (to_tsvector('english', note));",
] as const

const pick = <T extends string>(list: readonly T[]) => fc.constantFrom(...list)

const column = () =>
  fc
    .tuple(pick(TYPES), fc.uniqueArray(pick(RULES), { maxLength: 2, selector: (rule) => rule.split(' ')[0] }))
    .map(([type, rules]) => {
      const isNumbered = /serial/.test(type)
      return `${type} ${rules.filter((rule) => !isNumbered || !/DEFAULT|GENERATED|NULL/.test(rule)).join(' ')}`
    })

const table = (number: number) =>
  fc
    .record({
      columns: fc.uniqueArray(pick(COLUMNS), { minLength: 2, maxLength: 6 }),
      types: fc.array(column(), { minLength: 6, maxLength: 6 }),
      primary: fc.constantFrom('', 'PRIMARY KEY', 'CONSTRAINT pk PRIMARY KEY'),
      unique: fc.constantFrom('', 'UNIQUE', 'CONSTRAINT u UNIQUE NULLS NOT DISTINCT'),
      changes: fc.uniqueArray(fc.nat(6), { maxLength: 4 }),
      noise: pick(NOISE),
      schema: fc.constantFrom('', 'public.', 'app.'),
    })
    .map(({ columns, types, primary, unique, changes, noise, schema }) => {
      const [first = 'a', second = 'b'] = columns
      const name = `${schema}"T${number}"`
      const parts = columns.map((each, at) => `${each} ${types[at]}`)
      if (primary) parts.push(`${primary} (${second}, ${first})`)
      if (unique) parts.push(`${unique} (${first})`)
      const alterations = [
        `ALTER TABLE ONLY ${name} ADD COLUMN added integer NOT NULL DEFAULT 1;`,
        `ALTER TABLE ${name} ALTER COLUMN ${first} SET NOT NULL;`,
        `ALTER TABLE ${name} ADD CONSTRAINT fk${number} FOREIGN KEY (${first}) REFERENCES base(id) ON DELETE SET NULL;`,
        `CREATE UNIQUE INDEX ON ${name} USING btree (${second} DESC NULLS LAST, ${first});`,
        `ALTER TABLE ${name} ALTER ${second} TYPE character varying(9) USING ${second}::text, ALTER ${second} DROP NOT NULL;`,
        `ALTER TABLE ${name} RENAME COLUMN ${first} TO renamed;`,
        `CREATE UNIQUE INDEX partial${number} ON ${name} (lower(${second}::text)) WHERE true;`,
      ]
      // A renamed column has another name from then on.
      const ordered = changes.toSorted((a, b) => Number(a === 5) - Number(b === 5) || a - b)
      return `${noise}\nCREATE TABLE ${name} (\n  ${parts.join(',\n  ')}\n);\n${ordered.map((at) => alterations[at]).join('\n')}`
    })

/** Scripts as dumps and people write them. */
export const postgresScript = (): fc.Arbitrary<string> =>
  fc
    .tuple(table(1), table(2), table(3))
    .map((tables) =>
      [
        "CREATE TYPE mood AS ENUM ('sad', 'ok');",
        "CREATE TYPE app.mood AS ENUM ('good');",
        'CREATE DOMAIN year_of AS integer CHECK (VALUE > 1900);',
        'CREATE TABLE base (id serial PRIMARY KEY, note text);',
        ...tables,
      ].join('\n'),
    )
