import { describe, expect, it } from 'vitest'
import type { Jobs } from '#queue/producer/jobs'
import { testApp } from '../testing/app.ts'
import { jobId } from '../testing/jobs.ts'
import type { ScriptStep } from '../testing/scripted.ts'

const url = `/jobs/${jobId}/changes`
const next = '01jd8q4x7zk3m5n9p2r6s8t0vx'
const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' }
type Added = Awaited<ReturnType<Jobs['addChange']>>

const known: ScriptStep = { 'store.has': async () => true }
const adding = (added: Added, seen: unknown[] = []): ScriptStep => ({
  'jobs.addChange': async (_, change) => {
    seen.push(change)
    return added
  },
})
async function change(steps: readonly ScriptStep[], payload: object = { prompt: ' add tags ' }) {
  await using api = await testApp(steps)
  const reply = await api.app.inject({ method: 'POST', url, headers, payload })
  return { status: reply.statusCode, body: reply.json() }
}

describe('POST /jobs/:jobId/changes', () => {
  it('keeps a change, the same for the same key', async () => {
    const seen: { key: string; prompt: string }[] = []
    for (const _ of [1, 2]) {
      const { status, body } = await change([
        known,
        adding({ kind: 'waiting', waiting: 2, prompt: 'add tags' }, seen),
      ])
      expect(status).toBe(202)
      expect(body).toMatchObject({ jobId, waiting: 2, appliedBy: null })
    }
    expect(seen[0]).toMatchObject({
      kind: 'change',
      prompt: 'add tags',
      origin: { kind: 'rest' },
      owner: null,
    })
    expect(seen[1]?.key).toBe(seen[0]?.key)
  })

  it('names the job that applies it when that has started', async () => {
    const { body } = await change([
      known,
      adding({ kind: 'applied', waiting: 1, jobId: next, prompt: 'add tags' }),
    ])
    expect(body).toMatchObject({ jobId, appliedBy: next })
  })

  it.each<[string, Added]>([
    ['job_completed', { kind: 'ended', state: 'completed' }],
    ['job_failed', { kind: 'ended', state: 'failed' }],
    ['job_cancelled', { kind: 'ended', state: 'cancelled' }],
    ['changes_full', { kind: 'full' }],
    ['change_conflict', { kind: 'waiting', waiting: 1, prompt: 'other words' }],
  ])('is refused with %s', async (code, added) => {
    const { status, body } = await change([known, adding(added)])
    expect(status).toBe(409)
    expect(body.error.code).toBe(code)
  })

  it('needs a job and words', async () => {
    expect((await change([{ 'store.has': async () => false }])).status).toBe(404)
    expect((await change([], { prompt: ' ' })).status).toBe(400)
  })
})
