import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../generator/blueprint/lint-blueprint.ts'
import {
  arbitraryBlueprint,
  arbitraryExactBlueprint,
} from '../generator/blueprint/testing/arbitrary-blueprint.ts'
import { BATCH, faultsOf, makeTrial } from './support/random-blueprints.ts'
import { EVERYTHING } from './support/everything.ts'
import { SEED } from './support/random.ts'

/**
 * The project of every valid Blueprint passes all gates. Test names include the seed, and a failure prints the Blueprint.
 * `npm run blueprints` runs many more. To repeat a run:
 *
 * TEST_SEED=4242 npx vitest run test/random-blueprints.slow.test.ts
 */
const RUNS = EVERYTHING ? 6 : 1
const RENDERED = EVERYTHING ? 40 : 4
/** A project of six entities takes up to three seconds on two busy cores. */
const MS_A_RUN = 60_000
const MS_A_BATCH = 180_000

describe.each([
  ['random Blueprints', arbitraryBlueprint],
  ['random Blueprints with rows as documents have them', arbitraryExactBlueprint],
])('%s', (_, arbitrary) => {
  it(`render to projects that pass every gate (seed ${SEED})`, { timeout: RUNS * MS_A_RUN }, async () => {
    const trial = await makeTrial(AbortSignal.timeout(RUNS * MS_A_RUN))
    await fc.assert(
      fc.asyncProperty(arbitrary(), async (blueprint) => {
        expect(lintBlueprint(blueprint).diagnostics).toEqual([])
        const report = await trial(blueprint)
        expect(report.diagnostics).toEqual([])
        expect(report.gates.filter((gate) => gate.status !== 'passed')).toEqual([])
      }),
      // No shrinking: it would run a whole project hundreds of times.
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    )
  })

  const timeout = Math.ceil(RENDERED / BATCH) * MS_A_BATCH
  it(
    `render to projects without an error of types or lint, ${RENDERED} of them (seed ${SEED})`,
    { timeout },
    async () => {
      const blueprints = fc.sample(arbitrary(), { numRuns: RENDERED, seed: SEED })
      for (let start = 0; start < RENDERED; start += BATCH) {
        const batch = blueprints.slice(start, start + BATCH)
        const faults = await faultsOf(batch, AbortSignal.timeout(timeout))
        const at = faults[0]?.at ?? 0
        expect(faults, `Blueprint ${start + at}: ${JSON.stringify(batch[at])}`).toEqual([])
      }
    },
  )
})
