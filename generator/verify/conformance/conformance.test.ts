import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { describeConformance, type Blueprint, type DocumentPart } from '#contract'
import { blueprintOf } from '#contract/testing/samples'
import { callOperations } from '../inside/call-operations.mts'
import { compareAnswers } from './compare-answers.ts'
import type { Node } from './document.ts'
import { MAX_ANSWER, MAX_ANSWERS, MAX_SENT, type CallAnswer } from './plan.ts'
import { planCalls } from './plan-calls.ts'

/** A service in place of a project: each route answers what the test says. */
type Reply = { status: number; body?: unknown; type?: string; headers?: Record<string, string> }
type Request = {
  params: string[]
  headers: IncomingMessage['headers']
  body: unknown
  query: URLSearchParams
}
type Routes = Record<string, (request: Request) => Reply>

const LIBRARY = `
openapi: 3.0.3
info: { title: Library, version: '1' }
servers: [{ url: https://library.example.com/api }]
paths:
  /readers:
    post:
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [email], properties: { email: { type: string, format: email }, nick: { type: string, nullable: true } } } } } }
      responses: { '201': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Reader' } } } } }
  /readers/{readerId}/loans:
    post:
      parameters: [{ name: readerId, in: path, required: true, schema: { type: integer } }]
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [book_id], properties: { book_id: { type: integer }, days: { type: integer, minimum: 7 } } } } } }
      responses: { '204': { description: ok } }
  /books:
    get:
      parameters: [{ name: tag, in: query, schema: { type: array, items: { type: string, enum: [old, new] } } }]
      responses:
        '200': { description: ok, headers: { X-Total: { required: true, schema: { type: integer } } }, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Book' } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Book' }, example: { title: Emma, isbn: 'A-1' } } } }
      responses:
        '201': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
        '422': { description: no, content: { application/json: { schema: { type: object, required: [problems], properties: { problems: { type: array } } } } } }
  /books/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
        '404': { description: none }
    delete:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '204': { description: gone } }
components:
  schemas:
    Reader: { type: object, required: [id, email], properties: { id: { type: integer }, email: { type: string }, nick: { type: string, nullable: true } } }
    Book:
      type: object
      required: [id, title, secret]
      properties: { id: { type: integer, readOnly: true }, title: { type: string }, isbn: { type: string, pattern: '^[A-Z]-[0-9]+$' }, secret: { type: string, writeOnly: true } }
`

const emma = { id: 41, title: 'Emma', isbn: 'A-1' }
/** A service that does what the document says, and no more. */
const honest = (): Routes => ({
  'POST /api/readers': () => ({ status: 201, body: { id: 7, email: 'a@b.c', nick: null } }),
  'POST /api/readers/(.+)/loans': ({ params, body }) =>
    params[0] === '7' && (body as { book_id: number }).book_id === 41 ? { status: 204 } : { status: 404 },
  'GET /api/books': () => ({ status: 200, body: [emma], headers: { 'x-total': '1' } }),
  'POST /api/books': ({ body }) =>
    typeof body === 'object'
      ? { status: 201, body: { ...emma, ...(body as object) } }
      : { status: 422, body: { problems: [] } },
  'GET /api/books/(.+)': ({ params }) => (params[0] === '41' ? { status: 200, body: emma } : { status: 404 }),
  'DELETE /api/books/(.+)': ({ params }) => ({ status: params[0] === '41' ? 204 : 404 }),
})

