import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { JobView, type Delivery, type JobRecord } from '#contract'
import { readAllowedHost } from '#lib/public-address'
import { makeLinkTo, makeLinks } from '#lib/signed-link'
import { webhookSecretOf } from '#lib/webhook-signature'
import { readDelivery } from '#queue/conversation'
import { runDeliverWorker } from '#queue/consumer/deliver-worker'
import { KINDS, aRecord, completed, eventually, failed, openHarness, silent } from '#queue/testing/harness'
import type { Lookup } from './post-once.ts'
import { makeCallbackNotifier } from './notify-callback.ts'

type ReceivedRequest = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly url: string }
type Answer = (response: ServerResponse, turn: number) => void

const SECRETS = [
  'the secret of callbacks that only tests know',
  'the one before it, which is still accepted',
] as const
const loopback = readAllowedHost('127.0.0.1')!

/** A callback receiver; `answer` sends the response. */
async function openReceiver(answer: Answer = (response) => response.end()) {
  const received: ReceivedRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      url: request.url ?? '',
    })
    answer(response, received.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    received,
    port,
    url: `http://127.0.0.1:${port}/hook?token=of-theirs`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

type Options = Partial<Parameters<typeof makeCallbackNotifier>[0]> & { dataDir?: string }

/** A real queue and store with a deliver worker. */
async function openQueue(options: Options = {}) {
  await using stack = new AsyncDisposableStack()
  const queue = stack.use(await openHarness(KINDS[0]))
  const converse = makeCallbackNotifier({
    secrets: SECRETS,
    allowed: [loopback],
    linkTo: makeLinkTo({ links: makeLinks([SECRETS[0]]), publicUrl: 'https://b.example', hours: 1 }),
    version: '1.2.3',
    log: silent,
    pausesS: [0.01, 0.01, 0.01],
    // Long enough for a busy machine.
    timeoutMs: 30_000,
    ...options,
  })
  const deliver = () => runDeliverWorker({ ...queue, log: silent, concurrency: 5, pollMs: 100, converse })
  const owned = stack.move()
  return {
    ...queue,
    /** Runs a job to the given end; returns the result of its callback. */
    async tell(
      callbackUrl: string,
      over: Partial<JobRecord> = {},
    ): Promise<{ jobId: string; delivery: Delivery }> {
      const worker = deliver()
      owned.defer(() => worker.stop())
      queue.worker(async () => completed())
      const { jobId } = await queue.jobs.submit(aRecord({ callbackUrl, owner: 'ci', ...over }))
      return { jobId, delivery: await eventually(() => readDelivery(queue.store, jobId), 90_000) }
    },
    deliver() {
      const worker = deliver()
      owned.defer(() => worker.stop())
      return worker
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The verification code from the documentation. */
async function documentedVerifier() {
  const text = await readFile('docs/guide/webhooks.md', 'utf8')
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
  const library = pathToFileURL(createRequire(import.meta.url).resolve('standardwebhooks')).href
  const module = await import(
    `data:text/javascript,${encodeURIComponent(code.replace("'standardwebhooks'", `'${library}'`))}`
  )
  return module.readEvent as (body: Buffer, headers: IncomingHttpHeaders, secret: string) => unknown
}

describe('a callback', { concurrent: true, timeout: 90_000 }, () => {
  test('reports how the job ended, with a signature, and stores the delivery result', async () => {
    await using receiver = await openReceiver()
    await using queue = await openQueue()
    const { jobId, delivery } = await queue.tell(receiver.url)
    expect(delivery).toMatchObject({ state: 'delivered', place: 'callback', archive: 'link' })
    expect((await queue.jobs.view(jobId))?.delivery).toEqual(delivery)

    expect(receiver.received).toHaveLength(1)
    const { headers, body, url } = receiver.received[0]!
    expect(url).toBe('/hook?token=of-theirs')
    expect(headers).toMatchObject({
      host: `127.0.0.1:${receiver.port}`,
      'content-type': 'application/json',
      'user-agent': 'backend-generator/1.2.3',
      'webhook-id': `evt_${jobId}`,
    })
    const event = JSON.parse(body)
    expect(event).toMatchObject({
      id: `evt_${jobId}`,
      type: 'job.completed',
      job: { jobId, state: 'completed' },
    })
    expect(event.createdAt).toBe(event.job.finishedAt)
    expect(event.archiveUrl).toMatch(/^https:\/\/b\.example\/jobs\/.*\/archive\?expires=\d+&signature=/)
    JobView.parse(event.job)
  })

  test('is verified by the documented code with either secret, but not with another key’s', async () => {
    await using receiver = await openReceiver()
    await using queue = await openQueue()
    await queue.tell(receiver.url)
    const { headers, body } = receiver.received[0]!
    const readEvent = await documentedVerifier()
    const read = (secret: string, text = body, sent = headers) => readEvent(Buffer.from(text), sent, secret)
    for (const secret of SECRETS) expect(read(webhookSecretOf(secret, 'ci'))).toEqual(JSON.parse(body))
    const secret = webhookSecretOf(SECRETS[0], 'ci')
    expect(() => read(webhookSecretOf(SECRETS[0], 'cd'))).toThrow('No matching signature')
    expect(() => read(secret, `${body} `)).toThrow('No matching signature')
    for (const [name, value] of [
      ['webhook-id', 'evt_other'],
      ['webhook-timestamp', String(Number(headers['webhook-timestamp']) + 1)],
    ] as const)
      expect(() => read(secret, body, { ...headers, [name]: value })).toThrow('No matching signature')
    const old = String(Number(headers['webhook-timestamp']) - 301)
    expect(() => read(secret, body, { ...headers, 'webhook-timestamp': old })).toThrow('too old')
  })

  test('is retried until accepted, with one id and a new timestamp and signature for each attempt', async () => {
    await using receiver = await openReceiver((response, turn) => {
      if (turn === 1) response.destroy()
      else response.writeHead(turn === 2 ? 503 : 204).end()
    })
    const start = Date.now() - 120_000
    let attempts = 0
    await using queue = await openQueue({ now: () => new Date(start + 60_000 * attempts++) })
    const { jobId, delivery } = await queue.tell(receiver.url)
    expect(delivery.state).toBe('delivered')
    const sent = receiver.received.map(({ headers }) => headers)
    for (const name of ['webhook-id', 'x-event-id'])
      expect(sent.map((headers) => headers[name])).toEqual(Array(3).fill(`evt_${jobId}`))
    expect(sent.map((headers) => Number(headers['webhook-timestamp']))).toEqual(
      [0, 60, 120].map((seconds) => Math.floor(start / 1000) + seconds),
    )
    const webhook = new Webhook(webhookSecretOf(SECRETS[0], 'ci'))
    for (const { body, headers } of receiver.received)
      expect(webhook.verify(body, headers as Record<string, string>)).toMatchObject({ id: `evt_${jobId}` })
  })

  test('has a unique id', async () => {
    await using receiver = await openReceiver()
    await using queue = await openQueue()
    const { jobId } = await queue.tell(receiver.url)
    const other = await queue.tell(receiver.url)
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      `evt_${jobId}`,
      `evt_${other.jobId}`,
    ])
    expect(other.jobId).not.toBe(jobId)
  })

  test('becomes undeliverable after its attempts, with the last response', async () => {
    await using receiver = await openReceiver((response) => response.writeHead(500).end('token=of-theirs'))
    await using queue = await openQueue()
    const { delivery } = await queue.tell(receiver.url)
    expect(receiver.received).toHaveLength(4)
    expect(delivery).toMatchObject({
      state: 'undeliverable',
      reason: 'callback_failed',
      message: '127.0.0.1 did not accept the event in 4 attempts; the last one returned 500.',
    })
  })

  test('honours Retry-After', async () => {
    const at: number[] = []
    await using receiver = await openReceiver((response, turn) => {
      at.push(Date.now())
      response.writeHead(turn === 1 ? 429 : 200, { 'retry-after': '1' }).end()
    })
    await using queue = await openQueue()
    await queue.tell(receiver.url)
    expect(at[1]! - at[0]!).toBeGreaterThan(900)
  })

  test('does not follow redirects', async () => {
    await using target = await openReceiver()
    await using receiver = await openReceiver((response) =>
      response.writeHead(307, { location: target.url }).end(),
    )
    await using queue = await openQueue()
    const { delivery } = await queue.tell(receiver.url)
    expect(delivery).toMatchObject({ state: 'undeliverable', reason: 'redirected' })
    expect([receiver.received.length, target.received.length]).toEqual([1, 0])
  })

  test('ends when the endpoint is gone', async () => {
    await using receiver = await openReceiver((response) => response.writeHead(410).end())
    await using queue = await openQueue()
    expect((await queue.tell(receiver.url)).delivery).toMatchObject({ reason: 'gone' })
    expect(receiver.received).toHaveLength(1)
  })

  test('times out without a response, and does not read an endless one', async () => {
    await using receiver = await openReceiver((response, turn) => {
      if (turn === 1) return
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1)
      response.on('close', () => clearInterval(timer))
    })
    await using queue = await openQueue({ timeoutMs: 1_000 })
    const { delivery } = await queue.tell(receiver.url)
    expect(delivery.state).toBe('delivered')
    // One more on a busy machine.
    expect(receiver.received.length).toBeGreaterThanOrEqual(2)
  })

  test('is also sent for failed and cancelled jobs', async () => {
    await using receiver = await openReceiver()
    await using queue = await openQueue()
    queue.deliver()
    const cancelled = await queue.jobs.submit(aRecord({ callbackUrl: receiver.url }))
    await queue.jobs.cancel(cancelled.jobId)
    queue.worker(async () => failed('design_failed'))
    const failing = await queue.jobs.submit(aRecord({ callbackUrl: receiver.url }))
    for (const { jobId } of [cancelled, failing])
      expect(await eventually(() => readDelivery(queue.store, jobId), 90_000)).toMatchObject({
        archive: 'none',
      })
    const types = receiver.received
      .map(({ body }) => JSON.parse(body))
      .map(({ type, archiveUrl }) => [type, archiveUrl])
    expect(types).toEqual(
      expect.arrayContaining([
        ['job.cancelled', null],
        ['job.failed', null],
      ]),
    )
  })

  test('is sent by the next worker after one that stopped', async () => {
    await using receiver = await openReceiver()
    await using queue = await openQueue()
    const first = queue.deliver()
    const { jobId } = await queue.jobs.submit(aRecord({ callbackUrl: receiver.url }))
    await sleep(100)
    await first.stop()
    expect(receiver.received).toEqual([])
    queue.deliver()
    await queue.jobs.cancel(jobId)
    expect(await eventually(() => readDelivery(queue.store, jobId), 90_000)).toMatchObject({
      state: 'delivered',
    })
    expect(receiver.received).toHaveLength(1)
  })
})

describe('a callback into a private network', { concurrent: true, timeout: 90_000 }, () => {
  const leadsTo =
    (...addresses: string[]): Lookup =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

  test.each([
    ['127.0.0.1'],
    ['10.0.0.7'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['fd00::1'],
    // One allowed address is not enough.
    ['93.184.216.34', '127.0.0.1'],
  ])('is not sent, whatever name it has: %s', async (...addresses) => {
    await using receiver = await openReceiver()
    await using queue = await openQueue({ allowed: [], lookup: leadsTo(...addresses) })
    const { delivery } = await queue.tell(`https://hooks.example.com:${receiver.port}/`)
    expect(delivery).toMatchObject({ state: 'undeliverable', reason: 'address_refused' })
    expect(receiver.received).toEqual([])
  })

  test('is not sent to a host that is no longer allowed', async () => {
    await using receiver = await openReceiver()
    await using queue = await openQueue({ allowed: [] })
    expect((await queue.tell(receiver.url)).delivery).toMatchObject({ reason: 'address_refused' })
    expect(receiver.received).toEqual([])
  })

  test('goes to the checked address, even if the name resolves differently afterwards', async () => {
    await using receiver = await openReceiver()
    const asked: string[] = []
    const rebinding: Lookup = async (host) => {
      asked.push(host)
      return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
    }
    await using queue = await openQueue({
      allowed: [readAllowedHost('hooks.internal')!],
      lookup: rebinding,
    })
    const { delivery } = await queue.tell(`http://hooks.internal:${receiver.port}/`)
    expect(delivery.state).toBe('delivered')
    expect(asked).toEqual(['hooks.internal'])
    expect(receiver.received[0]?.headers.host).toBe(`hooks.internal:${receiver.port}`)
  })
})
