import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BUCKET, S3RVER, S3RVER_KEYS, hasS3rver, startS3rver } from '../../../test/support/s3rver.ts'
import { describeJobStore, aRecord } from '../testing/store-contract.ts'
import { openS3Store } from './open-s3-store.ts'

const targetAt = (endpoint: string) =>
  ({
    kind: 's3',
    bucket: BUCKET,
    prefix: 'team/backends/',
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    links: true,
  }) as const
const credentials = S3RVER_KEYS

describeJobStore(
  `a bucket of ${S3RVER}`,
  async () => {
    const server = await startS3rver({ conditional: true })
    const open = () => openS3Store(targetAt(server.endpoint), { credentials })
    return {
      store: await open(),
      other: await open(),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  },
  { skip: !hasS3rver },
)

describe('a bucket that does not suit', { skip: !hasS3rver }, () => {
  it('is refused when its server ignores conditional writes', async () => {
    await using server = await startS3rver({ conditional: false })
    await expect(openS3Store(targetAt(server.endpoint), { credentials })).rejects.toMatchObject({
      code: 'store_setup',
      message: expect.stringMatching(
        /8 of 8 writers with If-None-Match: \* succeeded\. Use a server that supports them/,
      ),
    })
  })

  it('is refused when it is not there, with what to do', async () => {
    await using server = await startS3rver({ conditional: true })
    const target = { ...targetAt(server.endpoint), bucket: 'another' }
    await expect(openS3Store(target, { credentials })).rejects.toMatchObject({
      code: 'store_setup',
      message: expect.stringContaining('The bucket does not exist: create it, or correct STORE_URL.'),
    })
  })
})

/** A server that answers everything in one way. */
async function answering(status: number, code: string) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret-text</Message></Error>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a server that refuses', () => {
  it.each([
    [403, 'SignatureDoesNotMatch', 'store_setup', 'check AWS_ACCESS_KEY_ID'],
    [403, 'AccessDenied', 'store_setup', 's3:ListBucket'],
    [301, 'PermanentRedirect', 'store_setup', 'set STORE_S3_REGION'],
    [501, 'NotImplemented', 'store_setup', 'rejects conditional writes'],
    [503, 'SlowDown', 'store_unavailable', 'SlowDown (503)'],
  ])('with %i %s fails the start with advice', async (status, name, code, sentence) => {
    const endpoint = await answering(status, name)
    const opened = openS3Store(targetAt(endpoint), { credentials, maxAttempts: 1, startupTimeoutMs: 0 })
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) })
    const message = await opened.catch((error: Error) => error.message)
    expect(message).not.toMatch(/S3RVER|secret-text/)
  })

  it('says where nobody listens', async () => {
    const opened = openS3Store(targetAt('http://127.0.0.1:9'), { credentials, startupTimeoutMs: 0 })
    await expect(opened).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('ECONNREFUSED. Check that the server is running'),
    })
  })
})

describe('an archive in a bucket', { skip: !hasS3rver }, () => {
  it('is opened by its presigned link without credentials, under its name', async () => {
    await using server = await startS3rver({ conditional: true })
    const store = await openS3Store(targetAt(server.endpoint), { credentials })
    const { jobId } = aRecord()
    await store.writeArchive(jobId, 'todo.zip', Buffer.from('PK zip'))
    const link = await store.archiveLink(jobId, 'attachment; filename="todo.zip"')
    expect(link).toContain('X-Amz-Expires=300')
    expect(link).not.toContain('S3RVER&')
    const reply = await fetch(link!)
    expect(await reply.text()).toBe('PK zip')
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="todo.zip"')
  })

  it('has no link unless that is set', async () => {
    await using server = await startS3rver({ conditional: true })
    const store = await openS3Store({ ...targetAt(server.endpoint), links: false }, { credentials })
    expect(await store.archiveLink(aRecord().jobId, 'attachment')).toBeNull()
  })
})