async function conformanceOf(
  text: string,
  routes: Routes,
  notes: readonly DocumentPart[] = [],
  blueprint = blueprintOf(),
) {
  const asked: { route: string; body: unknown; headers: IncomingMessage['headers'] }[] = []
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const url = new URL(incoming.url!, 'http://localhost')
      const body = await json(incoming).catch(() => undefined)
      const route = `${incoming.method} ${url.pathname}`
      asked.push({ route: `${route}${url.search}`, body, headers: incoming.headers })
      for (const [pattern, answer] of Object.entries(routes)) {
        const found = new RegExp(`^${pattern}$`).exec(route)
        if (!found) continue
        const request = { params: found.slice(1), headers: incoming.headers, body, query: url.searchParams }
        const reply = answer(request)
        const type = reply.body === undefined ? {} : { 'content-type': reply.type ?? 'application/json' }
        outgoing.writeHead(reply.status, { ...type, ...reply.headers })
        outgoing.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
        return
      }
      outgoing.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"no route"}')
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const plan = planCalls({ document: parse(text) as Node, blueprint, notes })
  const answers: CallAnswer[] = []
  const limits = { budgetMs: 60_000, answerMs: 10_000, answerLength: MAX_ANSWER, totalLength: MAX_ANSWERS }
  await callOperations(
    { calls: plan.calls, ...limits, sentLength: MAX_SENT, apiKey: 'a-key' },
    { port: (server.address() as AddressInfo).port, send: (answer) => answers.push(answer) },
  )
  server.close()
  return { conformance: await compareAnswers({ plan, answers }), asked, plan }
}

const findingsOf = async (routes: Routes, text = LIBRARY) =>
  (await conformanceOf(text, routes)).conformance.findings.map(({ operation, kind, what }) => [
    operation,
    kind,
    what,
  ])

