// Longer than most files: the source of one module, operation by operation.
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, referencesOf, type Link, type Property, type Resource } from '../resource.ts'
import { canBeRefused } from '../delete-rules.ts'
import { crudStatuses } from './crud.ts'
import type { Guard } from '../guard.ts'
import { hooksOf, scopeOf, securityOf, statusesOf } from './guard-code.ts'
import { customRoute } from './operations.ts'
import { filtersOf, hasSearch } from './schemas.ts'

/** `src/routes/<entity>.ts`: the routes of one entity. */
export function routesFile(resource: Resource, model: ProjectModel): string {
  const imports = makeImports()
  const writesReferences =
    referencesOf(resource).length > 0 && (hasCreate(resource) || resource.operations.has('update'))
  const { operations } = resource
  const routes = [
    operations.has('list') ? listRoute(resource, imports) : '',
    hasCreate(resource) ? createRoute(resource, imports) : '',
    operations.has('read') ? readRoute(resource, imports) : '',
    operations.has('update') ? replaceRoute(resource, imports) : '',
    hasPatch(resource) ? updateRoute(resource, imports) : '',
    operations.has('delete') ? deleteRoute(resource, model, imports) : '',
    ...model.links.filter(({ left }) => left === resource).map((link) => linkRoutes(link, imports)),
    ...model.links
      .filter(({ right }) => right === resource)
      .map((link) => linkedListRoute(resource, link, imports)),
    ...model.customs
      .filter((custom) => custom.resource === resource)
      .map((custom) => customRoute(custom, imports, crudStatuses(custom, model))),
  ].filter(Boolean)
  const uses = (name: string) => routes.some((route) => route.includes(name))
  const needs = [
    ...(uses('repositories.') || uses('checkReferences(repositories') ? ['repositories'] : []),
    ...(uses('authentication.required') ? ['authentication'] : []),
    ...(uses('operationContext(request.log)') ? ['operationContext'] : []),
    ...(uses('services: {') ? ['services'] : []),
  ]
  const app = imports.type('../http/app-type.ts', 'App')
  const context = imports.type('../context.ts', 'Context')
  const body = `/** ${commentText(`${resource.labelPlural}: the requests ${operations.size > 0 ? `under ${resource.path}` : 'about them'}.`)} */
export function ${resource.routesFunction}(app: ${app}, { ${needs.join(', ')} }: ${context}): void {
${routes.join('\n\n')}
}
${writesReferences ? `\n${referenceCheck(resource, model, imports)}\n` : ''}`
  return `${imports.render()}\n\n${body}`
}

export const hasRoutes = (resource: Resource, model: ProjectModel): boolean =>
  resource.operations.size > (resource.isAccount && resource.operations.has('create') ? 1 : 0) ||
  model.links.some(({ left, right }) => left === resource || right === resource) ||
  model.customs.some((custom) => custom.resource === resource)

type Route = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  guards: readonly Guard[]
  operationId: string
  tag: string
  summary: string
  schema: string[]
  success: string
  errors: number[]
  handler: string
}

function route(imports: Imports, given: Route): string {
  const statuses = [...new Set([...statusesOf(...given.guards), ...given.errors])].sort((a, b) => a - b)
  const errors = imports.value('../http/error-handling.ts', 'errorResponses')
  const schema = [
    `operationId: '${given.operationId}'`,
    `tags: [${stringLiteral(given.tag)}]`,
    `summary: ${stringLiteral(given.summary)}`,
    ...securityOf(...given.guards),
    ...given.schema,
    `response: { ${given.success}, ...${errors}(${statuses.join(', ')}) }`,
  ]
  return `  app.${given.method}(
    '${given.path}',
    {
      ${hooksOf(...given.guards)}
      schema: {
        ${schema.join(',\n')},
      },
    },
    ${given.handler},
  );`
}

function listRoute(resource: Resource, imports: Imports): string {
  const schemas = `../schemas/${resource.fileName}.ts`
  const renamed = filtersOf(resource).filter(({ parameter, property }) => parameter !== property.name)
  const search = hasSearch(resource) ? ['q'] : []
  const taken = ['limit', 'offset', 'sort', 'order', ...search, ...renamed.map(({ parameter }) => parameter)]
  const guard = resource.policies.list
  const scope = scopeOf(guard, imports)
  const plainFilters = filtersOf(resource).length > renamed.length
  const where = [
    ...(plainFilters ? ['...where'] : []),
    ...renamed.map(({ parameter, property }) => `${property.name}: ${parameter}`),
    ...(scope ? [guard.beyond.length > 0 ? `...${scope}` : scope.slice(2, -2)] : []),
  ]
  const request = [
    'limit, offset, sort, order',
    ...(where.length > 0 ? [where.join() === '...where' ? 'where' : `where: { ${where.join(', ')} }`] : []),
    ...(search.length > 0 ? ['search: q'] : []),
  ]
  const simple = where.length === 0 && search.length === 0
  const body = simple
    ? `return repositories.${resource.key}.page(request.query);`
    : `const { ${taken.join(', ')}${plainFilters ? ', ...where' : ''} } = request.query;
      return repositories.${resource.key}.page({ ${request.join(', ')} });`
  return route(imports, {
    method: 'get',
    path: resource.path,
    guards: [guard],
    operationId: resource.operationIds.list,
    tag: resource.labelPlural,
    summary: `List ${resource.labelPlural}`,
    schema: [`querystring: ${imports.value(schemas, resource.queryName)}`],
    success: `200: ${imports.value(schemas, resource.pageName)}`,
    errors: [400],
    handler: `async (request) => {\n${body}\n}`,
  })
}

