import { defineConfig } from 'vitest/config'
import { ClosingReporter } from './test/setup/closing-reporter.ts'

export default defineConfig({
  test: {
    include: ['{api,bots,worker,lib,cli,test,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'worker/stacks/*/kit/**', 'test/peers/**'],
    pool: 'threads',
    // By itself it leaves a core idle; on two, that is half of them, and many tests wait for processes they started.
    maxWorkers: '100%',
    testTimeout: 20_000,
    reporters: ['default', new ClosingReporter()],
  },
})
