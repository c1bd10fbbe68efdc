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
import { RequestError, errorForLog, toLateBodyError, toProblem, toHttpError } from './http/errors.ts'
import { archiveRoute } from './routes/archive.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { cancelRoute } from './routes/cancel.ts'
import { docsRoutes } from './routes/docs.ts'
import { eventsRoute } from './routes/events.ts'
import { generateRoute } from './routes/generate.ts'
import { healthRoute } from './routes/health.ts'
import { handleClientError, rejectExpectation } from './http/client-error.ts'
import { gracefulShutdown } from './http/graceful-shutdown.ts'
import { corsFor } from './http/cors.ts'
import { toExpiredError, type TombstoneOf } from './routes/expired-job.ts'
import { parseJsonBody } from './http/json-body.ts'
import { handleUnknownRoute } from './http/not-found.ts'
import { validatorCompiler } from './http/validate.ts'
import { jobRoute } from './routes/job.ts'
import { jobsRoute } from './routes/jobs.ts'
import { metricsRoute } from './routes/metrics.ts'
import { planDiagramRoute, planRoute } from './routes/plan.ts'
import { openApiOptions } from './routes/openapi.ts'
import { preferencesRoutes } from './routes/preferences.ts'
import { readyRoute } from './routes/ready.ts'
import { changeRoute } from './routes/change.ts'
import { refineRoute } from './routes/refine.ts'
import { requestRoute } from './routes/request.ts'
import type { RouteDeps } from './routes/shared.ts'

export type AppDeps = RouteDeps & {
  readonly log: Logger
  /** Looks up tombstones of expired jobs; uses the store by default. */
  readonly tombstoneOf?: TombstoneOf
  /** Where rate limits are counted; null counts in this process only. */
  readonly redis?: RedisLike | null
  /** Queues for the dashboard; without them there is none. */
  readonly queues?: readonly Queue[]
  /** Heartbeat interval of event streams in milliseconds; 15 seconds by default. */
  readonly heartbeatMs?: number
}

/** Probes and docs are requested often and are logged at debug level. */
const QUIET = /^\/(health|ready|metrics|openapi\.json|docs)\b/

/** Room for the longest spec and prompt at four bytes per character. */
const bodyLimit = (maxPromptChars: number) => 4 * (1_000_000 + maxPromptChars) + 10_000

/**
 * The API, ready to `listen` or `inject`. Closing it ends event streams at once and other responses within five
 * seconds. The caller owns `jobs` and `store` and closes them afterwards.
 */
export function buildApp(given: AppDeps): FastifyInstance {
  const deps = { ...given, store: checkedStore(given.store, given.log) }
  const app = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    bodyLimit: bodyLimit(deps.config.maxPromptChars),
    // Requests must arrive within 30 seconds; idle connections are closed after a minute.
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    // gracefulShutdown rejects these with a `Problem` instead.
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

  // Repeated after body parsing, which runs in another async context.
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
      'request completed',
    )
  })
  const closing = gracefulShutdown(app)
  handleUnknownRoute(app)
  // API responses must not be executed, embedded or load anything. /docs sets its own policy.
  app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    xFrameOptions: { action: 'deny' },
  })
  const { keys, allowAnonymous, host, corsOrigins } = deps.config
  // Before the guard, so that pages can read access errors.
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
    changeRoute(api, deps)
    planRoute(api, deps)
    planDiagramRoute(api, deps)
    preferencesRoutes(api, deps)
    healthRoute(api, deps)
    readyRoute(api, deps)
    metricsRoute(api, deps)
    docsRoutes(api)
    if (deps.queues !== undefined) dashboardRoutes(api, deps.queues)
  })
  return app as unknown as FastifyInstance
}

/** Log fields of a request. */
const fieldsOf = (request: FastifyRequest): LogFields => ({ requestId: request.id, ...jobOf(request) })

function jobOf({ params }: FastifyRequest): Pick<LogFields, 'jobId'> {
  const jobId = JobId.safeParse((params as { jobId?: unknown } | null)?.jobId)
  return jobId.success ? { jobId: jobId.data } : {}
}

/** The caller's request id if it is safe for headers and logs, otherwise a new one. */
function requestIdOf(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID()
}

/** Rejects duplicate headers, which different programs read differently. */
function refuseAmbiguous({ raw }: FastifyRequest, reply: FastifyReply): void {
  const names = raw.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  const twice = ['host', 'authorization', 'x-api-key', 'content-type'].find(
    (name) => names.indexOf(name) !== names.lastIndexOf(name),
  )
  if (twice === undefined) return
  reply.header('connection', 'close')
  throw new RequestError(400, 'bad_http', `Duplicate header ${twice}: send it once.`)
}

function refuseEncoded(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return
  throw new RequestError(
    415,
    'unsupported_encoding',
    'Compressed bodies are not supported: omit Content-Encoding.',
  )
}

/** The security headers for errors that occur before helmet runs. */
const HARMLESS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

/** The single error handler. */
function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toHttpError(toLateBodyError(error, request.raw.complete !== false))
  if (refusal.status === 408) reply.header('connection', 'close')
  if (refusal.unexpected)
    request.log.error({ error: errorForLog(error), code: refusal.code }, 'request failed')
  // Headers of the response that was replaced by this error.
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

/** The authentication challenge; admin pages are opened in browsers, which support `Basic`. */
function challengeOf({ routeOptions }: FastifyRequest): string | string[] {
  const bearer = 'Bearer realm="backend-generator"'
  const basic = 'Basic realm="backend-generator: the API key is the password", charset="UTF-8"'
  return routeOptions.config.access === 'admin' ? [bearer, basic] : bearer
}