function createRoute(resource: Resource, imports: Imports): string {
  const schemas = `../schemas/${resource.fileName}.ts`
  const owner = resource.ownerProperty
  const references = referencesOf(resource)
  const privateReferences = hasPrivateReferences(resource)
  const needsAccount = owner !== undefined || privateReferences
  const values = owner ? `{ ...request.body, ${owner}: account.id }` : 'request.body'
  return route(imports, {
    method: 'post',
    path: resource.path,
    guards: [resource.policies.create],
    operationId: resource.operationIds.create,
    tag: resource.labelPlural,
    summary: `Create ${resource.label}`,
    schema: [`body: ${imports.value(schemas, resource.bodyName)}`],
    success: `201: ${imports.value(schemas, resource.typeName)}`,
    errors: [400, ...conflict(resource), ...(references.length > 0 ? [422] : [])],
    handler: `async (request, reply) => {
      ${needsAccount ? 'const account = authentication.accountOf(request);' : ''}
      ${references.length > 0 ? `${checkCall(resource)}\n` : ''}const created = repositories.${resource.key}.insert(${values});
      return reply.code(201).header('location', \`${resource.path}/\${created.${resource.id.name}}\`).send(created);
    }`,
  })
}

function readRoute(resource: Resource, imports: Imports): string {
  const guard = resource.policies.read
  const scope = andScope(scopeOf(guard, imports))
  return route(imports, {
    method: 'get',
    path: `${resource.path}/:id`,
    guards: [guard],
    operationId: resource.operationIds.get,
    tag: resource.labelPlural,
    summary: `Read ${resource.label}`,
    schema: [`params: ${idParams(resource, imports)}`],
    success: `200: ${imports.value(`../schemas/${resource.fileName}.ts`, resource.typeName)}`,
    errors: [400, 404],
    handler: `async (request) => {
      const found = repositories.${resource.key}.find(request.params.id${scope});
      if (!found) throw ${notFound(resource, imports)};
      return found;
    }`,
  })
}

function replaceRoute(resource: Resource, imports: Imports): string {
  return changeRoute(resource, imports, {
    method: 'put',
    operationId: resource.operationIds.replace,
    summary: `Replace ${resource.label}`,
    schemaName: resource.bodyName,
  })
}

function updateRoute(resource: Resource, imports: Imports): string {
  return changeRoute(resource, imports, {
    method: 'patch',
    operationId: resource.operationIds.update,
    summary: `Change ${resource.label}`,
    schemaName: resource.patchName,
  })
}

type Change = Pick<Route, 'method' | 'operationId' | 'summary'> & { schemaName: string }

function changeRoute(resource: Resource, imports: Imports, { schemaName, ...change }: Change): string {
  const schemas = `../schemas/${resource.fileName}.ts`
  const references = referencesOf(resource)
  const guard = resource.policies.update
  const needsAccount = guard.scope !== undefined || hasPrivateReferences(resource)
  const where = andScope(scopeOf(guard, imports, 'account'))
  return route(imports, {
    ...change,
    path: `${resource.path}/:id`,
    guards: [guard],
    tag: resource.labelPlural,
    schema: [`params: ${idParams(resource, imports)}`, `body: ${imports.value(schemas, schemaName)}`],
    success: `200: ${imports.value(schemas, resource.typeName)}`,
    errors: [
      400,
      404,
      ...(mayForbid(resource, 'update') ? [403] : []),
      ...conflict(resource),
      ...(references.length > 0 ? [422] : []),
    ],
    handler: `async (request) => {
      ${needsAccount ? 'const account = authentication.accountOf(request);' : ''}
      ${references.length > 0 ? `${checkCall(resource)}\n` : ''}const changed = repositories.${resource.key}.update(request.params.id, request.body${where});
      if (!changed) ${missing(resource, 'update', imports)}
      return changed;
    }`,
  })
}

function deleteRoute(resource: Resource, model: ProjectModel, imports: Imports): string {
  const guard = resource.policies.delete
  const scope = andScope(scopeOf(guard, imports))
  return route(imports, {
    method: 'delete',
    path: `${resource.path}/:id`,
    guards: [guard],
    operationId: resource.operationIds.delete,
    tag: resource.labelPlural,
    summary: `Delete ${resource.label}`,
    schema: [`params: ${idParams(resource, imports)}`],
    success: noContent(imports),
    errors: [
      400,
      404,
      ...(canBeRefused(resource, model) ? [409] : []),
      ...(mayForbid(resource, 'delete') ? [403] : []),
    ],
    handler: `async (request, reply) => {
      const removed = repositories.${resource.key}.remove(request.params.id${scope});
      if (!removed) ${missing(resource, 'delete', imports)}
      return reply.code(204).send();
    }`,
  })
}

