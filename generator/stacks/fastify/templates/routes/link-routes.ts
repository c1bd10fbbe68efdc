import type { Imports } from '../../../../codegen/imports.ts'
import type { Link, Resource } from '../../resource.ts'
import type { Guard } from '../../guard.ts'
import { scopeOf } from '../guard-code.ts'
import { type Route, route, idParams, linkParams, noContent } from './route.ts'
import { notFound, andScope, mayForbid, missing } from './row-access.ts'

/** A linked row, if the sender may read it. */
function findSide(resource: Resource, id: string, imports: Imports): string {
  const scope = andScope(scopeOf(resource.policies.read, imports))
  return `repositories.${resource.key}.find(${id}${scope})`
}

export function linkRoutes(link: Link, imports: Imports): string {
  return [
    linkedListRoute(link.left, link, imports),
    addLinkRoute(link, imports),
    removeLinkRoute(link, imports),
  ].join('\n\n')
}

/** The linked rows of the other side. */
export function linkedListRoute(from: Resource, link: Link, imports: Imports): string {
  const isLeft = from === link.left
  const to = isLeft ? link.right : link.left
  const scope = scopeOf(to.policies.read, imports)
  const where = scope ? `where: ${scope},` : ''
  return route(imports, {
    method: 'get',
    path: `${from.path}/:id/${isLeft ? link.rightSegment : link.leftSegment}`,
    guards: [from.policies.read, to.policies.read],
    operationId: isLeft ? link.operationIds.rights : link.operationIds.lefts,
    tag: from.labelPlural,
    summary: `List ${to.labelPlural} of ${from.label}`,
    schema: [
      `params: ${idParams(from, imports)}`,
      `querystring: ${imports.value('../http/pagination.ts', 'PageQuery')}`,
    ],
    success: `200: ${imports.value(`../schemas/${to.fileName}.ts`, to.pageName)}`,
    errors: [400, 404],
    handler: `async (request) => {
      if (!${findSide(from, 'request.params.id', imports)}) throw ${notFound(from, imports)};
      return repositories.${to.key}.page({
        ...request.query,
        ${where}
        linkedBy: repositories.${link.key}.${isLeft ? 'ofLeft' : 'ofRight'}(request.params.id),
      });
    }`,
  })
}

/** Linking requires update access to the left row and read access to both. */
export const linkGuards = (left: Resource, right: Resource): readonly Guard[] => [
  left.policies.update,
  left.policies.read,
  right.policies.read,
]

function addLinkRoute(link: Link, imports: Imports): string {
  return linkChange(link, imports, {
    method: 'put',
    operationId: link.operationIds.add,
    summary: `Link to ${link.right.label}`,
    work: `repositories.${link.key}.add(request.params.id, request.params.otherId);`,
  })
}

function removeLinkRoute(link: Link, imports: Imports): string {
  return linkChange(link, imports, {
    method: 'delete',
    operationId: link.operationIds.remove,
    summary: `Unlink from ${link.right.label}`,
    work: `const removed = repositories.${link.key}.remove(request.params.id, request.params.otherId);
      if (!removed) throw ${notFound(link.right, imports)};`,
  })
}

function linkChange(
  { left, right, rightSegment }: Link,
  imports: Imports,
  { work, ...change }: Pick<Route, 'method' | 'operationId' | 'summary'> & { work: string },
): string {
  // A row that does not exist has no link. One that is hidden may have.
  const isChecked = change.method === 'put' || right.policies.read.scope !== undefined
  const scope = andScope(scopeOf(left.policies.update, imports))
  return route(imports, {
    ...change,
    path: `${left.path}/:id/${rightSegment}/:otherId`,
    guards: linkGuards(left, right),
    tag: left.labelPlural,
    schema: [`params: ${linkParams(left, right, imports)}`],
    success: noContent(imports),
    errors: [400, 404, ...(mayForbid(left, 'update') ? [403] : [])],
    handler: `async (request, reply) => {
      const found = repositories.${left.key}.find(request.params.id${scope});
      if (!found) ${missing(left, 'update', imports)}
      ${isChecked ? `if (!${findSide(right, 'request.params.otherId', imports)}) throw ${notFound(right, imports)};` : ''}
      ${work}
      return reply.code(204).send();
    }`,
  })
}
