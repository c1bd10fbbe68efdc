import { randomUUID } from 'node:crypto'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Queue } from 'bullmq'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { JobId } from '#contract'
import type { Logger } from '#lib/log'
import { withLogFields, type LogFields } from '#lib/log-fields'
import type { RedisLike } from '#queue/connect'
import { checkedStore } from '#store/checked-store'
import { guardRoutes } from './access/guard.ts'
import { limitRequests } from './access/limits.ts'
import { RequestError, errorForLog, toLateBodyError, toProblem, toHttpError } from './errors.ts'
import { archiveRoute } from './routes/archive.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { cancelRoute } from './routes/cancel.ts'
import { docsRoutes } from './routes/docs.ts'
import { eventsRoute } from './routes/events.ts'
import { generateRoute } from './routes/generate.ts'
import { healthRoute } from './routes/health.ts'
import { handleClientError, rejectExpectation } from './routes/http/client-error.ts'
import { gracefulShutdown } from './routes/http/graceful-shutdown.ts'
import { corsFor } from './routes/http/cors.ts'
import { toExpiredError, type TombstoneOf } from './routes/http/expired-job.ts'
import { parseJsonBody } from './routes/http/json-body.ts'
import { handleUnknownRoute } from './routes/http/not-found.ts'
import { validatorCompiler } from './routes/http/validate.ts'
import { jobRoute } from './routes/job.ts'
import { jobsRoute } from './routes/jobs.ts'
import { metricsRoute } from './routes/metrics.ts'
import { openApiOptions } from './routes/openapi.ts'
import { readyRoute } from './routes/ready.ts'
import { refineRoute } from './routes/refine.ts'
import { requestRoute } from './routes/request.ts'
import type { RouteDeps } from './routes/shared.ts'

export type AppDeps = RouteDeps & {
  readonly log: Logger
  /** What is left of jobs that were kept for long enough; asked of the store by default. */
  readonly tombstoneOf?: TombstoneOf
  /** Where requests are counted, if they are limited. Null: in this process alone. */
  readonly redis?: RedisLike | null
  /** What the board shows; there is none without. */
  readonly queues?: readonly Queue[]
  /** How often an event stream gives a sign of life, in milliseconds; 15 seconds by default. */
  readonly heartbeatMs?: number
}

/** Probes and the reference are asked for often, and tell nothing about the work. */
const QUIET = /^\/(health|ready|metrics|openapi\.json|docs)\b/

/** The longest spec and the longest prompt, where every character takes four bytes. */
const bodyLimit = (maxPromptChars: number) => 4 * (1_000_000 + maxPromptChars) + 10_000

/**
 * The API, ready to `listen` or `inject`. Closing it ends event streams at once and other answers within five
 * seconds; the caller keeps `jobs` and `store` and closes them afterwards.
 */
