import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'
import { jobId, record } from '../testing/jobs.ts'

const at = '2026-11-23T09:30:05.000Z'
const failed = { finishedAt: at, startedAt: null, percent: 10, stage: null, steps: [] }
const change = { kind: 'change', key: 'k', prompt: 'add tags', origin: { kind: 'rest' }, owner: null, at }

describe('GET /jobs/:jobId/request', () => {
  it('gives the request as it was stored, and what was asked later', async () => {
    const stored = { ...record, options: { auth: 'jwt' as const }, spec: 'create table a (id int)' }
    await using test = await testApp([
      {
        'store.readRecord': async (id) => {
          expect(id).toBe(jobId)
          return stored
        },
      },
      // No plan, and the job failed after a change was asked for.
      { 'store.readCheckpoint': async () => null },
      { 'store.readOutcome': async () => ({ ...failed, state: 'cancelled' as const }) },
      { 'store.readCheckpoint': async () => change },
      { 'store.readCheckpoint': async () => null },
    ])
    const reply = await test.app.inject(`/jobs/${jobId}/request`)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({
      ...stored,
      planChanges: { words: [], options: {} },
      droppedChanges: ['add tags'],
    })
  })

  it('responds with 404 to an unknown job', async () => {
    await using test = await testApp([{ 'store.readRecord': async () => null }])
    const reply = await test.app.inject(`/jobs/${jobId}/request`)
    expect(reply.statusCode).toBe(404)
    expect(reply.json().error.code).toBe('job_not_found')
  })
})
