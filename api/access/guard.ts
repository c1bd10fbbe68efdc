import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Links } from '#lib/signed-link'
import type { JobStore } from '#store/job-store'
import { RequestError } from '../http/errors.ts'
import { jobNotFound } from '../http/validate.ts'
import { ANONYMOUS, UNAUTHENTICATED, requireScope, authenticate, owns, type Caller } from './caller.ts'
import { requireLocalHost } from './host.ts'
import { makeJobOwners } from './job-owners.ts'
import type { ApiKey } from './keys.ts'

/**
 * Access rule of a route: `open` is public; `link` requires a signed link or the scope `read`; the others require that
 * scope, where `bot` is what the chats and admins have. Routes with a `:jobId` also require access to that job.
 */
export type Access = 'open' | 'link' | 'read' | 'generate' | 'bot' | 'admin'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyInstance {
    /** Every registered route. */
    guarded: readonly RouteOptions[]
  }
}

export type AccessOptions = {
  readonly keys: readonly ApiKey[]
  readonly store: Pick<JobStore, 'readRecord'>
  readonly links: Pick<Links, 'check'>
  /** The listening address. Without keys, only requests for this machine are served; null allows any Host. */
  readonly localHost: string | null
}

/** Sets one rule for all routes in a scope, for plugins that register their own routes. */
export function declareAccess(scope: FastifyInstance, access: Access): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access }
  })
}

/**
 * Checks access before the body is read. Call it before the routes are registered: a route without an access rule
 * fails the start.
 */
export function guardRoutes(app: FastifyInstance, { keys, store, links, localHost }: AccessOptions): void {
  const routes: RouteOptions[] = []
  const ownerOf = makeJobOwners(store)
  app.decorate('guarded', routes)
  // OPTIONS serves CORS preflights only.
  app.addHook('onRoute', (route) => void (route.method === 'OPTIONS' || routes.push(route)))
  app.addHook('onReady', async () => {
    const bare = routes.filter(({ config }) => config?.access === undefined)
    const names = bare.map(({ method, url }) => `${String(method)} ${url}`).join(', ')
    if (bare.length > 0)
      throw new Error(`Routes without an access rule: ${names}. Set config.access for each.`)
  })

  app.decorateRequest('caller')
  // After the plugins registered so far, so that CORS preflights are answered first.
  app.after(() => {
    app.addHook('onRequest', async (request) => {
      request.caller = UNAUTHENTICATED
      if (keys.length === 0 && localHost !== null) requireLocalHost(request.headers.host, localHost)
      // Unknown routes are a 404 for every caller.
      if (request.is404 || request.method === 'OPTIONS') return
      const { access } = request.routeOptions.config
      if (access === undefined) throw new Error('Access denied: the route has no access rule.')
      if (access === 'open') return
      if (access === 'link' && hasValidLink(links, request)) return
      request.caller =
        keys.length === 0 ? ANONYMOUS : authenticate(keys, request.headers, { basic: access === 'admin' })
      requireScope(request.caller, access === 'link' ? 'read' : access)
    })

    app.addHook('preHandler', async ({ caller, params }) => {
      const jobId = (params as { jobId?: unknown } | null)?.jobId
      if (caller === UNAUTHENTICATED || caller === ANONYMOUS || typeof jobId !== 'string') return
      const job = await ownerOf(jobId)
      // The same response for another caller's job as for a missing one, so that ids cannot be probed.
      if (job === null || !owns(caller, job)) throw jobNotFound()
    })
  })
}

/** Whether the request has a valid signed link. Throws 403 for an expired or forged one. */
function hasValidLink(links: AccessOptions['links'], request: FastifyRequest): boolean {
  const { expires, signature } = request.query as Record<string, unknown>
  if (expires === undefined && signature === undefined) return false
  const [path = ''] = request.url.split('?', 1)
  switch (links.check(path, { expires: String(expires), signature: String(signature) })) {
    case 'valid':
      return true
    case 'expired':
      throw new RequestError(
        403,
        'link_expired',
        `This link expired at ${new Date(Number(expires) * 1000).toISOString()}. Ask for a new link, or use an API key.`,
      )
    case 'forged':
      throw new RequestError(
        403,
        'link_invalid',
        'This link is invalid: make sure that you copied all of it.',
      )
  }
}
