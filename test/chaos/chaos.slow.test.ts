import { describe, expect, it } from 'vitest'
import { findRedisServer } from '#queue/hosts/redis-executable'
import { EVERYTHING } from '../support/everything.ts'
import { SEED } from '../support/random.ts'
import { hasS3rver } from '../support/s3rver.ts'
import { chaos } from './chaos.ts'

const redis = await findRedisServer()
/** Leftover processes are detected in /proc. */
const isLinux = process.platform === 'linux'

const RUNS = [
  // The next one has the same faults, and more: this one is for the soak.
  { queue: 'redis', jobs: 6, pauseMs: [300, 1_500], skip: !isLinux || 'problem' in redis, isForSoak: true },
  // A folder for each program, as on separate machines, and jobs in S3.
  {
    queue: 'redis',
    store: 'bucket',
    jobs: 3,
    pauseMs: [300, 1_500],
    skip: !isLinux || 'problem' in redis || !hasS3rver,
  },
  // A single process takes seconds to restart. `smoke-chats` kills one in each gate.
  { queue: 'embedded', jobs: 4, pauseMs: [1_500, 4_000], skip: !isLinux, isForSoak: true },
] as const

/**
 * A short run of `npm run test:chaos`. Sequential: a worker that starts during several runs may be killed before it has done
 * anything.
 */
describe('with injected faults', { timeout: 400_000 }, () => {
  for (const { skip, ...run } of RUNS.filter((one) => EVERYTHING || !('isForSoak' in one)))
    it.skipIf(skip)(
      `${run.jobs} jobs have exactly one outcome each, on ${run.queue}${'store' in run ? ' and S3' : ''}`,
      async () => {
        const seed = SEED
        console.log(`chaos on ${run.queue}: seed ${seed}`)
        const report = await chaos({ ...run, seed, maxFaultMs: 12_000, settleMs: 200_000 })
        expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] })
        expect(report.figures).toMatchObject({ 'jobs accepted': run.jobs, 'left behind': 0 })
      },
    )
})
