import { describe, expect, it } from 'vitest'
import { importOpenApi } from './openapi/import-openapi.ts'
import { SpecError } from './spec-error.ts'
import { importSql } from './sql/import-sql.ts'

/** What every JavaScript object has under a name that a document may use too. */
const NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', 'isPrototypeOf']

const answers = (schema: unknown) => ({
  responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
})
const documentWith = (name: string, field: string): string => {
  const row = {
    type: 'object',
    properties: { id: { type: 'integer' }, title: { type: 'string', format: name } },
  }
  return `{"openapi":"3.0.3","info":{"title":"T","version":"1"},
    "paths":{"/things":{"get":${JSON.stringify({ ...answers({ type: 'array', items: row }), security: [] })},
      "post":${JSON.stringify(answers(row))}}},
    "components":{"schemas":{${JSON.stringify(field)}:{"type":"object","properties":{${JSON.stringify(field)}:{"type":"string"}}}}}}`
}

describe('built-in property names', () => {
  it.each(NAMES)('are plain words as a format, a schema and a property: %s', async (name) => {
    const { blueprint } = await importOpenApi(documentWith(name, name), {})
    expect(blueprint.entities[0]!.fields).toMatchObject([{ name: 'title', type: { kind: 'string' } }])
  })

  it.each(NAMES)('are plain words in SQL: %s', (name) => {
    const { blueprint } = importSql(
      `CREATE TABLE things (id int primary key, title text DEFAULT ${name}, "${name}" text, kind ${name});`,
      {},
    )
    expect(blueprint.entities[0]!.fields[0]).not.toHaveProperty('default')
  })

  it.each(NAMES)('name no method: %s', async (name) => {
    const text = `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{"/a":{"${name}":{"responses":{}}}}}`
    await expect(importOpenApi(text, {})).rejects.toThrow(SpecError)
  })
})