const ID_PARAMS = { uuid: 'IdParams', integer: 'NumberIdParams', text: 'TextIdParams' }

/** The schema of `/:id`. */
const idParams = ({ id }: Resource, imports: Imports): string =>
  imports.value('../http/params.ts', ID_PARAMS[id.kind])

/** The schema of `/:id/…/:otherId`. */
function linkParams(left: Resource, right: Resource, imports: Imports): string {
  if (left.id.kind === 'uuid' && right.id.kind === 'uuid')
    return imports.value('../http/params.ts', 'LinkParams')
  return `${idParams(left, imports)}.extend({ otherId: ${idParams(right, imports)}.shape.id })`
}

const noContent = (imports: Imports): string => `204: ${imports.value('../http/no-content.ts', 'NoContent')}`

const notFound = (resource: Resource, imports: Imports): string =>
  `${imports.value('../errors.ts', 'notFound')}(${stringLiteral(resource.label)})`

const andScope = (scope: string): string => (scope ? `, ${scope}` : '')

/** Rows that everyone may read but only their owner may change give 403; hidden rows give 404. */
export const mayForbid = ({ policies }: Resource, change: 'update' | 'delete'): boolean =>
  policies[change].scope !== undefined && policies.read.scope === undefined

function missing(
  resource: Resource,
  change: 'update' | 'delete',
  imports: Imports,
  id = 'request.params.id',
): string {
  if (!mayForbid(resource, change)) return `throw ${notFound(resource, imports)};`
  const forbidden = `${imports.value('../errors.ts', 'forbidden')}(${stringLiteral(resource.label)})`
  return `{
        throw repositories.${resource.key}.find(${id}) ? ${forbidden} : ${notFound(resource, imports)};
      }`
}

const conflict = (resource: Resource): number[] =>
  resource.properties.some(({ unique }) => unique) || resource.indexes.some(({ unique }) => unique)
    ? [409]
    : []

export const hasPrivateReferences = (resource: Resource): boolean =>
  referencesOf(resource).some(({ relation }) => relation.target.policies.read.scope !== undefined)

const checkCall = (resource: Resource): string =>
  `checkReferences(repositories, request.body${hasPrivateReferences(resource) ? ', account' : ''});`

/** The type of the key of a row. */
export const idType = ({ id }: Resource): string => (id.kind === 'integer' ? 'number' : 'string')

export function referenceCheck(resource: Resource, { account }: ProjectModel, imports: Imports): string {
  const references = referencesOf(resource)
  const types = references.map(
    ({ name, required, relation: { target } }) =>
      `${name}?: ${idType(target)} ${required ? '' : '| null'} | undefined;`,
  )
  const who =
    account && hasPrivateReferences(resource)
      ? imports.type(`../schemas/${account.fileName}.ts`, account.typeName)
      : undefined
  const repositories = imports.type('../database/repositories.ts', 'Repositories')
  return `/** Refuses ids of rows that do not exist${who ? ', or that this account may not see' : ''}. */
function checkReferences(
  repositories: ${repositories},
  body: { ${types.join(' ')} },
  ${who ? `account: ${who},` : ''}
): void {
  ${references.map((property) => referenceGuard(property, imports)).join('\n')}
}`
}

/** Whether a body has the key; an empty string and zero are also valid keys. */
export function isGiven({ name, required, relation: { target } }: Property & { kind: 'relation' }): string {
  if (target.id.kind === 'uuid') return `body.${name}`
  return `body.${name} !== undefined${required ? '' : ` && body.${name} !== null`}`
}

function referenceGuard(property: Property & { kind: 'relation' }, imports: Imports): string {
  const { target } = property.relation
  const scope = andScope(scopeOf(target.policies.read, imports, 'account'))
  return `if (${isGiven(property)} && !repositories.${target.key}.find(body.${property.name}${scope})) {
    throw ${imports.value('../errors.ts', 'unknownReference')}('${property.name}', ${stringLiteral(target.label)});
  }`
}

/** A linked row, if the sender may read it. */
function findSide(resource: Resource, id: string, imports: Imports): string {
  const scope = andScope(scopeOf(resource.policies.read, imports))
  return `repositories.${resource.key}.find(${id}${scope})`
}

function linkRoutes(link: Link, imports: Imports): string {
  return [
    linkedListRoute(link.left, link, imports),
    addLinkRoute(link, imports),
    removeLinkRoute(link, imports),
  ].join('\n\n')
}

/** The linked rows of the other side. */
function linkedListRoute(from: Resource, link: Link, imports: Imports): string {
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
      if (!${findSide(right, 'request.params.otherId', imports)}) throw ${notFound(right, imports)};
      ${work}
      return reply.code(204).send();
    }`,
  })
}
