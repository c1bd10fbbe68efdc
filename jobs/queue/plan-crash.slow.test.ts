import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFileStore } from '#store/file-store'
import { readPlans } from '#store/plans'
import { KINDS, eventually, temporaryFolder } from './testing/harness.ts'
import { spawnChild } from './testing/spawn-child.ts'
import { runs, SEED } from '../../test/support/random.ts'
import { makeRandom } from './testing/faulty-queue.ts'

const CHAINS = runs(1)
const KILLS = 6

for (const kind of KINDS)
  describe(
    `kill -9 while a job waits for decisions, with ${kind.name}`,
    { timeout: 600_000, skip: kind.skip },
    () => {
      test.each(Array.from({ length: CHAINS }, (_, at) => SEED + at))(
        'ends with the plan that was approved, whatever the step (seed %i)',
        async (seed) => {
          const random = makeRandom(seed)
          await using folder = await temporaryFolder()
          const store = makeFileStore({ dir: join(folder.path, 'jobs') })
          const shown: string[] = []
          for (let kills = 0; ; kills++) {
            // The first operations open the queue; a job takes about 150.
            const at = kills < KILLS ? 5 + Math.floor(random() * 140) : 0
            await using child = spawnChild(kind, folder.path, 'plan', String(at))
            await eventually(() => child.said.length > 0 || child.hasExited(), 60_000)
            const ids = await Array.fromAsync(store.jobIds())
            const plans = (await Promise.all(ids.map((jobId) => readPlans(store, jobId)))).flat()
            // What was shown once stays as it was.
            expect(plans.map(({ plan }) => JSON.stringify(plan)).slice(0, shown.length)).toEqual(shown)
            shown.splice(0, Infinity, ...plans.map(({ plan }) => JSON.stringify(plan)))
            if (child.said.length === 0) continue
            const outcomes = await Promise.all(ids.map((jobId) => store.readOutcome(jobId)))
            expect(outcomes.filter((outcome) => outcome !== null)).toMatchObject([{ state: 'completed' }])
            expect(plans.map(({ decision }) => decision?.decision)).toEqual(['change', 'approve'])
            return
          }
        },
      )
    },
  )
