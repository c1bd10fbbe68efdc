import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { SWIFT_KEYS, hasSwift, startSwift } from '../../../test/support/swift.ts'
import { describeJobStore } from '../testing/store-contract.ts'
import { openS3Store } from './open-s3-store.ts'

const has = await hasSwift()
const name = has
  ? 'Swift'
  : 'Swift, skipped: apt install swift-proxy swift-account swift-container swift-object'
const targetAt = (endpoint: string) =>
  ({
    kind: 's3',
    bucket: 'job-store',
    prefix: '',
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    links: true,
  }) as const

async function bucketAt(endpoint: string): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: SWIFT_KEYS,
  })
  await client.send(new CreateBucketCommand({ Bucket: 'job-store' }))
  client.destroy()
}

// It checks every signature, presigned ones too.
describeJobStore(
  `a bucket of ${name}`,
  async () => {
    const swift = await startSwift()
    await bucketAt(swift.endpoint)
    const open = () => openS3Store(targetAt(swift.endpoint), { credentials: SWIFT_KEYS })
    return {
      store: await open(),
      other: await open(),
      [Symbol.asyncDispose]: () => swift[Symbol.asyncDispose](),
    }
  },
  { skip: !has, timeoutMs: 60_000 },
)

describe('Swift as it is packaged', { skip: !has, timeout: 240_000 }, () => {
  it('is refused, since it takes no conditional writes', async () => {
    await using swift = await startSwift({ conditional: false })
    await bucketAt(swift.endpoint)
    const opened = openS3Store(targetAt(swift.endpoint), { credentials: SWIFT_KEYS })
    await expect(opened).rejects.toMatchObject({
      code: 'store_setup',
      message: expect.stringContaining('rejects conditional writes (If-None-Match: *)'),
    })
  })

  it('checks signatures: of a wrong secret, and of presigned links', async () => {
    await using swift = await startSwift()
    await bucketAt(swift.endpoint)
    const credentials = { ...SWIFT_KEYS, secretAccessKey: 'wrong-wrong-wrong' }
    const opened = openS3Store(targetAt(swift.endpoint), { credentials })
    await expect(opened).rejects.toMatchObject({
      code: 'store_setup',
      message: expect.stringContaining('check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'),
    })
    expect(await opened.catch((error: Error) => JSON.stringify(error) + error.message)).not.toContain(
      'wrong-wrong',
    )
    const store = await openS3Store(targetAt(swift.endpoint), { credentials: SWIFT_KEYS })
    const jobId = '01hzy3v9m8x7q6w5e4r3t2y1k0'
    await store.writeArchive(jobId, 'todo.zip', Buffer.from('PK zip'))
    const link = (await store.archiveLink(jobId, 'attachment; filename="todo.zip"'))!
    const reply = await fetch(link)
    expect([reply.status, await reply.text()]).toEqual([200, 'PK zip'])
    expect((await fetch(link.replace(/Signature=./, 'Signature=z'))).status).toBe(403)
  })
})
