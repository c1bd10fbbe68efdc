import { expect, it } from 'vitest'
import type { JobStore } from '#store/job-store'
import { KINDS, aRecord, completed, eventually, openHarness, silent } from '../testing/harness.ts'
import { makeJobs } from '../producer/jobs.ts'
import { readChangesResult } from './change-log.ts'

const METHODS = [
  'readRecord',
  'readOutcome',
  'readCheckpoint',
  'createCheckpoint',
  'createRecord',
  'decide',
] as const

/** A store whose call number `fails` is lost: before or after it took effect. */
function losing(store: JobStore, fails: number, when: 'before' | 'after') {
  let calls = 0
  const wrapped = Object.create(store) as Record<string, unknown>
  for (const name of METHODS) {
    const method = store[name] as (...args: unknown[]) => Promise<unknown>
    wrapped[name] = async (...args: unknown[]) => {
      const isLost = calls++ === fails
      if (isLost && when === 'before') throw new Error('lost')
      const result = await method(...args)
      if (isLost) throw new Error('lost')
      return result
    }
  }
  return { store: wrapped as unknown as JobStore, calls: () => calls }
}

it.each([['before'], ['after']] as const)(
  'changes become one refinement, wherever the process that applies them is lost: %s a call',
  async (when) => {
    await using queue = await openHarness(KINDS[0])
    const step = async (fails: number) => {
      const record = aRecord()
      await queue.jobs.submit(record)
      for (const prompt of ['add tags', 'add dates']) {
        const change = { kind: 'change', key: prompt, prompt, owner: null, at: record.createdAt } as const
        await queue.jobs.addChange(record.jobId, { ...change, origin: { kind: 'rest' } })
      }
      await queue.store.putOutcome(record.jobId, completed())
      const lost = losing(queue.store, fails, when)
      {
        await using dying = makeJobs({
          backend: queue.backend,
          store: lost.store,
          log: silent,
          limits: { queueTimeoutMs: 60_000, keyTimeoutMs: 50 },
        })
        await dying.recover('recent').catch(() => {})
      }
      await queue.jobs.recover('recent')
      const result = await eventually(() => readChangesResult(queue.store, record.jobId))
      const { jobs } = await queue.jobs.list({ parent: record.jobId, limit: 10 })
      const accepted = jobs.filter(({ state }) => state === 'waiting')
      expect(accepted).toMatchObject([{ prompt: 'add tags\nadd dates', version: 2 }])
      expect(result).toEqual({ kind: 'applied', jobId: accepted[0]?.jobId })
      return lost.calls() <= fails
    }
    let isOver = false
    for (let fails = 0; !isOver && fails < 60; fails++) isOver = await step(fails)
    expect(isOver).toBe(true)
  },
  300_000,
)
