import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem, type JobView } from '#contract'
import { describe, expect, it } from 'vitest'
import { testApp, until } from './testing/app.ts'
import { jobId, viewOf } from './testing/jobs.ts'

/** Sends bytes as they are and gives all that comes back. */
async function speak(origin: string, bytes: string): Promise<string> {
  const socket = createConnection(Number(new URL(origin).port), '127.0.0.1')
  socket.setEncoding('utf8')
  let reply = ''
  socket.on('data', (chunk) => (reply += chunk))
  socket.write(bytes)
  await once(socket, 'close')
  return reply
}

describe('request ids', () => {
  it('are taken from the caller, and come back in headers, problems and logs', async () => {
    const log: string[] = []
    await using test = await testApp([], { log })
    const reply = await test.app.inject({ url: '/nowhere', headers: { 'x-request-id': 'trace.42:a-b_c' } })
    expect(reply.headers['x-request-id']).toBe('trace.42:a-b_c')
    expect(reply.json().error.requestId).toBe('trace.42:a-b_c')
    await until(() => log.some((line) => JSON.parse(line).requestId === 'trace.42:a-b_c'))
  })

  it.each(['', 'a b', 'x'.repeat(65), '<script>', 'a"b'])(
    'are generated when the caller’s is invalid: %j',
    async (id) => {
      await using test = await testApp([])
      const reply = await test.app.inject({ url: '/health', headers: { 'x-request-id': id } })
      expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    },
  )
})

describe('addresses that lead nowhere', () => {
  it.each(['/', '/nowhere', `/jobs/${jobId}/files`, '/generate-backend/x', '/%2e%2e/', '//health'])(
    '%s',
    async (url) => {
      await using test = await testApp([])
      const reply = await test.app.inject({ url: `http://localhost${url}` })
      expect(reply.statusCode).toBe(404)
      expect(Problem.parse(reply.json()).error.code).toBe('not_found')
    },
  )

  it.each([
    ['GET', '/generate-backend', 'POST'],
    ['POST', '/jobs', 'GET, HEAD'],
    ['PATCH', `/jobs/${jobId}`, 'DELETE, GET, HEAD'],
    ['DELETE', `/jobs/${jobId}/archive`, 'GET, HEAD'],
    ['OPTIONS', '/ready', 'GET, HEAD'],
  ] as const)('%s %s says what is possible', async (method, url, allow) => {
    await using test = await testApp([])
    const reply = await test.app.inject({ method, url })
    expect(reply.statusCode).toBe(405)
    expect(reply.headers.allow).toBe(allow)
    expect(reply.json().error.message).toBe(`Method ${method} is not allowed. Allowed methods: ${allow}.`)
  })

  it.each([
    ['/jobs/%zz', 400, 'bad_url'],
    [`/jobs/${'a'.repeat(500)}`, 404, 'not_found'],
  ])('%s is a problem like any other', async (url, status, code) => {
    await using test = await testApp([])
    const reply = await test.app.inject(url)
    expect(reply.statusCode).toBe(status)
    expect(Problem.parse(reply.json()).error).toMatchObject({
      code,
      requestId: reply.headers['x-request-id'],
    })
  })
})

describe('what goes wrong on our side', () => {
  it('is logged with its id, and hidden from the caller', async () => {
    const log: string[] = []
    await using test = await testApp(
      [
        {
          'jobs.view': async () => {
            throw new TypeError('/srv/secret is not a function')
          },
        },
      ],
      { log },
    )
    const reply = await test.app.inject(`/jobs/${jobId}`)
    expect(reply.statusCode).toBe(500)
    expect(reply.body).not.toContain('secret')
    const line = log.map((each) => JSON.parse(each)).find(({ msg }) => msg === 'request failed')
    expect(line).toMatchObject({
      requestId: reply.json().error.requestId,
      error: { type: 'TypeError', message: expect.stringContaining('secret') },
    })
  })

  it('includes an answer that does not fit its schema, of which nothing leaks', async () => {
    const wrong = { ...viewOf(), progress: 'secret' } as unknown as JobView
    await using test = await testApp([{ 'jobs.view': async () => wrong }])
    const reply = await test.app.inject(`/jobs/${jobId}`)
    expect(reply.statusCode).toBe(500)
    expect(Problem.parse(reply.json()).error.code).toBe('internal_error')
    expect(reply.body).not.toContain('secret')
  })

  it('does not include what an answer has beyond its schema', async () => {
    await using test = await testApp([{ 'jobs.view': async () => ({ ...viewOf(), token: 'secret' }) }])
    expect((await test.app.inject(`/jobs/${jobId}`)).json()).toEqual(viewOf())
  })

  it('responds with Retry-After when the queue is down', async () => {
    await using test = await testApp([
      {
        'jobs.view': async () => {
          throw new Error('Connection is closed.')
        },
      },
    ])
    const reply = await test.app.inject(`/jobs/${jobId}`)
    expect(reply.statusCode).toBe(503)
    expect(reply.headers['retry-after']).toBe('5')
    expect(reply.json().error.code).toBe('queue_unavailable')
  })
})

