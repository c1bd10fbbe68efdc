import { createServer, request } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { BUCKET, S3RVER, S3RVER_KEYS, hasS3rver, startS3rver } from './support/s3rver.ts'
import { run } from './support/process.ts'
import { freePort } from './support/ports.ts'
import { ROOT, temporaryFolder } from './support/service.ts'

/** A bucket whose job listings fail on demand: the first step of a recovery. */
async function openBucket() {
  await using stack = new AsyncDisposableStack()
  const bucket = stack.use(await startS3rver({ conditional: true }))
  const state = { lists: false, refused: 0 }
  const proxy = createServer((asked, reply) => {
    if (!state.lists && /[?&]prefix=jobs%2Fjobs%2F/.test(asked.url ?? '')) {
      state.refused++
      reply.writeHead(503, { 'content-type': 'application/xml' })
      return reply.end('<?xml version="1.0"?><Error><Code>SlowDown</Code></Error>')
    }
    const { method, url: path, headers } = asked
    const on = request(`${bucket.endpoint}${path}`, { method, headers }, (answered) => {
      reply.writeHead(answered.statusCode!, answered.headers)
      answered.pipe(reply)
    })
    on.once('error', () => reply.destroy())
    return asked.pipe(on)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  stack.defer(() => void proxy.closeAllConnections())
  stack.defer(() => void proxy.close())
  const { path } = stack.use(await temporaryFolder('bucket-away'))
  const owned = stack.move()
  return {
    state,
    async startApi() {
      const port = await freePort()
      const api = run(process.execPath, ['api/main.ts'], {
        cwd: ROOT,
        env: {
          PORT: String(port),
          DATA_DIR: path,
          STORE_URL: `s3://${BUCKET}/jobs`,
          STORE_S3_ENDPOINT: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
          AWS_ACCESS_KEY_ID: S3RVER_KEYS.accessKeyId,
          AWS_SECRET_ACCESS_KEY: S3RVER_KEYS.secretAccessKey,
        },
      })
      owned.use(api)
      return { ...api, url: `http://127.0.0.1:${port}` }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

describe.skipIf(!hasS3rver)(`a bucket that fails while an API starts (${S3RVER})`, () => {
  const storeOf = async (url: string) => {
    const reply = await fetch(`${url}/ready`)
    const body = (await reply.json()) as { checks: { store: { ready: boolean; message: string | null } } }
    return { status: reply.status, ...body.checks.store }
  }

  it(
    'makes it not ready, with the reason, until the bucket responds again',
    { timeout: 180_000 },
    async () => {
      await using bucket = await openBucket()
      const api = await bucket.startApi()
      await api.line(/API on http/)
      expect(await storeOf(api.url)).toEqual({
        status: 503,
        ready: false,
        message: expect.stringMatching(
          /^Jobs from before the start have not been recovered yet; retrying\. .*bucket/,
        ),
      })
      bucket.state.lists = true
      await api.line(/jobs from before the start recovered/)
      expect(await storeOf(api.url)).toMatchObject({ ready: true, message: null })
      api.child.kill('SIGTERM')
      expect(await api.exited).toMatchObject({ code: 0 })
    },
  )

  it('does not prevent shutdown, before it listens and after', { timeout: 180_000 }, async () => {
    await using bucket = await openBucket()
    const before = await bucket.startApi()
    await expect.poll(() => bucket.state.refused, { timeout: 60_000 }).toBeGreaterThan(0)
    before.child.kill('SIGTERM')
    expect(await before.exited).toMatchObject({ code: 0 })
    expect(before.output()).not.toMatch(/API on/)
    const after = await bucket.startApi()
    await after.line(/API on http/)
    after.child.kill('SIGTERM')
    expect(await after.exited).toMatchObject({ code: 0 })
    expect(after.output()).toMatch(/Stopping…\s*$/)
  })
})