export function buildApp(given: AppDeps): FastifyInstance {
  const deps = { ...given, store: checkedStore(given.store, given.log) }
  const app = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    bodyLimit: bodyLimit(deps.config.maxPromptChars),
    // A request has to arrive within half a minute; a connection on which nothing moves is cut after one.
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    // Refused by closeTidily instead, in the shape of a problem.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) =>
      void sendProblem(error, request, reply as unknown as FastifyReply),
    clientErrorHandler: handleClientError,
  }).withTypeProvider<ZodTypeProvider>()

  app.server.on('checkExpectation', rejectExpectation)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const { tombstoneOf = deps.store.readTombstone } = deps
  app.setErrorHandler(async (error, request, reply) =>
    sendProblem(await toExpiredError(error, request, tombstoneOf), request, reply),
  )
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      refuseEncoded(request)
      return parseJsonBody(body)
    },
  )

  // Again after the body was read, which happens elsewhere.
  app.addHook('onRequest', (request, _reply, next) => withLogFields(fieldsOf(request), next))
  app.addHook('preValidation', (request, _reply, next) => withLogFields(fieldsOf(request), next))
  app.addHook('onRequest', async (request, reply) => {
    refuseAmbiguous(request, reply)
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' })
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, url } = request
    const path = routeOptions.url ?? url.split('?', 1)[0] ?? url
    const level = QUIET.test(path) ? 'debug' : 'info'
    request.log[level](
      { ...jobOf(request), method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
  const closing = gracefulShutdown(app)
  handleUnknownRoute(app)
  // Documents of an API: nothing in them is to be run, embedded or loaded. /docs brings its own policy.
  app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    xFrameOptions: { action: 'deny' },
  })
  const { keys, allowAnonymous, host, corsOrigins } = deps.config
  // Before the guard, so that a page may read why it was refused.
  if (corsOrigins.length > 0) app.register(cors, corsFor(corsOrigins))
  guardRoutes(app, { ...deps, keys, localHost: allowAnonymous ? null : host })
  limitRequests(app, { redis: deps.redis ?? null, perMinute: deps.config.requestsPerMinute })

  app.register(swagger, openApiOptions(deps.version))
  app.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>()
    generateRoute(api, deps)
    jobsRoute(api, deps)
    jobRoute(api, deps)
    requestRoute(api, deps)
    eventsRoute(api, { ...deps, closing })
    archiveRoute(api, deps)
    cancelRoute(api, deps)
    refineRoute(api, deps)
    healthRoute(api, deps)
    readyRoute(api, deps)
    metricsRoute(api, deps)
    docsRoutes(api)
    if (deps.queues !== undefined) dashboardRoutes(api, deps.queues)
  })
  return app as unknown as FastifyInstance
}

/** What the lines about a request are about. */
const fieldsOf = (request: FastifyRequest): LogFields => ({ requestId: request.id, ...jobOf(request) })

function jobOf({ params }: FastifyRequest): Pick<LogFields, 'jobId'> {
  const jobId = JobId.safeParse((params as { jobId?: unknown } | null)?.jobId)
  return jobId.success ? { jobId: jobId.data } : {}
}

/** A caller's own request id, if it is fit for headers and logs, else a new one. */
function requestIdOf(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID()
}

/** Of a header that is there twice, one program reads the first and the next one the last. */
function refuseAmbiguous({ raw }: FastifyRequest, reply: FastifyReply): void {
  const names = raw.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  const twice = ['host', 'authorization', 'x-api-key', 'content-type'].find(
    (name) => names.indexOf(name) !== names.lastIndexOf(name),
  )
  if (twice === undefined) return
  reply.header('connection', 'close')
  throw new RequestError(400, 'bad_http', `The header ${twice} is there twice: send it once.`)
}

function refuseEncoded(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return
  throw new RequestError(
    415,
    'unsupported_encoding',
    'A compressed body is not accepted: send it without Content-Encoding.',
  )
}

/** Of what helmet adds to every answer, what a problem needs that was found before it could. */
const HARMLESS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

/** Everything that is refused or fails ends here. */
function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toHttpError(toLateBodyError(error, request.raw.complete !== false))
  if (refusal.status === 408) reply.header('connection', 'close')
  if (refusal.unexpected)
    request.log.error({ error: errorForLog(error), code: refusal.code }, 'request failed')
  // Set for the answer that did not come about.
  for (const name of ['etag', 'accept-ranges', 'content-disposition', 'content-length'])
    reply.removeHeader(name)
  if (refusal.status === 401) reply.header('www-authenticate', challengeOf(request))
  if (refusal.limit != null)
    reply.headers({
      'ratelimit-limit': refusal.limit,
      'ratelimit-remaining': 0,
      'ratelimit-reset': refusal.retryAfter ?? 0,
    })
  if (refusal.retryAfter !== null) reply.header('retry-after', refusal.retryAfter)
  return reply
    .code(refusal.status)
    .headers({ 'x-request-id': request.id, 'cache-control': 'no-store', ...HARMLESS })
    .type('application/json; charset=utf-8')
    .send(toProblem(refusal, request.id))
}

/** How to say who you are; pages for admins are opened in browsers, which know `Basic`. */
function challengeOf({ routeOptions }: FastifyRequest): string | string[] {
  const bearer = 'Bearer realm="backend-generator"'
  const basic = 'Basic realm="backend-generator: the API key is the password", charset="UTF-8"'
  return routeOptions.config.access === 'admin' ? [bearer, basic] : bearer
}
