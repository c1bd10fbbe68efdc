import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import type { Queue } from 'bullmq'
import { QUEUES } from '#queue/names'
import { declareAccess } from '../access/guard.ts'
import type { App } from './shared.ts'

const PATH = '/admin/queues'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Shown beside each queue, because its tabs of finished jobs are always empty. */
const ABOUT: Readonly<Record<string, string>> = {
  [QUEUES.generate]: 'Pipeline runs. Finished jobs leave the queue: see GET /jobs.',
  [QUEUES.deliver]: 'Chat notifications and callbacks. Delivered ones leave the queue.',
}

/**
 * `GET /admin/queues`: a read-only dashboard of the BullMQ queues. Job state lives in the store and the event log, which
 * "retry" and "remove" would bypass.
 */
export function dashboardRoutes(app: App, queues: readonly Queue[]): void {
  const serverAdapter = new FastifyAdapter()
  serverAdapter.setBasePath(PATH)
  createBullBoard({
    queues: queues.map(
      (queue) => new BullMQAdapter(queue, { readOnlyMode: true, description: ABOUT[queue.name] ?? '' }),
    ),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Backend Generator', hideDocsLink: true } },
  })
  // Errors use the common error handler, which also prompts browsers for the key.
  serverAdapter.setErrorHandler((error) => {
    throw error
  })
  app.register(async (scope) => {
    declareAccess(scope, 'admin')
    scope.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
    })
    scope.addHook('onSend', async (_request, reply, payload) => {
      if (!String(reply.getHeader('content-type')).startsWith('text/html')) return payload
      reply.header('content-security-policy', POLICY)
      if (typeof payload !== 'string') return payload
      const page = withoutForeignLinks(payload)
      reply.header('content-length', Buffer.byteLength(page))
      return page
    })
    await scope.register(serverAdapter.registerPlugin(), { prefix: PATH })
  })
}

/** Removes links to fonts on another host: our pages load nothing from third parties. */
const withoutForeignLinks = (page: string): string =>
  page.replaceAll(/<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/gi, '')
