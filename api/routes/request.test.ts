import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'
import { jobId, record } from '../testing/jobs.ts'

describe('GET /jobs/:jobId/request', () => {
  it('gives the request as it was stored', async () => {
    const stored = { ...record, options: { auth: 'jwt' as const }, spec: 'create table a (id int)' }
    await using test = await testApp([
      {
        'store.readRecord': async (id) => {
          expect(id).toBe(jobId)
          return stored
        },
      },
    ])
    const reply = await test.app.inject(`/jobs/${jobId}/request`)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual(stored)
  })

  it('responds with 404 to an unknown job', async () => {
    await using test = await testApp([{ 'store.readRecord': async () => null }])
    const reply = await test.app.inject(`/jobs/${jobId}/request`)
    expect(reply.statusCode).toBe(404)
    expect(reply.json().error.code).toBe('job_not_found')
  })
})
