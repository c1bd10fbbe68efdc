import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readRepositoryFile } from './compose-file.ts'

/** Tags that make Compose replace a value of the base file instead of merging. */
const customTags = ['!reset', '!override'].map((tag) => ({
  tag,
  collection: 'map' as const,
  resolve: (map: unknown) => map,
}))
const File = z.strictObject({
  'x-shared': z.record(z.string(), z.string()),
  services: z.record(
    z.string(),
    z.strictObject({
      profiles: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()).optional(),
      depends_on: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
})

const base = parse(await readRepositoryFile('docker-compose.yml'), { merge: true }) as {
  services: Record<string, { environment?: Record<string, string> }>
}
const shared = File.parse(
  parse(await readRepositoryFile('docker-compose.shared.yml'), { merge: true, customTags }),
)

test('several machines: services that use the queue have the shared Redis and store, or fail', () => {
  const users = Object.entries(base.services)
    .filter(([, { environment }]) => environment?.['REDIS_URL'] !== undefined)
    .map(([name]) => name)
  expect(users).toEqual(['api', 'worker', 'deliver'])
  for (const name of users) {
    const service = shared.services[name]
    expect(service?.environment?.['REDIS_URL']).toMatch(/^\$\{SHARED_REDIS_URL:\?set it/)
    expect(service?.environment?.['STORE_URL']).toMatch(/^\$\{STORE_URL:\?set it/)
    expect(service?.depends_on).toEqual({})
  }
})

test('several machines: every service exists in the base file, and its Redis is not started', () => {
  expect(Object.keys(shared.services).sort()).toEqual(Object.keys(base.services).sort())
  expect(shared.services['redis']?.profiles).toEqual(['local'])
})
