import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { JobOutcome } from '#contract'
import { runDeliverWorker } from '#queue/consumer/deliver-worker'
import { KINDS, aRecord, completed, eventually, openHarness, silent } from '#queue/testing/harness'
import { testApp } from '../../api/testing/app.ts'
import { checkedStore } from './checked-store.ts'

const [embedded] = KINDS

/** An outcome as a clock that stepped back used to leave it. */
function backwards(): JobOutcome {
  const outcome = completed() as Extract<JobOutcome, { state: 'completed' }>
  return { ...outcome, report: { ...outcome.report, timings: { design: -3_600_000 } } }
}

describe('a store that checks what it writes', () => {
  test('keeps a readable failure where an outcome is not valid', async () => {
    await using queue = await openHarness(embedded)
    const record = aRecord()
    const lines: string[] = []
    const store = checkedStore(queue.store, pino({}, { write: (line: string) => lines.push(line) }))
    await store.createRecord(record)
    const { won, outcome } = await store.putOutcome(record.jobId, backwards())
    expect(won).toBe(true)
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'outcome_invalid' } })
    expect(await queue.store.readOutcome(record.jobId)).toEqual(outcome)
    expect(lines.join('')).toContain(record.jobId)
    await expect(store.createRecord({ ...aRecord(), version: 0 })).rejects.toThrow('version')
  })

  test('has a run whose result is not valid end as a failure, whatever gave it', async () => {
    await using queue = await openHarness(embedded)
    const { jobId } = await queue.jobs.submit(aRecord())
    queue.worker(async () => backwards())
    const view = await eventually(async () => {
      const seen = await queue.jobs.view(jobId)
      return seen?.state === 'failed' ? seen : null
    })
    expect(view.error).toMatchObject({ code: 'outcome_invalid', hint: expect.any(String) })
  })
})

describe('an outcome that cannot be read', () => {
  const origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null } as const

  test('is a failure on every route, which says what to do', async () => {
    await using queue = await openHarness(embedded)
    const { jobId } = await queue.jobs.submit(aRecord())
    await writeFile(join(queue.dataDir, 'jobs', jobId, 'outcome.json'), JSON.stringify(backwards()))
    await queue.jobs.recover('all')
    await using test = await testApp([], queue)
    const get = (url: string) => test.app.inject(url)
    const view = await get(`/jobs/${jobId}`)
    expect(view.statusCode).toBe(200)
    expect(view.json()).toMatchObject({ state: 'failed', error: { code: 'outcome_unreadable' } })
    expect((await get('/jobs')).json().jobs).toMatchObject([{ jobId, state: 'failed' }])
    const events = await get(`/jobs/${jobId}/events`)
    expect(events.body).toContain('outcome_unreadable')
    const archive = await get(`/jobs/${jobId}/archive`)
    expect(archive.statusCode).toBe(409)
    expect(archive.json().error.message).toContain('cannot be read')
    const refined = await test.app.inject({
      method: 'POST',
      url: `/jobs/${jobId}/refine`,
      payload: { prompt: 'Add comments' },
    })
    expect(refined.statusCode).toBe(409)
    const cancelled = await test.app.inject({ method: 'DELETE', url: `/jobs/${jobId}` })
    expect(cancelled.statusCode).toBe(409)
  })

  test('is reported in the thread', async () => {
    await using queue = await openHarness(embedded)
    const { jobId } = await queue.jobs.submit(aRecord({ origin }))
    await writeFile(join(queue.dataDir, 'jobs', jobId, 'outcome.json'), '{"state":"compl')
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const worker = runDeliverWorker({
      ...queue,
      log: silent,
      concurrency: 1,
      pollMs: 50,
      async converse({ follow, signal }) {
        for await (const { view } of follow(signal)) if (view.state === 'failed') resolve(view.error)
        return { state: 'delivered', at: new Date().toISOString(), place: 'thread', archive: 'none' }
      },
    })
    try {
      expect(await promise).toMatchObject({ code: 'outcome_unreadable' })
    } finally {
      await worker.stop()
    }
  })
})

describe('a record that cannot be read', () => {
  const origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null } as const

  test('is reported as an error, in the job list and in the thread', async () => {
    await using queue = await openHarness(embedded)
    const { jobId } = await queue.jobs.submit(aRecord({ origin }))
    await writeFile(join(queue.dataDir, 'jobs', jobId, 'record.json'), '{"prompt"')
    await using test = await testApp([], queue)
    for (const path of ['', '/request', '/events']) {
      const reply = await test.app.inject(`/jobs/${jobId}${path}`)
      expect(reply.statusCode).toBe(500)
      expect(reply.json().error).toMatchObject({
        code: 'job_unreadable',
        message: expect.stringContaining('again'),
      })
    }
    const { promise, resolve } = Promise.withResolvers<unknown>()
    queue.worker(async () => completed())
    const worker = runDeliverWorker({
      ...queue,
      log: silent,
      concurrency: 1,
      pollMs: 50,
      async converse({ record, follow, signal }) {
        for await (const { view } of follow(signal))
          if (view.state === 'failed') resolve([record.origin, view.error?.code])
        return { state: 'delivered', at: new Date().toISOString(), place: 'thread', archive: 'none' }
      },
    })
    try {
      expect(await promise).toEqual([origin, 'job_unreadable'])
    } finally {
      await worker.stop()
    }
    expect((await test.app.inject('/jobs')).json().jobs).toMatchObject([
      { jobId, state: 'failed', prompt: '(This job cannot be read.)' },
    ])
  })
})
