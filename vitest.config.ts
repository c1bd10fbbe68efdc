import { defineConfig } from 'vitest/config'
import { ClosingReporter } from './test/setup/closing-reporter.ts'

export default defineConfig({
  test: {
    include: ['{api,bots,worker,lib,cli,test,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'worker/stacks/*/kit/**', 'test/peers/**'],
    pool: 'threads',
    testTimeout: 20_000,
    reporters: ['default', new ClosingReporter()],
  },
})
