import { CONVERTED_WORST_CASES } from './converted-worst-cases.ts'
import { answers, document, leaf, list, ref, type WorstCase } from './worst-case.ts'

/**
 * Documents and prompts that are small to send and expensive to read, each in as many parts as is wished: what is
 * read must cost about as much as it is long.
 */

/** Each schema is made of the next one, twice. */
const doubling = (size: number, join: string): Record<string, unknown> => ({
  ...Object.fromEntries(list(size, (at) => [`S${at}`, { [join]: [ref(at + 1), ref(at + 1)] }])),
  [`S${size}`]: leaf,
})

/** Each schema is made of up to 60 of the next ones, and the last ones of the first. */
const circle = (size: number, made: (refs: { $ref: string }[]) => object): Record<string, unknown> =>
  Object.fromEntries(
    list(size, (at) => [`S${at}`, made(list(Math.min(60, size >> 1), (to) => ref((at + to + 1) % size)))]),
  )

const yamlKeys = (size: number, head: string) => `${head}\n${list(size, (at) => `k${at}: 1`).join('\n')}\n`

const createTable = (name: string, columns: number) =>
  `CREATE TABLE ${name} (id int primary key${list(columns, (at) => `, c${at} int`).join('')});`

export const WORST_CASES: readonly WorstCase[] = [
  ...CONVERTED_WORST_CASES,
  { name: 'allOf twice', kind: 'openapi', most: 40, text: (n) => document(doubling(n, 'allOf')) },
  { name: 'oneOf twice', kind: 'openapi', most: 40, text: (n) => document(doubling(n, 'oneOf')) },
  { name: 'anyOf twice', kind: 'openapi', most: 40, text: (n) => document(doubling(n, 'anyOf')) },
  {
    name: 'properties twice',
    kind: 'openapi',
    most: 40,
    text: (n) =>
      document({
        ...Object.fromEntries(
          list(n, (at) => [
            `S${at}`,
            { type: 'object', properties: { id: { type: 'integer' }, a: ref(at + 1), b: ref(at + 1) } },
          ]),
        ),
        [`S${n}`]: leaf,
      }),
  },
  {
    name: 'a web of schemas',
    kind: 'openapi',
    most: 60,
    text: (n) =>
      document(
        Object.fromEntries(
          list(n, (at) => [
            `S${at}`,
            {
              type: 'object',
              properties: {
                id: { type: 'integer' },
                ...Object.fromEntries(list(n, (to) => [`p${to}`, ref(to)])),
              },
            },
          ]),
        ),
      ),
  },
  {
    name: 'allOf of all others',
    kind: 'openapi',
    most: 150,
    text: (n) =>
      document({
        ...Object.fromEntries(list(n, (at) => [`S${at}`, { allOf: list(n - at, (to) => ref(at + to + 1)) }])),
        [`S${n}`]: leaf,
      }),
  },
  {
    name: 'a chain of references',
    kind: 'openapi',
    most: 12_000,
    text: (n) =>
      document({ ...Object.fromEntries(list(n, (at) => [`S${at}`, ref(at + 1)])), [`S${n}`]: leaf }),
  },
  {
    name: 'a chain of references from each operation',
    kind: 'openapi',
    most: 4_000,
    text: (n) =>
      document(
        { ...Object.fromEntries(list(n, (at) => [`S${at}`, ref(at + 1)])), [`S${n}`]: leaf },
        {
          paths: Object.fromEntries(
            list(Math.min(200, n), (at) => [`/r${at}`, { get: answers(ref(0)), post: answers(ref(1)) }]),
          ),
        },
      ),
  },
  {
    name: 'many references to one schema',
    kind: 'openapi',
    most: 20_000,
    text: (n) =>
      document({
        S0: { type: 'object', properties: Object.fromEntries(list(n, (at) => [`p${at}`, ref(1)])) },
        S1: leaf,
      }),
  },
  {
    name: 'many properties',
    kind: 'openapi',
    most: 25_000,
    text: (n) =>
      document({
        S0: {
          type: 'object',
          properties: Object.fromEntries(list(n, (at) => [`p${at}`, { type: 'string' }])),
        },
      }),
  },
  {
    name: 'many required names',
    kind: 'openapi',
    most: 60_000,
    text: (n) => document({ S0: { ...leaf, required: list(n, (at) => `r${at}`) } }),
  },
  {
    name: 'many values of an enum',
    kind: 'openapi',
    most: 60_000,
    text: (n) =>
      document({
        S0: { type: 'object', properties: { e: { type: 'string', enum: list(n, (at) => `v${at}`) } } },
      }),
  },
  {
    name: 'many schemas',
    kind: 'openapi',
    most: 15_000,
    text: (n) => document(Object.fromEntries(list(n, (at) => [`S${at}`, { type: 'object' }]))),
  },
  {
    name: 'many tags',
    kind: 'openapi',
    most: 40_000,
    text: (n) => document({ S0: leaf }, { tags: list(n, (at) => ({ name: `t${at}` })) }),
  },
  {
    name: 'many parameters',
    kind: 'openapi',
    most: 9_000,
    text: (n) =>
      document(
        { S0: leaf },
        {
          paths: {
            '/rows': {
              get: {
                parameters: list(n, (at) => ({ name: `q${at}`, in: 'query', schema: { type: 'string' } })),
                ...answers({ type: 'array', items: ref(0) }),
              },
              post: answers(ref(0)),
            },
          },
        },
      ),
  },
  {
    name: 'many paths',
    kind: 'openapi',
    most: 9_000,
    text: (n) =>
      document(
        { S0: leaf },
        {
          paths: Object.fromEntries(
            list(n, (at) => [`/r${at}`, { get: { responses: { 200: { description: 'ok' } } } }]),
          ),
        },
      ),
  },
  {
    name: 'many responses',
    kind: 'openapi',
    most: 240,
    text: (n) =>
      document(
        { S0: leaf },
        {
          paths: Object.fromEntries(
            list(n, (at) => [
              `/r${at}`,
              {
                get: answers({ type: 'array', items: ref(0) }),
                post: {
                  ...answers(ref(0)),
                  requestBody: { content: { 'application/json': { schema: ref(0) } } },
                },
              },
            ]),
          ),
        },
      ),
  },
  {
    name: 'many entities of many fields',
    kind: 'openapi',
    most: 125,
    text: (n) =>
      document(
        Object.fromEntries(
          list(n, (at) => [
            `S${at}`,
            {
              type: 'object',
              properties: {
                id: { type: 'integer' },
                ...Object.fromEntries(list(100, (field) => [`field${field}`, { type: 'string' }])),
              },
            },
          ]),
        ),
        {
          paths: Object.fromEntries(
            list(n, (at) => [
              `/r${at}s`,
              {
                get: answers({ type: 'array', items: ref(at) }),
                post: {
                  ...answers(ref(at)),
                  requestBody: { content: { 'application/json': { schema: ref(at) } } },
                },
              },
            ]),
          ),
        },
      ),
  },
  {
    name: 'allOf in a circle',
    kind: 'openapi',
    most: 400,
    text: (n) => document(circle(n, (refs) => ({ allOf: refs }))),
  },
  {
    name: 'oneOf in a circle, with a discriminator',
    kind: 'openapi',
    most: 200,
    text: (n) =>
      document(
        circle(n, (refs) => ({
          oneOf: refs,
          discriminator: {
            propertyName: 'type',
            mapping: Object.fromEntries(refs.map(({ $ref }, at) => [`m${at}`, $ref])),
          },
        })),
      ),
  },
  {
    name: 'merge keys in YAML',
    kind: 'openapi',
    most: 10_000,
    text: (n) =>
      `openapi: 3.1.0\na: &a {${list(300, (at) => `x${at}: 1`).join(', ')}}\n${list(n, (at) => `k${at}:\n  <<: [*a, *a]`).join('\n')}\n`,
  },
  {
    name: 'errors in YAML',
    kind: 'openapi',
    most: 400_000,
    text: (n) => `openapi: 3.1.0\n${']\n'.repeat(n)}`,
  },
  {
    name: 'tabs in YAML',
    kind: 'openapi',
    most: 150_000,
    text: (n) => `openapi: 3.1.0\n${'\ta: @\n'.repeat(n)}`,
  },
  {
    name: 'a path of braces',
    kind: 'openapi',
    most: 800_000,
    text: (n) => document({ S0: leaf }, { paths: { [`/${'{'.repeat(n)}`]: { get: answers(ref(0)) } } }),
  },
  {
    name: 'a path of colons',
    kind: 'openapi',
    most: 100,
    text: (n) => document({ S0: leaf }, { paths: { [`/${':aa'.repeat(n)}!`]: { get: answers(ref(0)) } } }),
  },
  {
    name: 'limits that nothing meets',
    kind: 'openapi',
    most: 100,
    text: (n) =>
      document(
        {
          S0: {
            type: 'object',
            required: ['text', 'lists'],
            properties: {
              id: { type: 'integer' },
              text: { type: 'string', minLength: 1e9 },
              lists: {
                type: 'array',
                minItems: 1e9,
                items: { type: 'array', minItems: 1e9, items: { type: 'string', minLength: 1e9 } },
              },
              never: { type: 'number', minimum: 1e308, maximum: -1e308 },
              ...Object.fromEntries(list(n, (at) => [`t${at}`, { type: 'string', minLength: 9_000 }])),
            },
          },
        },
        {
          paths: {
            '/rows': {
              get: answers({ type: 'array', items: ref(0) }),
              post: {
                ...answers(ref(0)),
                requestBody: { content: { 'application/json': { schema: ref(0) } } },
              },
            },
          },
        },
      ),
  },
  { name: 'many keys in YAML', kind: 'openapi', most: 90_000, text: (n) => yamlKeys(n, 'openapi: 3.0.3') },
  {
    name: 'many keys in JSON',
    kind: 'openapi',
    most: 80_000,
    text: (n) => `{"openapi":"3.0.3",${list(n, (at) => `"k${at}":1`).join(',')}}`,
  },
  {
    name: 'a list in a list',
    kind: 'openapi',
    most: 400_000,
    text: (n) => `openapi: 3.0.3\nx: ${'['.repeat(n)}${']'.repeat(n)}`,
  },
  {
    name: 'aliases of aliases',
    kind: 'openapi',
    most: 20,
    text: (n) =>
      `openapi: 3.0.3\nx0: &x0 [a, a]\n${list(n, (at) => `x${at + 1}: &x${at + 1} [*x${at}, *x${at}, *x${at}, *x${at}]`).join('\n')}\n`,
  },
  {
    name: 'many anchors',
    kind: 'openapi',
    most: 40_000,
    text: (n) =>
      `openapi: 3.0.3\n${list(n, (at) => `k${at}: &a${at} 1`).join('\n')}\nz: [${list(Math.min(n, 10_000), (at) => `*a${at}`).join(', ')}]\n`,
  },
  { name: 'empty lines', kind: 'openapi', most: 900_000, text: (n) => `${'\n'.repeat(n)}a` },
  {
    name: 'empty lines before YAML',
    kind: 'openapi',
    most: 190_000,
    text: (n) => `${'\n'.repeat(n)}openapi: 3.0.3\n`,
  },
  { name: 'spaces and a word', kind: 'sql', most: 900_000, text: (n) => `create${' '.repeat(n)}x` },
  {
    name: 'the word create again and again',
    kind: 'sql',
    most: 140_000,
    text: (n) => `${'create '.repeat(n)}table`,
  },
  {
    name: 'many changes of a table',
    kind: 'sql',
    most: 15_000,
    text: (n) =>
      `CREATE TABLE a (id int primary key);\n${list(n, (at) => `ALTER TABLE a ADD COLUMN c${at} int;`).join('\n')}`,
  },
  {
    name: 'many foreign keys of a table',
    kind: 'sql',
    most: 12_000,
    text: (n) =>
      `CREATE TABLE a (id int primary key, b int not null);\n${list(n, () => `ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES a (id);`).join('\n')}`,
  },
  {
    name: 'many checks of a table',
    kind: 'sql',
    most: 15_000,
    text: (n) =>
      `CREATE TABLE a (id int primary key, b int${list(n, (at) => `, CHECK (b > ${at})`).join('')});`,
  },
  { name: 'a wide table', kind: 'sql', most: 40_000, text: (n) => createTable('a', n) },
  {
    name: 'many tables',
    kind: 'sql',
    most: 15_000,
    text: (n) => list(n, (at) => createTable(`t${at}`, 2)).join('\n'),
  },
  {
    name: 'tables that need each other',
    kind: 'sql',
    most: 110,
    text: (n) =>
      list(
        n,
        (at) =>
          `CREATE TABLE t${at} (id int primary key${list(Math.min(n, 100), (to) => `, r${to} int NOT NULL REFERENCES t${to}(id)`).join('')});`,
      ).join('\n'),
  },
  {
    name: 'tables of many columns',
    kind: 'sql',
    most: 115,
    text: (n) => list(n, (at) => createTable(`t${at}`, 100)).join('\n'),
  },
  {
    name: 'open brackets',
    kind: 'sql',
    most: 450_000,
    text: (n) => `CREATE TABLE a (id int CHECK ${'('.repeat(n)}${')'.repeat(n)});`,
  },
  {
    name: 'signs in a default',
    kind: 'sql',
    most: 900_000,
    text: (n) => `CREATE TABLE a (id int DEFAULT ${'-'.repeat(1)}${'+'.repeat(n)}1);`,
  },
  {
    name: 'brackets of names',
    kind: 'sql',
    most: 450_000,
    text: (n) => `CREATE TABLE a (id int);${'[a'.repeat(n)}`,
  },
  {
    name: 'many comments',
    kind: 'sql',
    most: 20_000,
    text: (n) =>
      `CREATE TABLE a (id int primary key, b int);\n${list(n, () => `COMMENT ON COLUMN a.b IS 'x';`).join('\n')}`,
  },
  {
    name: 'many indexes',
    kind: 'sql',
    most: 20_000,
    text: (n) =>
      `CREATE TABLE a (id int primary key, b int);\n${list(n, (at) => `CREATE INDEX i${at} ON a (b);`).join('\n')}`,
  },
  ...Object.entries({
    'quotes with backslashes': (n: number) =>
      `CREATE TABLE a (id int AUTO_INCREMENT) ENGINE=x; INSERT INTO a VALUES ('${"\\\\' ' '".repeat(n)}');`,
    'one text of backslashes': (n: number) =>
      `CREATE TABLE a (id int AUTO_INCREMENT) ENGINE=x; INSERT INTO a VALUES ('${'\\\\'.repeat(n)}');`,
    'comments in comments': (n: number) => `CREATE TABLE a (id serial); ${'/*'.repeat(n)}${'*/'.repeat(n)}`,
    'the word go in a line': (n: number) => `CREATE TABLE [dbo].[a] (id int); ${'go '.repeat(n)}`,
    'lines of go': (n: number) => `CREATE TABLE [dbo].[a] (id int);\n${'GO\n'.repeat(n)}`,
    'changes of the delimiter': (n: number) =>
      `CREATE TABLE a (id int AUTO_INCREMENT);\n${'DELIMITER //\nx //\nDELIMITER ;\n'.repeat(n)}`,
    'routines that do not end': (n: number) =>
      `CREATE TABLE a (id int);\n${'CREATE TRIGGER t AFTER INSERT ON a BEGIN x;\n'.repeat(n)}`,
    'rows of COPY': (n: number) =>
      `CREATE TABLE a (id serial);\n${'COPY a (id) FROM stdin;\n1\n\\.\n'.repeat(n)}`,
    'COPY without an end': (n: number) => `CREATE TABLE a (id serial);\n${'COPY a FROM stdin;\n'.repeat(n)}`,
    'partitions of partitions': (n: number) =>
      `CREATE TABLE p0 (id int) PARTITION BY LIST (id);\n${list(n, (at) => `CREATE TABLE p${at + 1} PARTITION OF p${at} DEFAULT;`).join('\n')}`,
    'tables that inherit from each other': (n: number) =>
      `CREATE TABLE i0 (id serial, CHECK (id > 0));\n${list(Math.min(n, 100), (at) => `CREATE TABLE i${at + 1} (c${at} int) INHERITS (i${at});`).join('\n')}${'\nCREATE TABLE j () INHERITS (i99);'.repeat(n)}`,
    'a column that is renamed': (n: number) =>
      `CREATE TABLE a (c0 int);\n${list(n, (at) => `ALTER TABLE a RENAME COLUMN c${at} TO c${at + 1};`).join('\n')}`,
    'a column that comes and goes': (n: number) =>
      `CREATE TABLE a (id int);\n${'ALTER TABLE a ADD COLUMN b int; ALTER TABLE a DROP COLUMN b;\n'.repeat(n)}`,
    'a table that comes and goes': (n: number) => 'CREATE TABLE a (id int); DROP TABLE a;\n'.repeat(n),
    'values of an enumeration': (n: number) =>
      `CREATE TYPE e AS ENUM ('a');\n${list(n, (at) => `ALTER TYPE e ADD VALUE 'v${at}';`).join('\n')}\nCREATE TABLE a (id int, b e);`,
    'brackets in a default': (n: number) =>
      `CREATE TABLE a (id int DEFAULT ${'('.repeat(n)}1${')'.repeat(n)});`,
    'types of types': (n: number) =>
      `CREATE TYPE t0 AS (a int);\n${list(n, (at) => `CREATE TYPE t${at + 1} AS (a t${at}, b t${at});`).join('\n')}\nCREATE TABLE a (id int, b t${n});`,
    dollars: (n: number) => `CREATE TABLE a (id serial); SELECT ${'$a$ '.repeat(n)}`,
    'open names': (n: number) => `CREATE TABLE [dbo].[a] (id int); ${'['.repeat(n)}`,
  }).map(([name, text]): WorstCase => ({
    name,
    kind: 'sql',
    text,
    most: Math.floor(900_000 / ((text(200).length - text(100).length) / 100 || 1)),
  })),
  {
    name: 'a sentence without an end',
    kind: 'prompt',
    most: 90_000,
    text: (n) => 'a blog with '.concat('posts and '.repeat(n)),
  },
  { name: 'spaces', kind: 'prompt', most: 900_000, text: (n) => `a blog${' '.repeat(n)}with posts` },
  { name: 'many commas', kind: 'prompt', most: 450_000, text: (n) => `a blog with ${'a,'.repeat(n)}` },
  { name: 'many brackets', kind: 'prompt', most: 900_000, text: (n) => `a blog with posts ${'('.repeat(n)}` },
  {
    name: 'many lines of a list',
    kind: 'prompt',
    most: 90_000,
    text: (n) => `A shop:\n${list(n, (at) => `- thing${at}`).join('\n')}`,
  },
  {
    name: 'many things with fields',
    kind: 'prompt',
    most: 25_000,
    text: (n) => list(n, (at) => `Thing${at}: name, price, size.`).join('\n'),
  },
  { name: 'quotes', kind: 'prompt', most: 450_000, text: (n) => `a blog with "${'" "'.repeat(n)}` },
  { name: 'one long word', kind: 'prompt', most: 900_000, text: (n) => `a blog with ${'a'.repeat(n)}` },
  { name: 'dashes', kind: 'prompt', most: 450_000, text: (n) => `a blog with ${'a-'.repeat(n)}` },
]
