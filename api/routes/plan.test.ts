import { describe, expect, it } from 'vitest'
import { planOf } from '#contract/testing/samples'
import type { PlanDecisionResult } from '#queue/producer/decide-plan'
import { testApp } from '../testing/app.ts'
import { completed, jobId, viewOf } from '../testing/jobs.ts'

const post = (payload: unknown) =>
  ({ method: 'POST', url: `/jobs/${jobId}/plan`, payload: payload as object }) as const
const approve = { decision: 'approve', version: 1 }

async function refused(result: PlanDecisionResult) {
  await using test = await testApp([{ 'jobs.decidePlan': async () => result }])
  const reply = await test.app.inject(post(approve))
  return [reply.statusCode, reply.json().error.code, reply.json().error.message]
}

describe('POST /jobs/:jobId/plan', () => {
  it('passes the decision on and answers with the job', async () => {
    const view = viewOf()
    await using test = await testApp([
      {
        'jobs.decidePlan': async (id, decision) => {
          expect([id, decision]).toEqual([jobId, { decision: 'change', version: 2, words: 'Add tags' }])
          return { kind: 'taken' }
        },
      },
      { 'jobs.view': async () => view },
    ])
    const reply = await test.app.inject(post({ decision: 'change', version: 2, words: ' Add tags ' }))
    expect([reply.statusCode, reply.json()]).toEqual([200, view])
  })

  it.each([
    [{}, 'decision must be "approve" or "change". To cancel, delete the job.'],
    [{ decision: 'cancel', version: 1 }, 'decision must be "approve" or "change"'],
    [{ decision: 'approve' }, 'version'],
    [{ decision: 'approve', version: 0 }, 'version'],
    [{ decision: 'change', version: 1 }, 'Say what to change, in words or answers.'],
    [{ decision: 'change', version: 1, words: ' ' }, 'words'],
    [{ decision: 'change', version: 1, answers: [{ question: 'a' }] }, 'either a choice or a text'],
    [{ decision: 'approve', version: 1, words: 'x' }, 'words'],
  ])('refuses %j', async (body, message) => {
    await using test = await testApp([])
    const reply = await test.app.inject(post(body))
    expect(reply.statusCode).toBe(400)
    expect(JSON.stringify(reply.json().error)).toContain(JSON.stringify(message).slice(1, -1))
  })

  it('says why a decision is not taken', async () => {
    expect(await refused({ kind: 'unknown' })).toEqual([404, 'job_not_found', expect.any(String)])
    expect(await refused({ kind: 'no_plan' })).toEqual([
      409,
      'no_plan',
      expect.stringContaining(`/jobs/${jobId}`),
    ])
    expect(await refused({ kind: 'outdated', newest: 3 })).toEqual([
      409,
      'plan_outdated',
      'Version 1 of the plan was changed. Look at version 3 and decide on that one.',
    ])
    expect(await refused({ kind: 'decided', decision: 'approve' })).toEqual([
      409,
      'plan_decided',
      'This plan was approved already. Refine the backend when it is built.',
    ])
    expect(await refused({ kind: 'invalid', message: 'No.' })).toEqual([400, 'invalid_answer', 'No.'])
    expect(await refused({ kind: 'too_many' })).toEqual([409, 'plan_limit', expect.any(String)])
    const expired = {
      ...completed({ filename: 'a.zip', bytes: 1, sha256: 'a'.repeat(64) }),
      state: 'failed' as const,
      percent: 25,
      stage: null,
      failure: { code: 'plan_expired', message: 'Nobody decided.' },
      report: null,
    }
    expect(await refused({ kind: 'ended', outcome: expired })).toEqual([
      409,
      'plan_expired',
      expect.stringContaining('Nobody decided.'),
    ])
  })
})

describe('GET /jobs/:jobId/plan/diagram', () => {
  const get = (query = '') => ({ url: `/jobs/${jobId}/plan/diagram${query}` })
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
  const stored = {
    plan: planOf(),
    questions: [],
    progress: { percent: 25, stage: null, steps: [], attempt: 1 },
  }

  it('serves the picture of the newest plan', async () => {
    await using test = await testApp([
      { 'store.has': async () => true },
      { 'store.readCheckpoint': async () => stored },
      { 'store.readCheckpoint': async () => null },
      { 'store.readCheckpoint': async () => svg },
    ])
    const reply = await test.app.inject(get())
    expect(reply.headers['content-type']).toBe('image/svg+xml; charset=utf-8')
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'")
    expect(reply.body).toBe(svg)
  })

  it('says that there is no such plan', async () => {
    await using test = await testApp([
      { 'store.has': async () => true },
      { 'store.readCheckpoint': async () => null },
    ])
    expect((await test.app.inject(get('?version=2'))).json().error.code).toBe('no_plan')
  })
})
