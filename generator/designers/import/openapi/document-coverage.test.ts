import { describe, expect, it } from 'vitest'
import { describeCoverage } from '#contract'
import { importOpenApi } from './import-openapi.ts'

const NOTES = `
openapi: 3.1.0
info: { title: Notes, version: '1' }
x-owner: notes
servers: [{ url: https://a.example.com/api }, { url: https://b.example.com/other }]
webhooks: { noteAdded: { post: { responses: { '200': { description: ok } } } } }
paths:
  /notes:
    get:
      x-cost: 3
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: shade, in: query, schema: { type: string } }
      responses:
        '200':
          description: ok
          links: { next: { operationId: readNote } }
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      callbacks: { added: { '{$request.body#/url}': { post: { responses: { '200': { description: ok } } } } } }
      responses:
        '201': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
  /notes/{id}:
    get:
      operationId: readNote
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
    trace: { responses: { '200': { description: ok } } }
  /health: { servers: [{ url: / }], get: { responses: { '200': { description: ok } } } }
components:
  securitySchemes: { unused: { type: http, scheme: bearer } }
  schemas:
    Note: { type: object, required: [id, text], properties: { id: { type: integer, readOnly: true }, text: { type: string }, more: { $ref: '#/components/schemas/Tree' } } }
    Tree: { type: object, properties: { inner: { $ref: '#/components/schemas/Tree' }, x-not-one: { type: string } } }
    Forgotten: { type: object }
`

describe('the coverage of a document', () => {
  it('names what became of every part, and counts those that are served as stated', async () => {
    const { document } = await importOpenApi(NOTES, {})
    const found = (document?.parts ?? []).map(({ kind, name, served }) => `${kind} ${name}: ${served}`)
    expect(found).toEqual(
      expect.arrayContaining([
        'operation TRACE /notes/{id}: left out',
        'operation GET /health: differently',
        'parameter shade of GET /notes: differently',
        'schema Tree: differently',
        'schema Forgotten: left out',
        'security unused: left out',
        'server https://b.example.com/other: left out',
        'callback added of POST /notes: left out',
        'link next of GET /notes: left out',
        'webhook noteAdded: left out',
        'extension x-owner: left out',
        'extension x-cost: left out',
      ]),
    )
    expect(
      found.filter((line) => /x-not-one|operation GET \/notes:|limit of|schema Note:/.test(line)),
    ).toEqual([])
    for (const { how } of document?.parts ?? []) expect(how).not.toBe('')
    expect(describeCoverage(document!)).toContain('3 schemas: 1 as stated, 1 differently, 1 left out')
  })

  it('counts an operation as left out also where no note says so', async () => {
    const { document } = await importOpenApi(
      NOTES.replace(
        '  /health:',
        "  '/notes/{id}x{y}': { get: { responses: { '200': { description: ok } } } }\n  /health:",
      ),
      {},
    )
    expect(document?.parts).toContainEqual(
      expect.objectContaining({ kind: 'operation', name: 'GET /notes/{id}x{y}', served: 'left out' }),
    )
  })
})
