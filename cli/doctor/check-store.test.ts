import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { checkStore } from './check-store.ts'

const { signal } = new AbortController()

test('a folder that can be made, though no queue is there to compare it with', async () => {
  const home = await mkdtemp(join(tmpdir(), 'doctor-'))
  onTestFinished(() => rm(home, { recursive: true }))
  const store = { kind: 'file', dir: join(home, 'jobs'), setting: 'DATA_DIR' } as const
  expect(await checkStore({ store, redisUrl: undefined }, signal)).toMatchObject({ state: 'ok' })
})

test('a bucket whose server does not run: what to check', async () => {
  const store = {
    kind: 's3',
    bucket: 'backends',
    prefix: '',
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    pathStyle: true,
    links: false,
  } as const
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA-test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-of-a-test')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(checkStore({ store, redisUrl: undefined }, signal)).rejects.toThrow(
    /s3:\/\/backends\/ at http:\/\/127\.0\.0\.1:9 cannot be used: .*STORE_S3_ENDPOINT/,
  )
})
