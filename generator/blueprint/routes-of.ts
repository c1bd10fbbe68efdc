import type { Blueprint, Operation } from '#contract'

type Route = { readonly method: string; readonly path: string }

const METHODS: Record<Operation, readonly { method: string; item: boolean }[]> = {
  list: [{ method: 'GET', item: false }],
  create: [{ method: 'POST', item: false }],
  read: [{ method: 'GET', item: true }],
  update: [
    { method: 'PUT', item: true },
    { method: 'PATCH', item: true },
  ],
  delete: [{ method: 'DELETE', item: true }],
}

/** Every route of a Blueprint except health and documents, in the order of the documentation. */
export function routesOf(blueprint: Blueprint): Route[] {
  return [
    ...plainRoutesOf(blueprint),
    ...blueprint.operations.map(({ method, path }) => ({ method, path: path.replaceAll('::', ':') })),
  ]
}

/** The generated routes: authentication, CRUD and links. */
export function plainRoutesOf(blueprint: Blueprint): Route[] {
  const { auth, entities, manyToMany } = blueprint
  const account = auth.kind === 'jwt' ? auth.account : null
  const pathOf = (name: string) => entities.find((entity) => entity.name === name)!.path
  const lastSegment = (path: string) => path.slice(path.lastIndexOf('/') + 1)

  return [
    ...(account === null || (auth.kind === 'jwt' && auth.ownRoutes)
      ? []
      : [
          { method: 'POST', path: '/auth/register' },
          { method: 'POST', path: '/auth/login' },
          { method: 'GET', path: '/auth/me' },
        ]),
    ...entities.flatMap((entity) =>
      (['list', 'create', 'read', 'update', 'delete'] as const)
        .filter((operation) => entity.operations.includes(operation))
        .filter((operation) => !(operation === 'create' && entity.name === account))
        .flatMap((operation) => METHODS[operation])
        .map(({ method, item }) => ({ method, path: item ? `${entity.path}/:id` : entity.path })),
    ),
    ...manyToMany.flatMap(({ left, right }) => {
      const links = `${pathOf(left)}/:id/${lastSegment(pathOf(right))}`
      return [
        { method: 'GET', path: links },
        { method: 'PUT', path: `${links}/:rightId` },
        { method: 'DELETE', path: `${links}/:rightId` },
        { method: 'GET', path: `${pathOf(right)}/:id/${lastSegment(pathOf(left))}` },
      ]
    }),
  ]
}
