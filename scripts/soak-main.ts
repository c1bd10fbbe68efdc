import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { glob, readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

/**
 * The property tests with a new seed each round, and more runs: properties, rejected submissions, requests
 * to the API, random Blueprints, and jobs under random kills. Exits with 1 at the first failing round, and prints
 * how to reproduce it.
 *
 * npm run soak -- --rounds 10 --seed 7
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '12' },
    jobs: { type: 'string', default: '40' },
  },
})

/** The tests of these folders whose text has this in it. */
async function testsWith(text: RegExp, pattern: string): Promise<string[]> {
  const found: string[] = []
  const exclude = (name: string) => name.includes('node_modules') || name.includes('/kit/')
  for await (const path of glob(pattern, { exclude }))
    if (text.test(await readFile(path, 'utf8'))) found.push(path)
  return found
}

async function passes(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<boolean> {
  console.log(
    `\n> ${Object.entries(env)
      .map(([name, value]) => `${name}=${value} `)
      .join('')}${args.join(' ')}`,
  )
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  const [code] = (await once(child, 'close')) as [number | null]
  return code === 0
}

const vitest = ['node_modules/vitest/vitest.mjs', 'run']
const ROOMS = 'api,bots,worker,generator,jobs,contract,lib,cli'
/** What uses a seed. */
const properties = await testsWith(/from 'fast-check'|arbitrary/, `{${ROOMS}}/**/*.test.ts`)
/** What runs a selection of its cases elsewhere. */
const selective = await testsWith(/\bEVERYTHING\b/, `{${ROOMS},test,bench}/**/*.slow.test.ts`)
for (let round = 0; round < Number(values.rounds); round++) {
  const seed = String(Number(values.seed) + round)
  const env = { TEST_SEED: seed, TEST_RUNS: values.runs }
  console.log(`\nround ${round + 1} of ${values.rounds}, seed ${seed}`)
  const isGood =
    (await passes([...vitest, '--testTimeout=1200000', ...properties], env)) &&
    (await passes([...vitest, 'jobs/queue'], { ...env, TEST_EVERYTHING: '1' })) &&
    (await passes([...vitest, '--mode', 'fuzz', 'api/fuzz-document.test.ts'], env)) &&
    (await passes([...vitest, '--project', 'slow', ...selective], {
      TEST_EVERYTHING: '1',
      TEST_SEED: seed,
    })) &&
    (await passes(['scripts/blueprints-main.ts', '--count', '200', '--sample', '10', '--seed', seed])) &&
    (await passes(['test/chaos/main.ts', '--jobs', values.jobs, '--seed', seed]))
  if (!isGood) {
    console.error(`\nFailed: npm run soak -- --seed ${seed} --runs ${values.runs} --jobs ${values.jobs}`)
    process.exit(1)
  }
}
console.log(`\n${values.rounds} rounds from seed ${values.seed}: nothing failed.`)
