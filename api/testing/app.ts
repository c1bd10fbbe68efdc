import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { makeLinks } from '#lib/signed-link'
import { buildApp, type AppDeps } from '../app.ts'
import { readApiConfig } from '../config.ts'
import { scripted, type ScriptStep } from './scripted.ts'

/** What signs the links that the API of a test opens. */
export const links = makeLinks(['a secret of links that only tests know'])

/** Options that a test sets; `log` gets the lines that are written. */
export type TestOptions = Partial<Omit<AppDeps, 'log'>> & { readonly log?: string[] }

/** The API over a scripted queue and store. Disposing it closes it and checks that the script was followed. */
export async function testApp(steps: readonly ScriptStep[], options: TestOptions = {}) {
  const { log = [], ...overrides } = options
  const script = scripted(steps)
  const app: FastifyInstance = buildApp({
    jobs: script.jobs,
    store: script.store,
    config: readApiConfig({}),
    version: '1.2.3',
    links,
    tombstoneOf: async () => null,
    log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
    ...overrides,
  })
  await app.ready()
  return {
    app,
    /** Listens on a free port of this machine and gives the address. */
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    async [Symbol.asyncDispose]() {
      await app.close()
      script.done()
    },
  }
}

/** Waits until something holds; fails after a minute. */
export async function until(holds: () => boolean): Promise<void> {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > 60_000) throw new Error('It did not come true within a minute.')
    await sleep(5)
  }
}
