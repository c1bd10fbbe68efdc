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

/** Beside the name of each queue: its tabs of what has ended are empty, and somebody will look there. */
const ABOUT: Readonly<Record<string, string>> = {
  [QUEUES.generate]: 'Runs of the pipeline. What has ended leaves the queue: GET /jobs lists it.',
  [QUEUES.deliver]: 'Conversations in chats, and callbacks. What was told leaves the queue.',
}

/**
 * `GET /admin/queues`: the queues as BullMQ sees them, for looking only. What a job is and how it ends is in the store and
 * the ledger, which a click on "retry" or "remove" would know nothing of.
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
  // What goes wrong is answered as everywhere else, which also asks a browser for the key.
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

/** The page links fonts from another host, which no page of ours may ask for anything: the browser's own do as well. */
const withoutForeignLinks = (page: string): string =>
  page.replaceAll(/<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/gi, '')
