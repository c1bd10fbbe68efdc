import { defineConfig } from 'vitest/config'
import { ClosingReporter } from './test/setup/closing-reporter.ts'

const rooms = '{api,bots,worker,lib,cli,test,bench}/**'
const never = ['**/node_modules/**', 'worker/stacks/*/kit/**', 'test/peers/**']

/**
 * `*.test.ts` is quick: it runs in `npm test`, on any machine, in three minutes altogether. `*.slow.test.ts` runs in
 * `npm run test:all` alone.
 */
export default defineConfig({
  test: {
    pool: 'threads',
    // By itself it leaves a core idle; on two, that is half of them, and many tests wait for processes they started.
    maxWorkers: '100%',
    testTimeout: 20_000,
    reporters: ['default', new ClosingReporter()],
    projects: [
      {
        extends: true,
        test: { name: 'quick', include: [`${rooms}/*.test.ts`], exclude: [...never, '**/*.slow.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'slow', include: [`${rooms}/*.slow.test.ts`], exclude: never },
      },
    ],
  },
})
