import type { FastifyInstance } from 'fastify'
import { RequestError } from '../../errors.ts'

type Known = { readonly matches: RegExp; readonly methods: Set<string> }

/**
 * Answers what no route takes: 405 with `Allow` where the path is known under other methods, else 404.
 * Call it before the routes are registered.
 */
export function handleUnknownRoute(app: FastifyInstance): void {
  const known = new Map<string, Known>()

  app.addHook('onRoute', ({ url, method }) => {
    // Where browsers ask whether they may ask; it leads nowhere by itself.
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
        `${request.method} is not possible here, only ${allowed}.`,
      )
    }
    throw new RequestError(
      404,
      'not_found',
      'There is nothing at this address. The API is described at /docs.',
    )
  })
}
