import { describe, expect, it } from 'vitest'
import { chaos } from './chaos.ts'

/** A short run of `npm run test:chaos`. A seed that once found something can be put here for a while. */
describe('while everything is killed now and then', { concurrent: false }, () => {
  it.each([
    { queue: 'redis', jobs: 6 },
    { queue: 'embedded', jobs: 4 },
  ] as const)('$jobs jobs come to one end each, on $queue', { timeout: 240_000 }, async ({ queue, jobs }) => {
    const seed = Date.now() % 1_000_000
    const report = await chaos({ queue, jobs, seed, pauseMs: [300, 1_500], calmMs: 120_000 })
    expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] })
    expect(report.figures).toMatchObject({ 'jobs accepted': jobs, 'left behind': 0 })
  })
})
