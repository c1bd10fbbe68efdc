import type { FastifyInstance } from 'fastify'
import type { ServerResponse } from 'node:http'
import { RequestError } from '../../errors.ts'

/** Ends what would otherwise hold up the end of the server. */
export type Shutdown = {
  /** For an answer without an end: aborts when its client is gone or when the server closes. */
  track(response: ServerResponse): AbortSignal
}

/** What a stream may take to say its last words, and any other answer to be finished, in milliseconds. */
const GRACE = { stream: 1_000, answer: 5_000 }

/**
 * From the first moment of `app.close()`: new requests are refused with 503, tracked streams are ended, and
 * connections are closed as soon as they fall idle. What is left after the grace is cut off.
 */
export function gracefulShutdown(app: FastifyInstance): Shutdown {
  const open = new Map<ServerResponse, AbortController>()
  let closing = false

  app.addHook('onRequest', async () => {
    if (closing)
      throw new RequestError(503, 'shutting_down', 'The server is shutting down. Try again in a few seconds.')
  })

  app.addHook('onResponse', async () => {
    // A connection falls idle after this hook; without a nudge, keep-alive would hold the server for a minute.
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