describe('the log', () => {
  it('contains requests and their results, but no prompt, spec or credential', async () => {
    const log: string[] = []
    await using test = await testApp([{ 'jobs.submit': async ({ jobId }) => ({ jobId, created: true }) }], {
      log,
    })
    const headers = { authorization: 'Bearer hunter2', cookie: 'session=hunter2' }
    const url = '/generate-backend?token=hunter2'
    await test.app.inject({
      method: 'POST',
      url,
      headers,
      payload: { prompt: 'private words', spec: 'private sql' },
    })
    await test.app.inject({ method: 'POST', url, headers, payload: '{"prompt": "private words' })
    await test.app.inject({ method: 'POST', url, headers, payload: { prompt: 'private words', other: 1 } })
    await until(() => log.filter((line) => line.includes('request completed')).length === 3)
    const text = log.join('')
    expect(text).toContain('"method":"POST","path":"/generate-backend","status":202')
    expect(text).not.toMatch(/private|hunter2/)
  })
})

describe('a connection', () => {
  it('that does not speak HTTP gets a 400', async () => {
    await using test = await testApp([])
    const reply = await speak(await test.listen(), 'HELO\r\n\r\n')
    expect(reply).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(Problem.parse(JSON.parse(reply.split('\r\n\r\n')[1]!)).error.code).toBe('bad_http')
  })

  it('with endless headers gets a 431', async () => {
    await using test = await testApp([])
    const reply = await speak(
      await test.listen(),
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
    )
    expect(reply).toMatch(/^HTTP\/1\.1 431 /)
    expect(Problem.parse(JSON.parse(reply.split('\r\n\r\n')[1]!)).error.code).toBe('headers_too_large')
  })

  it('that ends in the middle of a body queues nothing', async () => {
    const log: string[] = []
    await using test = await testApp([], { log })
    const socket = createConnection(Number(new URL(await test.listen()).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /generate-backend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n')
    socket.write('Content-Length: 1000\r\n\r\n{"prompt": "x')
    await sleep(20)
    socket.destroy()
    await sleep(50)
    expect(log.join('')).not.toMatch(/request failed|job queued/)
  })

  it('that brings its body slowly is served', async () => {
    await using test = await testApp([{ 'jobs.submit': async ({ jobId }) => ({ jobId, created: true }) }])
    const body = JSON.stringify({ prompt: 'Bücher' })
    const socket = createConnection(Number(new URL(await test.listen()).port), '127.0.0.1')
    let reply = ''
    socket.on('data', (chunk) => (reply += String(chunk)))
    socket.write('POST /generate-backend HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n')
    socket.write(`Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`)
    for (const byte of Buffer.from(body)) {
      socket.write(Uint8Array.of(byte))
      await sleep(1)
    }
    await once(socket, 'close')
    expect(reply).toMatch(/^HTTP\/1\.1 202 /)
  })

  it('that is kept alive does not hold up the end', async () => {
    let asked = false
    const slow = () => {
      asked = true
      return sleep(50, viewOf())
    }
    await using test = await testApp([{ 'jobs.view': slow }])
    const origin = await test.listen()
    const answer = fetch(`${origin}/jobs/${jobId}`)
    await until(() => asked)
    const started = performance.now()
    await test.app.close()
    expect(performance.now() - started).toBeLessThan(15_000)
    expect((await answer).status).toBe(200)
  })

  it('that sends another request during shutdown gets a 503', async () => {
    let asked = false
    const slow = () => {
      asked = true
      return sleep(100, viewOf())
    }
    await using test = await testApp([{ 'jobs.view': slow }])
    const socket = createConnection(Number(new URL(await test.listen()).port), '127.0.0.1')
    let reply = ''
    socket.on('data', (chunk) => (reply += String(chunk)))
    socket.write(`GET /jobs/${jobId} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await until(() => asked)
    const closed = test.app.close()
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'close')
    await closed
    expect(reply).toMatch(/^HTTP\/1\.1 200 /)
    expect(reply).toMatch(/HTTP\/1\.1 503 [^]*"code":"shutting_down"/)
  })
})
