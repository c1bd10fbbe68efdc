import type { ProjectLayout } from '../stack.ts'

export const layout: ProjectLayout = {
  entry: 'src/index.ts',
  tsconfig: 'tsconfig.json',
  probes: ['/health', '/ready'],
  openapi: '/docs/json',
  tests: 'tests/**/*.test.ts',
  migrations: 'src/migrations/',
}
