import { describe, expect, it } from 'vitest'
import { detectSpec } from './detect-spec.ts'

describe('an attached document', () => {
  it.each([
    ['openapi: 3.0.0\ninfo: {}', 'openapi'],
    ['# ours\n\n"openapi": "3.1.0"', 'openapi'],
    ['{ "info": {}, "openapi": "3.0.0" }', 'openapi'],
    ['swagger: "2.0"', 'openapi'],
    ['-- tables\ncreate table if not exists a (id int)', 'sql'],
    ['CREATE UNLOGGED TABLE a (id int)', 'sql'],
    ['model User {\n  id Int @id\n}\n', 'prisma'],
    [
      '// "create table" is not said here\ndatasource db {\n  provider = "sqlite"\n}\nmodel A {\n  id Int @id\n}\n',
      'prisma',
    ],
    [
      '{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}',
      'postman',
    ],
    ['{"info": {"_postman_id": "1", "name": "openapi"}, "item": []}', 'postman'],
    ['{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}', 'json-schema'],
    ['$schema: http://json-schema.org/draft-07/schema#\ntype: object\n', 'json-schema'],
    ['# Books\ntype Book {\n  id: ID!\n}\n', 'graphql'],
    ['type Query { books(first: Int): [Book!]! }\nextend type Query {\n  total: Int\n}', 'graphql'],
    ['The model User {has a name}.\nEach type of cheese: hard, soft.', null],
    ['{"name": "openapi"}', null],
    ['A shop with products. Each has a price.', null],
    ['We create tables of cheese.', null],
  ])('is known by its content: %s', (text, kind) => {
    expect(detectSpec(text)).toBe(kind)
  })

  const long = 'x'.repeat(300_000)
  it.each([
    ['JSON', `{"info":{"description":"${long}"},"paths":{},"openapi":"3.0.3"}`, 'openapi'],
    ['YAML', `info:\n  description: ${long}\npaths: {}\nopenapi: 3.1.0\n`, 'openapi'],
    ['Swagger', `info:\n  description: ${long}\npaths: {}\nswagger: '2.0'\n`, 'openapi'],
    ['SQL', `-- ${long}\nCREATE TABLE a (id int);`, 'sql'],
    ['SQL with data', `CREATE TABLE a (t text);\nINSERT INTO a VALUES ('${long}\nopenapi: 3.0.0');`, 'sql'],
    ['JSON of another kind', `{"name":"${long}","openapi":"yes"}`, null],
  ])('is known also where its key comes late: %s', (_what, text, kind) => {
    expect(detectSpec(text)).toBe(kind)
  })
})
