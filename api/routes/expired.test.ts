import { describe, expect, it } from 'vitest'
import type { InjectOptions } from 'fastify'
import type { ScriptStep } from '../testing/scripted.ts'
import { testApp } from '../testing/app.ts'
import { completed, jobId, record } from '../testing/jobs.ts'

const EXPIRED_AT = '2026-11-20T08:00:00.000Z'
const tombstoneOf = async () => ({ jobId, owner: 'team-a', origin: record.origin, expiredAt: EXPIRED_AT })
const noView: ScriptStep[] = [{ 'jobs.view': async () => null }]
const noRecord: ScriptStep[] = [{ 'store.readRecord': async () => null }]

describe('a job that was kept for long enough', () => {
  it.each<[what: string, request: InjectOptions, steps: ScriptStep[]]>([
    ['its view', { url: `/jobs/${jobId}` }, noView],
    ['its events', { url: `/jobs/${jobId}/events` }, noView],
    ['its request', { url: `/jobs/${jobId}/request` }, noRecord],
    [
      'its archive',
      { url: `/jobs/${jobId}/archive` },
      [{ 'store.readOutcome': async () => null }, ...noRecord],
    ],
    [
      'cancelling it',
      { method: 'DELETE', url: `/jobs/${jobId}` },
      [{ 'jobs.cancel': async () => 'unknown' }],
    ],
    [
      'refining it',
      { method: 'POST', url: `/jobs/${jobId}/refine`, payload: { prompt: 'add comments' } },
      noRecord,
    ],
  ])('%s: answers 410, and until when it was there', async (_what, request, steps) => {
    await using test = await testApp(steps, { tombstoneOf })
    const reply = await test.app.inject(request)
    expect(reply.statusCode).toBe(410)
    expect(reply.json().error).toMatchObject({
      code: 'job_expired',
      message: `This job and its archive expired at ${EXPIRED_AT}. Generate the backend again.`,
    })
  })

  it('is not looked for under what cannot be an id', async () => {
    const tombstoneOf = () => Promise.reject(new Error('asked'))
    await using test = await testApp([], { tombstoneOf })
    expect((await test.app.inject('/jobs/..%2f..%2fetc')).statusCode).toBe(404)
  })
})

describe('an archive that was kept for long enough', () => {
  const etag = 'a'.repeat(64)
  const outcome = completed({ filename: 'todo.zip', bytes: 5, sha256: etag })
  if (outcome.state !== 'completed') throw new Error('unreachable')
  const expired = { ...outcome, archive: { ...outcome.archive, expiredAt: EXPIRED_AT } }

  it.each<[what: string, headers: Record<string, string>]>([
    ['the whole', {}],
    ['a part', { range: 'bytes=0-1' }],
    ['a cached copy', { 'if-none-match': `"${etag}"` }],
  ])('answers 410 for %s, without opening it', async (_what, headers) => {
    await using test = await testApp([{ 'store.readOutcome': async () => expired }])
    const reply = await test.app.inject({ url: `/jobs/${jobId}/archive`, headers })
    expect(reply.statusCode).toBe(410)
    expect(reply.json().error).toMatchObject({
      code: 'archive_expired',
      message: `The archive expired at ${EXPIRED_AT}. To generate it again, resend the request from /jobs/${jobId}/request.`,
    })
  })

  it('answers HEAD in the same way', async () => {
    await using test = await testApp([{ 'store.readOutcome': async () => expired }])
    const reply = await test.app.inject({ method: 'HEAD', url: `/jobs/${jobId}/archive` })
    expect(reply.statusCode).toBe(410)
  })
})
