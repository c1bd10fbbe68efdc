import type { FastifyInstance } from 'fastify'
import type { ServerResponse } from 'node:http'
import { RequestError } from './errors.ts'

/** Ends long-lived responses on shutdown. */
export type Shutdown = {
  /** For a stream: aborts when the client disconnects or the server shuts down. */
  track(response: ServerResponse): AbortSignal
}

/** Grace periods for streams and other responses, in milliseconds. */
const GRACE = { stream: 1_000, answer: 5_000 }

/**
 * On `app.close()`, rejects new requests with 503, ends tracked streams, and closes connections as they become idle.
 * Connections that remain after the grace period are destroyed.
 */
export function gracefulShutdown(app: FastifyInstance): Shutdown {
  const open = new Map<ServerResponse, AbortController>()
  let closing = false

  app.addHook('onRequest', async () => {
    if (closing)
      throw new RequestError(503, 'shutting_down', 'The server is shutting down. Try again in a few seconds.')
  })

  app.addHook('onResponse', async () => {
    // Connections become idle after this hook; keep-alive would otherwise delay the shutdown by a minute.
    if (closing) setImmediate(() => app.server.closeIdleConnections())
  })

  app.addHook('preClose', async () => {
    closing = true
    for (const [response, controller] of open) {
      controller.abort()
      const cut = setTimeout(() => response.destroy(), GRACE.stream)
      response.once('close', () => clearTimeout(cut))
    }
    const cut = setTimeout(() => app.server.closeAllConnections(), GRACE.answer)
    app.server.once('close', () => clearTimeout(cut))
    cut.unref()
  })

  return {
    track(response) {
      const controller = new AbortController()
      if (closing || response.destroyed) controller.abort()
      else {
        open.set(response, controller)
        response.once('close', () => {
          open.delete(response)
          controller.abort()
        })
      }
      return controller.signal
    },
  }
}
