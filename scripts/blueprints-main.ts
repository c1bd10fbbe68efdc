import { parseArgs } from 'node:util'
import * as fc from 'fast-check'
import type { Blueprint } from '#contract'
import {
  arbitraryBlueprint,
  arbitraryExactBlueprint,
} from '../generator/blueprint/testing/arbitrary-blueprint.ts'
import { ensureKit } from '../generator/stacks/install-kit.ts'
import { defaultStack } from '../generator/stacks/registry.ts'
import { showMutants } from '../test/support/template-mutants/show-mutants.ts'
import { BATCH, faultsOf, makeTrial } from '../test/support/random-blueprints.ts'

const { kitDirectory } = defaultStack

/**
 * Thousands of random Blueprints: each must render to a project without type or lint errors, and a sample
 * must boot and pass its own tests. Exits with 1 and the Blueprint if one does not.
 *
 * npm run blueprints -- --count 1000 --sample 50 --seed 7
 *
 * With --mutants it measures the tests of templates instead: each fault in the code of so many projects is tried against the
 * project's own tests. --from leaves out the first ones, so that a long run can be done in parts.
 *
 * npm run blueprints -- --mutants 50 --seed 7
 * npm run blueprints -- --mutants 10 --from 40 --seed 7
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    sample: { type: 'string', default: '50' },
    mutants: { type: 'string', default: '0' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const [count, sample, seed] = [values.count, values.sample, values.seed].map(Number) as [
  number,
  number,
  number,
]
const random = (numRuns: number) =>
  fc.sample(fc.oneof(arbitraryBlueprint(), arbitraryExactBlueprint()), { numRuns, seed })
if (values.mutants !== '0') {
  await ensureKit({ kitDirectory, env: process.env, signal: new AbortController().signal })
  const from = Number(values.from)
  await showMutants(random(from + Number(values.mutants)), { from, seed })
  process.exit()
}
console.log(`${count} random Blueprints, ${sample} of them to run, seed ${seed}`)

const { signal } = new AbortController()
await ensureKit({ kitDirectory, env: process.env, signal })
const started = Date.now()
const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`
const blueprints = random(count)
const bad = new Set<number>()
const show = (at: number, faults: readonly string[]) => {
  bad.add(at)
  console.error(`Blueprint ${at}:\n  ${faults.slice(0, 5).join('\n  ')}\n${JSON.stringify(blueprints[at])}`)
}

for (let start = 0; start < count; start += BATCH) {
  const batch = blueprints.slice(start, start + BATCH)
  const faults = Map.groupBy(await faultsOf(batch, signal), ({ at }) => at)
  for (const [at, found] of faults)
    show(
      start + at,
      found.map(({ what }) => what),
    )
  console.log(
    `${Math.min(count, start + BATCH)} rendered, type-checked and linted, ${bad.size} with faults, ${seconds()}`,
  )
}

const trial = await makeTrial(signal)
// Sampled evenly over all of them.
const chosen = Array.from({ length: Math.min(sample, count) }, (_, index) =>
  Math.floor((index * count) / sample),
)
let passed = 0
for (const [index, at] of chosen.entries()) {
  const { gates, diagnostics } = await trial(blueprints[at] as Blueprint)
  const open = gates.filter(({ status }) => status !== 'passed')
  if (open.length === 0) passed += 1
  else
    show(at, [
      ...open.map(({ name, status, detail }) => `${name} ${status}: ${detail}`),
      ...diagnostics.map(({ file, line, message }) => `${file}(${line}): ${message}`),
    ])
  if ((index + 1) % 10 === 0) console.log(`${index + 1} run, ${passed} passed every gate, ${seconds()}`)
}

console.log(
  `seed ${seed}: ${count - bad.size} of ${count} sound, ${passed} of ${chosen.length} booted and passed their own tests, ${seconds()}`,
)
if (bad.size > 0) process.exitCode = 1
