import { z } from 'zod'
import type { App, RouteDeps } from './shared.ts'

export const Health = z.object({
  /** Lets a local client recognize this service. */
  service: z.literal('backend-generator'),
  status: z.literal('ok'),
  version: z.string(),
  /** Seconds since the process started. */
  uptimeSeconds: z.number(),
})

/** `GET /health`: liveness of the process. It checks no dependencies, so that a Redis outage never causes restarts. */
export function healthRoute(app: App, { version }: RouteDeps): void {
  const startedAt = performance.now()
  app.route({
    method: 'GET',
    url: '/health',
    config: { access: 'open' },
    schema: {
      operationId: 'getHealth',
      summary: 'Is the process alive?',
      tags: ['Operation'],
      response: { 200: Health.describe('It is.') },
    },
    handler: async () => ({
      service: 'backend-generator' as const,
      status: 'ok' as const,
      version,
      uptimeSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
    }),
  })
}
