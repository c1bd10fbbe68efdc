import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { createKey, formatKey } from '../api/access/keys.ts'
import { webhookSecretOf } from '#lib/webhook-signature'
import { startMain, temporaryFolder } from './support/service.ts'

/** A callback end to end. */

const ci = createKey({ name: 'ci', scopes: ['generate'], expiresAt: null })
const SECRET = 'the secret of callbacks that only tests know'

describe('a callback of the whole service', { timeout: 360_000 }, () => {
  it('is sent with a signature when the job ends, with a link that works without a key', async () => {
    await using data = await temporaryFolder('data')
    const called = Promise.withResolvers<{ body: string; headers: IncomingHttpHeaders }>()
    const receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      response.end()
      called.resolve({ body: Buffer.concat(chunks).toString(), headers: request.headers })
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { port } = receiver.address() as AddressInfo
    await using service = await startMain({
      dataDir: data.path,
      env: {
        API_KEYS: formatKey(ci.key),
        WEBHOOK_SECRET: SECRET,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
        PUBLIC_URL: 'http://public.example',
      },
    })
    expect(service.output()).toMatch(/^  Notifier on   callbacks$/m)

    const asked = await fetch(`${service.url}/generate-backend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ci.secret}` },
      body: JSON.stringify({ prompt: 'a todo app', callbackUrl: `http://127.0.0.1:${port}/hook` }),
    })
    expect(asked.status).toBe(202)
    const { body, headers } = await called.promise
    receiver.close()
    const event = JSON.parse(body)
    expect(event.type).toBe('job.completed')
    expect(headers['webhook-id']).toBe(event.id)
    const received = headers as Record<string, string>
    expect(new Webhook(webhookSecretOf(SECRET, 'ci')).verify(body, received)).toEqual(event)
    expect(() => new Webhook(webhookSecretOf(SECRET, 'other')).verify(body, received)).toThrow(
      'No matching signature',
    )

    // The key lacks the scope; the link works.
    const archive = await fetch(event.archiveUrl.replace('http://public.example', service.url))
    expect(archive.status).toBe(200)
    expect((await archive.arrayBuffer()).byteLength).toBe(event.job.archive.bytes)
    expect(service.output()).not.toMatch(/signature=|whsec_/)
  })
})
