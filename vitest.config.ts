import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/setup/longest-first.ts'
import { ClosingReporter } from './test/setup/closing-reporter.ts'
import { MachineTestsReporter, machineTests } from './test/setup/machine-tests.ts'

const rooms = '{api,bots,worker,generator,jobs,contract,lib,cli,test,bench}/**'
/** Keeps the machine busy on purpose, so nothing else runs beside it. */
const alone = ['generator/sandbox/busy-machine.slow.test.ts']
const never = ['**/node_modules/**', 'generator/stacks/*/kit/**', 'test/golden/**', 'test/peers/**']

/**
 * `*.test.ts` is quick: it runs in `npm test`, on any machine, in three minutes altogether. `*.slow.test.ts` runs in
 * `npm run test:all` alone.
 */
export default defineConfig({
  test: {
    pool: 'threads',
    // Many tests wait for processes that they started: of one core a file takes seven tenths.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // Against a machine that does other things too; what waits, waits for an event.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Many tests start programs, and each would compile the same modules again.
    env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') },
    globalSetup: './test/setup/install-kit.ts',
    setupFiles: ['./test/setup/fixed-seed.ts'],
    // What takes that long is worth a line of its own; what passes need say nothing.
    slowTestThreshold: 10_000,
    silent: 'passed-only',
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new ClosingReporter(), new MachineTestsReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: machineTests() ?? [`${rooms}/*.test.ts`],
          exclude: [...never, '**/*.slow.test.ts'],
          // No test changes what another one imports, so everything is read once: half of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          isolate: false,
          include: [`${rooms}/*.slow.test.ts`],
          exclude: [...never, ...alone],
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
