import { createHash } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'

type Schema = Record<string, unknown>
type Content = { schema: Schema; example?: unknown; examples?: Record<string, { value: unknown }> }
type Operation = {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; schema: Schema; required: boolean }[]
  requestBody?: { content: Record<string, Content> }
  responses: Record<string, { description: string; content?: Record<string, Content> }>
}
type Document = {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

async function readDocument(): Promise<Document> {
  await using test = await testApp([])
  return (await test.app.inject('/openapi.json')).json()
}

const operationsOf = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  )

/** Knows the document's named schemas under the addresses by which it points to them. */
function validatorOf(document: Document): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  return ajv.addSchema({ $id: 'openapi', components: document.components })
}
const rooted = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/'))

describe('GET /openapi.json', () => {
  it('is an OpenAPI 3.1 document of every route', async () => {
    const document = await readDocument()
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(document.info).toMatchObject({ title: 'Backend generator', version: '1.2.3' })
    expect(operationsOf(document).map(({ name }) => name)).toEqual([
      'POST /generate-backend',
      'GET /jobs',
      'GET /jobs/{jobId}',
      'DELETE /jobs/{jobId}',
      'GET /jobs/{jobId}/request',
      'GET /jobs/{jobId}/events',
      'GET /jobs/{jobId}/archive',
      'POST /jobs/{jobId}/refine',
      'POST /jobs/{jobId}/changes',
      'POST /jobs/{jobId}/plan',
      'GET /jobs/{jobId}/plan/diagram',
      'GET /preferences/{holder}',
      'PATCH /preferences/{holder}',
      'GET /health',
      'GET /ready',
      'GET /metrics',
    ])
  })

  it('names every operation once, and describes every answer', async () => {
    const operations = operationsOf(await readDocument()).map(({ operation }) => operation)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { summary, responses } of operations) {
      expect(summary).toBeTruthy()
      for (const { description } of Object.values(responses)) expect(description).not.toBe('Default Response')
    }
  })

  it('declares every parameter of a path, and nothing but those', async () => {
    for (const { path, operation } of operationsOf(await readDocument())) {
      const declared = (operation.parameters ?? []).filter((each) => each.in === 'path')
      expect(declared.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
      expect(declared.every(({ required }) => required)).toBe(true)
    }
  })

  it('has schemas that are valid JSON Schema 2020-12, and points nowhere else', async () => {
    const document = await readDocument()
    const ajv = validatorOf(document)
    let compiled = 0
    for (const { operation } of operationsOf(document)) {
      const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((each) =>
        Object.values(each?.content ?? {}),
      )
      for (const { schema } of [...contents, ...(operation.parameters ?? [])]) {
        ajv.compile(rooted(schema))
        compiled++
      }
    }
    expect(compiled).toBeGreaterThan(40)
  })

  it('has one shape for every refusal', async () => {
    for (const { operation } of operationsOf(await readDocument())) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400 || operation.operationId === 'getReadiness') continue
        expect(response.content?.['application/json']?.schema).toEqual({
          $ref: '#/components/schemas/Problem',
        })
      }
    }
  })

  it('has examples that fit their schemas', async () => {
    const document = await readDocument()
    const ajv = validatorOf(document)
    const examples: [Schema, unknown][] = []
    for (const schema of Object.values(document.components.schemas)) {
      for (const example of (schema['examples'] as unknown[] | undefined) ?? [])
        examples.push([schema, example])
    }
    for (const { operation } of operationsOf(document)) {
      for (const content of Object.values(operation.requestBody?.content ?? {})) {
        for (const { value } of Object.values(content.examples ?? {})) examples.push([content.schema, value])
      }
    }
    expect(examples.length).toBeGreaterThanOrEqual(6)
    for (const [schema, example] of examples) {
      ajv.validate(rooted(schema), example)
      expect(ajv.errors).toBeNull()
    }
  })

  it('says how long a prompt may be', async () => {
    const { paths } = await readDocument()
    const body = paths['/generate-backend']?.['post']?.requestBody?.content['application/json']?.schema
    expect(body).toMatchObject({ properties: { prompt: { type: 'string', maxLength: 20_000 } } })
  })
})

describe('GET /docs', () => {
  it('is a page that loads its one script from here, under a policy that allows no other', async () => {
    await using test = await testApp([])
    expect((await test.app.inject('/docs')).headers.location).toBe('/docs/')
    const page = await test.app.inject('/docs/')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect([...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)).toEqual([
      'js/scalar.js',
    ])

    const inline = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(page.body)?.[1] ?? ''
    const hash = createHash('sha256').update(inline).digest('base64')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`)
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)

    const script = await test.app.inject('/docs/js/scalar.js')
    expect(script.headers['content-type']).toBe('application/javascript; charset=utf-8')
    expect(script.rawPayload.length).toBeGreaterThan(1_000_000)
  })

  it('leaves the strict policy on everything else', async () => {
    await using test = await testApp([])
    for (const url of ['/health', '/openapi.json', '/nowhere']) {
      const { headers } = await test.app.inject(url)
      expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'")
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })
})
