import { document, list, ref, type WorstCase } from './worst-case.ts'

const collection = (item: unknown, more: object = {}): string =>
  JSON.stringify({
    info: { name: 'Worst', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item,
    ...more,
  })

const request = (url: string, more: object = {}) => ({
  name: 'one',
  request: { method: 'POST', url, ...more },
})

/** Of the formats that are converted first. */
export const CONVERTED_WORST_CASES: readonly WorstCase[] = [
  {
    name: 'Swagger with many definitions',
    kind: 'openapi',
    most: 9_000,
    text: (n) =>
      JSON.stringify({
        swagger: '2.0',
        info: { title: 'Worst', version: '1' },
        paths: {
          '/rows': {
            get: { responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/S0' } } } },
          },
        },
        definitions: Object.fromEntries(
          list(n, (at) => [
            `S${at}`,
            { type: 'object', properties: { a: { $ref: `#/definitions/S${at}` } } },
          ]),
        ),
      }),
  },
  {
    name: 'many wrong types',
    kind: 'openapi',
    most: 20_000,
    text: (n) =>
      document({
        S0: {
          type: 'object',
          properties: Object.fromEntries(list(n, (at) => [`p${at}`, { type: `t${at}` }])),
        },
      }),
  },
  {
    name: 'many faults',
    kind: 'openapi',
    most: 15_000,
    text: (n) =>
      document(
        Object.fromEntries(
          list(n, (at) => [`S${at}`, { properties: { a: { minLength: 'x', maximum: [] } } }]),
        ),
      ),
  },
  {
    name: 'many references to nothing',
    kind: 'openapi',
    most: 15_000,
    text: (n) =>
      document({
        S0: { type: 'object', properties: Object.fromEntries(list(n, (at) => [`p${at}`, ref(`x${at}`)])) },
      }),
  },
  {
    name: 'one key again and again',
    kind: 'openapi',
    most: 40_000,
    text: (n) => `{"openapi":"3.0.3","paths":{${list(n, () => '"/a":{"get":{}}').join(',')}}}`,
  },
  {
    name: 'many models of Prisma',
    kind: 'prisma',
    most: 9_000,
    text: (n) =>
      list(n, (at) => `model M${at} {\n  id Int @id\n  next M${at + 1}?\n  all M${at + 1}[]\n}\n`).join(''),
  },
  {
    name: 'many fields of Prisma',
    kind: 'prisma',
    most: 20_000,
    text: (n) => `model M {\n  id Int @id\n${list(n, (at) => `  f${at} Int @default(${at})\n`).join('')}}\n`,
  },
  {
    name: 'comments of Prisma that do not end',
    kind: 'prisma',
    most: 300_000,
    text: (n) => `model M {\n  id Int @id\n}\n// ${'/*'.repeat(n)}\n`,
  },
  {
    name: 'brackets of Prisma',
    kind: 'prisma',
    most: 400_000,
    text: (n) => `model M {\n  id Int @id @default(${'['.repeat(n)}${']'.repeat(n)})\n}\n`,
  },
  {
    name: 'many types of GraphQL',
    kind: 'graphql',
    most: 15_000,
    text: (n) =>
      `${list(n, (at) => `type T${at} { id: ID! next: T${at + 1} }\n`).join('')}type Mutation {\n${list(Math.min(n, 240), (at) => `  createT${at}(name: String): T${at}\n`).join('')}}\n`,
  },
  {
    name: 'a list in a list of GraphQL',
    kind: 'graphql',
    most: 400_000,
    text: (n) => `type T {\n  id: ID!\n  a: ${'['.repeat(n)}ID${']'.repeat(n)}\n}\n`,
  },
  {
    name: 'many requests at one address',
    kind: 'postman',
    most: 9_000,
    text: (n) =>
      collection(list(n, (at) => request(`/rows?p${at}=1`, { body: { mode: 'raw', raw: `{"a${at}":1}` } }))),
  },
  {
    name: 'folders in folders',
    kind: 'postman',
    most: 20_000,
    text: (n) => `${collection([]).slice(0, -3)}[${'{"item":['.repeat(n)}${']}'.repeat(n)}]}`,
  },
  {
    name: 'many variables',
    kind: 'postman',
    most: 90_000,
    text: (n) =>
      collection([request('/rows', { body: { mode: 'raw', raw: `{"a":"${'{{a}}'.repeat(n)}"}` } })]),
  },
  {
    name: 'long values of variables',
    kind: 'postman',
    most: 40_000,
    text: (n) =>
      collection([request('/rows', { body: { mode: 'raw', raw: `["${'{{a}}'.repeat(n)}"]` } })], {
        variable: [{ key: 'a', value: 'x'.repeat(n) }],
      }),
  },
  {
    name: 'many definitions of JSON Schema',
    kind: 'json-schema',
    most: 9_000,
    text: (n) =>
      JSON.stringify({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $defs: Object.fromEntries(
          list(n, (at) => [
            `S${at}`,
            { type: 'object', properties: { a: { $ref: `#/$defs/S${(at + 1) % n}` } } },
          ]),
        ),
      }),
  },
]
