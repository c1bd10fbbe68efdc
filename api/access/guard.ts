import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Links } from '#lib/signed-link'
import type { JobStore } from '#store/job-store'
import { RequestError } from '../errors.ts'
import { jobNotFound } from '../routes/http/validate.ts'
import { ANONYMOUS, UNAUTHENTICATED, requireScope, authenticate, owns, type Caller } from './caller.ts'
import { requireLocalHost } from './host.ts'
import { makeJobOwners } from './job-owners.ts'
import type { ApiKey } from './keys.ts'

/**
 * Who may use a route: `open` everybody; `link` whoever has a signed link to it, or the scope `read`; else whoever has
 * that scope. A route whose path has a `:jobId` is, besides, only for the owner of that job.
 */
export type Access = 'open' | 'link' | 'read' | 'generate' | 'admin'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyInstance {
    /** Every route there is, as it was registered. */
    guarded: readonly RouteOptions[]
  }
}

export type AccessOptions = {
  readonly keys: readonly ApiKey[]
  readonly store: Pick<JobStore, 'readRecord'>
  readonly links: Pick<Links, 'check'>
  /** The address that is listened on: where there are no keys, requests have to be for this machine. Null: for any. */
  readonly localHost: string | null
}

/** Gives every route in a scope the same rule: for plugins that make routes of their own. */
export function declareAccess(scope: FastifyInstance, access: Access): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access }
  })
}

/**
 * Asks each request for its key before anything of its body is read. Call it before the routes are registered: a
 * route that does not say who may use it stops the start.
 */
export function guardRoutes(
  app: FastifyInstance,
  { keys, store, links, localHost: onlyFor }: AccessOptions,
): void {
  const routes: RouteOptions[] = []
  const ownerOf = makeJobOwners(store)
  app.decorate('guarded', routes)
  // OPTIONS is how a browser asks whether it may ask, and gets nothing but that.
  app.addHook('onRoute', (route) => void (route.method === 'OPTIONS' || routes.push(route)))
  app.addHook('onReady', async () => {
    const bare = routes.filter(({ config }) => config?.access === undefined)
    const names = bare.map(({ method, url }) => `${String(method)} ${url}`).join(', ')
    if (bare.length > 0) throw new Error(`Who may use ${names}? Give each route config.access.`)
  })

  app.decorateRequest('caller')
  // After the plugins so far, whose answers (to a browser that asks whether it may ask) come first.
  app.after(() => {
    app.addHook('onRequest', async (request) => {
      request.caller = UNAUTHENTICATED
      if (keys.length === 0 && onlyFor !== null) requireLocalHost(request.headers.host, onlyFor)
      // What is not there is not there for anybody.
      if (request.is404 || request.method === 'OPTIONS') return
      const { access } = request.routeOptions.config
      if (access === undefined) throw new Error('A route without a rule is for nobody.')
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
      // The same answer for a job of somebody else's and for none: ids are told to nobody.
      if (job === null || !owns(caller, job)) throw jobNotFound()
    })
  })
}

/** A link that was changed or has run out opens nothing, whoever has it. */
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
        `This link ran out at ${new Date(Number(expires) * 1000).toISOString()}. What it led to may still be there: ask whoever gave you the link, or fetch it with an API key.`,
      )
    case 'forged':
      throw new RequestError(403, 'link_invalid', 'This link is not whole: copy all of it, to its end.')
  }
}
