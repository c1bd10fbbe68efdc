import { PassThrough, Readable } from 'node:stream'
import { z } from 'zod'
import { isFinal } from '#contract'
import { limitStreams } from '../access/stream-limit.ts'
import { errorForLog } from '../http/errors.ts'
import type { Shutdown } from '../http/graceful-shutdown.ts'
import { writeEvents } from '../http/event-stream.ts'
import { jobNotFound } from '../http/validate.ts'
import {
  EXPIRED_JOB,
  JobParams,
  QUEUE_UNAVAILABLE,
  UNKNOWN_JOB,
  problems,
  streamed,
  type App,
  type RouteDeps,
} from './shared.ts'

/** Many proxies close connections that are idle for a minute. */
const HEARTBEAT_MS = 15_000
/** A valid event id. With anything else the stream starts from the current state. */
const SEEN = /^(\d{1,15}-\d{1,10})(\.end)?$/

const description = `Server-sent events; the data of each is a \`JobView\`. First \`snapshot\`, the current state. Then \
\`change\` for every change. Last \`end\`, once the state is final, and the stream closes. Resume with \
\`Last-Event-ID\`; a 204 means that no more events will follow, so that an \`EventSource\` stops reconnecting.`

/** `GET /jobs/:jobId/events`: a job's changes as they happen. */
export function eventsRoute(
  app: App,
  {
    jobs,
    config,
    closing,
    heartbeatMs = HEARTBEAT_MS,
  }: RouteDeps & { closing: Shutdown; heartbeatMs?: number },
): void {
  const streams = limitStreams(config.streamsAtOnce)
  app.route({
    method: 'GET',
    url: '/jobs/:jobId/events',
    config: { access: 'read' },
    schema: {
      operationId: 'followJob',
      summary: 'Follow a job',
      description,
      tags: ['Jobs'],
      params: JobParams,
      headers: z.looseObject({
        'last-event-id': z.string().optional().describe('The id of the last event received.'),
      }),
      querystring: z.object({
        lastEventId: z
          .string('lastEventId must be given once.')
          .optional()
          .describe('For clients that cannot set headers.'),
      }),
      response: {
        200: {
          description: 'The stream.',
          content: { 'text/event-stream': { schema: streamed(z.string()) } },
        },
        204: z.undefined().describe('The job has finished and its last event was received.'),
        ...problems({
          404: UNKNOWN_JOB,
          410: EXPIRED_JOB,
          429: 'Too many open streams: close one, or poll the job.',
          503: QUEUE_UNAVAILABLE,
        }),
      },
    },
    handler: async (request, reply) => {
      const { jobId } = request.params
      const view = await jobs.view(jobId)
      if (!view) throw jobNotFound()
      reply
        .type('text/event-stream')
        .headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' })
      if (request.method === 'HEAD') return reply.send(Readable.from([]))

      const seen = SEEN.exec(request.headers['last-event-id'] ?? request.query.lastEventId ?? '')
      const [, after, sawEnd] = seen ?? []
      const ended = isFinal(view.state)
      const nothingMore = () => reply.removeHeader('content-type').code(204).send()
      if (ended && sawEnd) return nothingMore()

      streams.take(request, reply.raw)
      const signal = closing.track(reply.raw)
      const follow = jobs.follow(jobId, { ...(after && { after }), signal })
      // A finished job sends its remaining events at once, possibly none.
      const changes = ended && after !== undefined ? await Array.fromAsync(follow) : follow
      if (Array.isArray(changes) && changes.length === 0) return nothingMore()

      const out = new PassThrough()
      writeEvents({ changes, out, resumed: after !== undefined, heartbeatMs, signal }).catch(
        (error: unknown) => request.log.error({ error: errorForLog(error) }, 'event stream failed'),
      )
      return reply.send(out)
    },
  })
}
