import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'
import { jobId, viewOf } from '../testing/jobs.ts'

const remove = { method: 'DELETE', url: `/jobs/${jobId}` } as const

describe('DELETE /jobs/:jobId', () => {
  it.each(['cancelled', 'already_cancelled'] as const)(
    'answers with the cancelled job: %s',
    async (result) => {
      const view = viewOf({ state: 'cancelled', finishedAt: '2026-11-23T09:31:00.000Z' })
      await using test = await testApp([
        { 'jobs.cancel': async () => result },
        { 'jobs.view': async () => view },
      ])
      const reply = await test.app.inject(remove)
      expect(reply.statusCode).toBe(200)
      expect(reply.json()).toEqual(view)
    },
  )

  it('takes the header that some clients send with every request', async () => {
    await using test = await testApp([
      { 'jobs.cancel': async () => 'cancelled' },
      { 'jobs.view': async () => viewOf({ state: 'cancelled' }) },
    ])
    const reply = await test.app.inject({ ...remove, headers: { 'content-type': 'application/json' } })
    expect(reply.statusCode).toBe(200)
  })

  it('refuses a completed job, and says where its archive is', async () => {
    const archive = { filename: 'a.zip', bytes: 1, sha256: 'a'.repeat(64), url: `/jobs/${jobId}/archive` }
    await using test = await testApp([
      { 'jobs.cancel': async () => 'already_finished' },
      {
        'jobs.view': async () =>
          viewOf({ state: 'completed', finishedAt: '2026-11-23T09:31:00.000Z', archive }),
      },
    ])
    const reply = await test.app.inject(remove)
    expect(reply.statusCode).toBe(409)
    expect(reply.json().error).toMatchObject({
      code: 'job_finished',
      message: `The job completed at 2026-11-23T09:31:00.000Z and can no longer be cancelled. Download its archive from /jobs/${jobId}/archive.`,
    })
  })

  it('refuses a failed job, and says why it failed', async () => {
    const error = { code: 'design_failed', message: 'The prompt names nothing to store.' }
    await using test = await testApp([
      { 'jobs.cancel': async () => 'already_finished' },
      { 'jobs.view': async () => viewOf({ state: 'failed', error }) },
    ])
    const reply = await test.app.inject(remove)
    expect(reply.statusCode).toBe(409)
    expect(reply.json().error.message).toBe(
      `The job ended as failed and can no longer be cancelled: The prompt names nothing to store. See /jobs/${jobId}.`,
    )
  })

  it('responds with 404 to an unknown id', async () => {
    await using test = await testApp([{ 'jobs.cancel': async () => 'unknown' }])
    expect((await test.app.inject(remove)).statusCode).toBe(404)
  })
})