describe('the conformance check', () => {
  it('calls every operation with the ids of rows that it created, and finds nothing wrong', async () => {
    const { conformance, asked } = await conformanceOf(LIBRARY, honest())
    expect(conformance).toMatchObject({ operations: 6, conforming: 6, stubs: [], findings: [] })
    expect(describeConformance(conformance)).toBe('6 of 6 operations conform to the document')
    const sent = asked.map(({ route }) => route)
    expect(sent).toContain('POST /api/readers/7/loans')
    expect(sent).toContain('GET /api/books?tag=old')
    expect(sent.at(-1)).toBe('DELETE /api/books/41')
    expect(asked.find(({ route }) => route.endsWith('/loans'))?.body).toEqual({ book_id: 41, days: 7 })
    expect(asked.find(({ route }) => route === 'POST /api/books')?.body).toEqual({
      title: 'Emma',
      isbn: 'A-1',
    })
  })

  it('plans the same calls for the same document', () => {
    const plan = () => planCalls({ document: parse(LIBRARY) as Node, blueprint: blueprintOf() })
    expect(plan()).toEqual(plan())
  })

  it.each<[string, Routes, string, RegExp]>([
    [
      'a property of another type',
      { 'GET /api/books/41': () => ({ status: 200, body: { ...emma, id: '41' } }) },
      'GET /books/{id}',
      /^200: id must be integer$/,
    ],
    [
      'a missing property',
      { 'GET /api/books/41': () => ({ status: 200, body: { id: 41 } }) },
      'GET /books/{id}',
      /must have required property 'title'/,
    ],
    [
      'another status',
      { 'DELETE /api/books/(.+)': () => ({ status: 200, body: emma }) },
      'DELETE /books/{id}',
      /it answers 200 .*; the document lists 204/,
    ],
    [
      'a header that is missing',
      { 'GET /api/books': () => ({ status: 200, body: [] }) },
      'GET /books',
      /the header X-Total is missing/,
    ],
    [
      'a header of another form',
      { 'GET /api/books': () => ({ status: 200, body: [], headers: { 'x-total': 'many' } }) },
      'GET /books',
      /the header X-Total does not fit/,
    ],
    [
      'another media type',
      { 'GET /api/books/41': () => ({ status: 200, body: emma, type: 'text/html' }) },
      'GET /books/{id}',
      /it is text\/html; the document says application\/json/,
    ],
    [
      'a refusal of another form',
      {
        'POST /api/books': ({ body }) =>
          typeof body === 'object' ? { status: 201, body: emma } : { status: 422, body: {} },
      },
      'POST /books',
      /with a body of another form, 422: .*'problems'/,
    ],
    [
      'a crash',
      { 'POST /api/readers/(.+)/loans': () => ({ status: 500, body: { error: 'oops' } }) },
      'POST /readers/{readerId}/loans',
      /it answers 500 \(\{"error":"oops"\}\); the document lists 204/,
    ],
  ])('finds %s', async (_what, broken, operation, what) => {
    expect(await findingsOf({ ...broken, ...honest(), ...broken })).toEqual([
      [operation, 'differs', expect.stringMatching(what)],
    ])
  })

  it('says which differences the report announces, and only of those that it does', async () => {
    const notes = [
      {
        kind: 'errors' as const,
        name: 'bodies of errors',
        served: 'differently' as const,
        how: 'Errors have another form.',
      },
    ]
    const refuses: Routes = {
      'POST /api/books': ({ body }) =>
        typeof body === 'object' ? { status: 201, body: emma } : { status: 422, body: {} },
    }
    const { conformance } = await conformanceOf(LIBRARY, { ...refuses, ...honest(), ...refuses }, notes)
    expect(conformance.findings).toMatchObject([
      { operation: 'POST /books', noted: 'Errors have another form.' },
    ])
    const wrong: Routes = { ...refuses, 'POST /api/books': () => ({ status: 422, body: {} }) }
    const worse = await conformanceOf(
      LIBRARY,
      {
        ...wrong,
        ...honest(),
        ...wrong,
        'GET /api/books': () => ({ status: 200, body: {}, headers: { 'x-total': '0' } }),
      },
      notes,
    )
    expect(worse.conformance.findings.find(({ operation }) => operation === 'GET /books')).toMatchObject({
      noted: null,
    })
  })

  it('calls an operation unproven where a busy machine gave no answer in time', async () => {
    const { plan } = await conformanceOf(LIBRARY, honest())
    const call = plan.calls.findIndex(({ operation }) => operation === 'GET /books')
    const late = {
      status: 0,
      headers: {},
      body: '',
      bytes: 0,
      isCut: false,
      isMadeUp: false,
      prefix: '/api',
      credential: 0,
      problem: 'aborted',
    }
    const { findings } = await compareAnswers({ plan, answers: [{ call, ...late }] })
    expect(findings).toContainEqual({
      operation: 'GET /books',
      kind: 'unproven',
      what: 'it did not answer in time (aborted)',
      noted: null,
    })
  })

  it('finds operations under their base path after a registration that has none', async () => {
    const answers: Routes = {
      'POST /auth/register': () => ({ status: 201, body: { token: 'T1' } }),
      'GET /api/stock': () => ({ status: 501, body: {} }),
      'GET /api/books': () => ({ status: 200, body: [] }),
    }
    const text = `
openapi: 3.0.3
info: { title: Stock, version: '1' }
servers: [{ url: https://stock.example.com/api }]
paths:
  /stock: { get: { responses: { '200': { description: ok } } } }
  /books: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: {} } } } } } } }`
    const blueprint: Blueprint = { ...blueprintOf(), auth: { kind: 'jwt', account: 'Account' } }
    const { conformance } = await conformanceOf(text, answers, [], blueprint)
    expect(conformance).toMatchObject({ operations: 2, conforming: 1, stubs: ['GET /stock'], findings: [] })
  })

  it('counts stubs apart', async () => {
    const { conformance } = await conformanceOf(LIBRARY, {
      ...honest(),
      'DELETE /api/books/(.+)': () => ({ status: 501, body: { error: {} } }),
    })
    expect(describeConformance(conformance)).toBe('5 of 5 operations conform to the document, 1 stub')
    expect(conformance.stubs).toEqual(['DELETE /books/{id}'])
  })

  it('does not count an operation of which only refusals were seen', async () => {
    const broken = { 'GET /api/books/(.+)': () => ({ status: 404 }) }
    expect(await findingsOf({ ...honest(), ...broken })).toEqual([
      ['GET /books/{id}', 'unproven', 'only refused, with 404'],
    ])
  })

  it('expects no row of a service that creates none', async () => {
    const broken = {
      'POST /api/books': () => ({ status: 501 }),
      'GET /api/books': () => ({ status: 200, body: [], headers: { 'x-total': '0' } }),
    }
    expect(
      await findingsOf({ ...honest(), ...broken, 'GET /api/books/(.+)': () => ({ status: 404 }) }),
    ).toEqual(
      expect.arrayContaining([['GET /books/{id}', 'unproven', 'nothing could be created that it is about']]),
    )
  })

  it('finds a service without the base path, and still compares the rest', async () => {
    const moved = Object.fromEntries(
      Object.entries(honest()).map(([route, answer]) => [route.replace('/api', ''), answer]),
    )
    const found = await findingsOf(moved)
    expect(found).toHaveLength(6)
    expect(new Set(found.map(([, , what]) => what!.replace(/\/\w+.*, /, '… ')))).toEqual(
      new Set(['it is served at … without the base path /api']),
    )
  })
})

