/** Where a stack keeps what the gates look at. */
export type ProjectLayout = {
  /** Starting this file starts the service. */
  readonly entry: string
  readonly tsconfig: string
  /** Paths that must answer 200 as soon as it listens. */
  readonly probes: readonly string[]
  /** Where it serves its OpenAPI document. */
  readonly openapi: string
  /** A glob of test files for node:test. */
  readonly tests: string
}

export const FASTIFY_LAYOUT: ProjectLayout = {
  entry: 'src/index.ts',
  tsconfig: 'tsconfig.json',
  probes: ['/health', '/ready'],
  openapi: '/docs/json',
  tests: 'tests/**/*.test.ts',
}
