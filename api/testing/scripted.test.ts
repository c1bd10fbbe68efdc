import { describe, expect, it } from 'vitest'
import { scripted } from './scripted.ts'

describe('the scripted queue and store', () => {
  it('plays its steps in order', async () => {
    const script = scripted([{ 'jobs.ping': async () => {} }, { 'store.readOutcome': async () => null }])
    await script.jobs.ping()
    expect(await script.store.readOutcome('01jd8q4x7zk3m5n9p2r6s8t0vw')).toBeNull()
    expect(() => script.done()).not.toThrow()
  })

  it('fails on a call that is not the next step, even if the caller swallows it', () => {
    const script = scripted([{ 'jobs.ping': async () => {} }])
    expect(() => script.jobs.workers()).toThrow('jobs.workers was called, but jobs.ping was expected.')
    expect(() => script.done()).toThrow('jobs.workers was called')
  })

  it('fails on a call after the end', () => {
    const script = scripted([])
    expect(() => script.store.check()).toThrow('store.check was called, but the script is over.')
  })

  it('fails on a step that nobody called', () => {
    expect(() => scripted([{ 'jobs.ping': async () => {} }]).done()).toThrow('Never called: jobs.ping.')
  })
})
