import type { FastifyInstance } from 'fastify'
import { RequestError } from './errors.ts'

type Known = { readonly matches: RegExp; readonly methods: Set<string> }

/**
 * Handles unmatched requests: 405 with `Allow` when the path exists for other methods, else 404.
 * Call it before the routes are registered.
 */
export function handleUnknownRoute(app: FastifyInstance): void {
  const known = new Map<string, Known>()

  app.addHook('onRoute', ({ url, method }) => {
    // CORS preflight only; not a route of its own.
    if (url === '*') return
    const matches = new RegExp(
      `^${url.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll(/:\w+/g, '[^/]+')}$`,
    )
    const route = known.get(url) ?? { matches, methods: new Set() }
    for (const each of [method].flat()) route.methods.add(each)
    known.set(url, route)
  })

  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?')
    const route = [...known.values()].find(({ matches }) => matches.test(path))
    if (route) {
      const allowed = [...route.methods].toSorted().join(', ')
      reply.header('allow', allowed)
      throw new RequestError(
        405,
        'method_not_allowed',
        `Method ${request.method} is not allowed. Allowed methods: ${allowed}.`,
      )
    }
    throw new RequestError(404, 'not_found', 'Route not found. See /docs for the API reference.')
  })
}
