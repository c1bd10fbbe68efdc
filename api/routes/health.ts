import { z } from 'zod'
import type { App, RouteDeps } from './shared.ts'

export const Health = z.object({
  /** By which a local client tells this server from whatever else may listen on the port. */
  service: z.literal('backend-generator'),
  status: z.literal('ok'),
  version: z.string(),
  /** Seconds since the process took up its work. */
  uptimeSeconds: z.number(),
})

/** `GET /health`: the process lives. It asks nobody else, so that a restart is never the answer to a Redis outage. */
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
