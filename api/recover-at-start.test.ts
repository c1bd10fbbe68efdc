import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { StoreMismatchError } from '#queue/errors'
import { StoreUnavailableError } from '#store/errors'
import { recoverAtStart } from './recover-at-start.ts'
import { testApp, until } from './testing/app.ts'

const log = pino({ level: 'silent' })

/** A recovery that gives these results, one after the other; an error is thrown. */
const recovering = (...results: (number | Error)[]) => {
  let calls = 0
  return {
    calls: () => calls,
    async recover() {
      const result = results[Math.min(calls++, results.length - 1)]!
      if (typeof result !== 'number') throw result
      return { requeued: result }
    },
  }
}
const away = new StoreUnavailableError('The bucket does not answer.')

describe('taking up jobs at a start', () => {
  it('is done once where everything answers', async () => {
    const jobs = recovering(3)
    await using first = await recoverAtStart({ jobs, log })
    expect([first.requeued, first.fault(), jobs.calls()]).toEqual([3, null, 1])
  })

  it('retries in the background while the store is unavailable, and reports why', async () => {
    const jobs = recovering(away, away, 2)
    await using first = await recoverAtStart({ jobs, log, firstPauseMs: 5 })
    expect(first.requeued).toBe(0)
    expect(first.fault()).toBe(
      'Jobs from before the start have not been recovered yet; retrying. The bucket does not answer.',
    )
    await until(() => first.fault() === null)
    expect(jobs.calls()).toBe(3)
  })

  it('stops between two tries', async () => {
    const jobs = recovering(away)
    const first = await recoverAtStart({ jobs, log, firstPauseMs: 600_000 })
    await first[Symbol.asyncDispose]()
    expect(jobs.calls()).toBe(1)
  })

  it('does not wait for a store that hangs when the start is stopped', async () => {
    const starting = new AbortController()
    const jobs = { recover: () => new Promise<never>(() => {}) }
    const started = recoverAtStart({ jobs, log, signal: starting.signal })
    starting.abort(new Error('stopped while starting'))
    await expect(started).rejects.toThrow('stopped while starting')
  })

  it('fails the start for permanent errors', async () => {
    const mismatch = new StoreMismatchError({ queue: 'q', ours: 'a', theirs: 'b', key: 'k' })
    await expect(recoverAtStart({ jobs: recovering(mismatch), log })).rejects.toBe(mismatch)
  })
})

it('GET /ready gives the reason while jobs from before the start are not taken up', async () => {
  let fault: string | null = 'Jobs from before the start have not been recovered yet; retrying.'
  const fine = [
    { 'jobs.ping': async () => {} },
    { 'jobs.workers': async () => [] },
    { 'store.check': async () => {} },
  ]
  await using test = await testApp([...fine, ...fine], { recoveryFault: () => fault })
  const store = async () => (await test.app.inject('/ready')).json().checks.store
  expect(await store()).toEqual({ ready: false, message: fault })
  fault = null
  expect(await store()).toEqual({ ready: true, message: null })
})
