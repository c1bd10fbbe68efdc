import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{api,bots,worker,lib,cli,test,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'worker/stacks/*/kit/**', 'test/peers/**'],
    pool: 'threads',
  },
})
