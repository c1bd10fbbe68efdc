import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import { z } from 'zod'
import { declareAccess } from '../access/guard.ts'
import type { App } from './shared.ts'

/** `GET /openapi.json`, and `GET /docs`: a readable reference that loads nothing from the internet. */
export function docsRoutes(app: App): void {
  app.get(
    '/openapi.json',
    {
      config: { access: 'open' },
      schema: { hide: true, response: { 200: z.record(z.string(), z.unknown()) } },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-cache')
      return app.swagger() as Record<string, unknown>
    },
  )

  app.register(async (docs) => {
    declareAccess(docs, 'open')
    docs.addHook('onSend', async (_request, reply, payload) => {
      const type = String(reply.getHeader('content-type'))
      if (type.startsWith('text/html')) reply.header('content-security-policy', policyFor(String(payload)))
      // Five megabytes that only change with the version.
      if (type.startsWith('application/javascript')) reply.header('cache-control', 'private, max-age=3600')
      return payload
    })
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Backend generator API',
        // Fonts, telemetry, sharing and assistants would all call third-party servers.
        withDefaultFonts: false,
        telemetry: false,
        showDeveloperTools: 'never',
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}

/** Only scripts of the rendered page may run; the reference needs inline styles. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
  const hashes = inline.map(
    ([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