const DIARY = `
openapi: 3.1.0
info: { title: Diary, version: '1' }
security: [{ token: [] }]
paths:
  /sign-in:
    post:
      security: []
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Credentials' } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { type: object, properties: { user: { type: object, properties: { token: { type: string } } } } } } } } }
  /sign-up:
    post:
      security: []
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Credentials' }, example: { name: ada, password: secret-of-ada } } } }
      responses: { '201': { description: ok } }
  /entries:
    get:
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: array, items: { type: [string, 'null'] } } } } }
        '401': { description: no, content: { application/json: { schema: { type: object, required: [problems] } } } }
components:
  securitySchemes: { token: { type: apiKey, in: header, name: Authorization, description: 'Token, a space, and the token' } }
  schemas:
    Credentials: { type: object, required: [name, password], properties: { name: { type: string }, password: { type: string } } }
`

describe('the conformance check behind a sign-in', () => {
  const diary = (isOpen = false): Routes => {
    let password: unknown
    return {
      'POST /sign-up': ({ body }) => {
        ;({ password } = body as { password: unknown })
        return { status: 201 }
      },
      'POST /sign-in': ({ body }) =>
        (body as { password: unknown }).password === password
          ? { status: 200, body: { user: { token: 'T1' } } }
          : { status: 401, body: { problems: [] } },
      'GET /entries': ({ headers }) =>
        isOpen || headers.authorization === 'Token T1'
          ? { status: 200, body: ['a', null] }
          : { status: 401, body: { problems: [] } },
    }
  }

  it('signs up and in by the routes of the document, and sends the token as it says', async () => {
    const { conformance, asked } = await conformanceOf(DIARY, diary())
    expect(conformance).toMatchObject({ operations: 3, conforming: 3, findings: [] })
    expect(asked.map(({ route }) => route).slice(0, 2)).toEqual(['POST /sign-up', 'POST /sign-in'])
  })

  it('finds an operation that needs no credentials although the document says so', async () => {
    expect(await findingsOf(diary(true), DIARY)).toEqual([
      ['GET /entries', 'differs', 'without credentials, it answers 200; the document requires them'],
    ])
  })
})

it('a path that names what another path creates is asked with that name', () => {
  const text = { type: 'string' }
  const answer = (schema: object) => ({
    200: { description: 'ok', content: { 'application/json': { schema } } },
  })
  const member = { type: 'object', required: ['penName'], properties: { penName: text } }
  const sent = { required: true, content: { 'application/json': { schema: member } } }
  const parameters = [{ name: 'penName', in: 'path', required: true, schema: text }]
  const { calls } = planCalls({
    document: {
      openapi: '3.0.3',
      info: { title: 'Blog', version: '1' },
      paths: {
        '/members': { post: { requestBody: sent, responses: answer(member) } },
        '/writers/{penName}': { get: { parameters, responses: answer(member) } },
      },
    },
    blueprint: blueprintOf(),
  })
  const read = calls.find(({ path, purpose }) => path.startsWith('/writers') && purpose === 'usual')
  expect(read?.params['penName']).toMatchObject({ $from: [{ call: 0, in: 'answer', at: ['penName'] }, {}] })
})
