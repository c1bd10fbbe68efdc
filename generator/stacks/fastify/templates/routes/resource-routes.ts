import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import type { Imports } from '../../../../codegen/imports.ts'
import type { ProjectModel } from '../../model.ts'
import { lockedProperties, referencesOf, type Resource } from '../../resource.ts'
import { canBeRefused } from '../../delete-rules.ts'
import { isGuarded, scopeOf } from '../guard-code.ts'
import { filtersOf, hasSearch } from '../schemas.ts'
import { type Route, route, idParams, noContent } from './route.ts'
import { notFound, andScope, mayForbid, missing } from './row-access.ts'
import { hasPrivateReferences, checkCall } from './reference-check.ts'

export function listRoute(resource: Resource, imports: Imports): string {
  const schemas = `../schemas/${resource.fileName}.ts`
  const renamed = filtersOf(resource).filter(({ parameter, property }) => parameter !== property.name)
  const search = hasSearch(resource) ? ['q'] : []
  const taken = ['limit', 'offset', 'sort', 'order', ...search, ...renamed.map(({ parameter }) => parameter)]
  const guard = resource.policies.list
  const scope = scopeOf(guard, imports)
  const plainFilters = filtersOf(resource).length > renamed.length
  const where = [
    ...(plainFilters ? ['...where'] : []),
    ...renamed.map(({ parameter, property }) => `${propertyKey(property.name)}: ${parameter}`),
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

export function createRoute(resource: Resource, imports: Imports): string {
  const schemas = `../schemas/${resource.fileName}.ts`
  const owner = resource.ownerProperty
  const references = referencesOf(resource)
  const privateReferences = hasPrivateReferences(resource)
  const needsAccount = owner !== undefined || privateReferences
  const values = owner ? `{ ...request.body, ${propertyKey(owner)}: account.id }` : 'request.body'
  return route(imports, {
    method: 'post',
    path: resource.path,
    guards: [resource.policies.create],
    operationId: resource.operationIds.create,
    tag: resource.labelPlural,
    summary: `Create ${resource.label}`,
    schema: [`body: ${imports.value(schemas, resource.bodyName)}`],
    success: `201: ${imports.value(schemas, resource.typeName)}`,
    errors: [400, ...locked(resource), ...conflict(resource), ...(refersToRows(resource) ? [422] : [])],
    locksFields: isLocked(resource),
    handler: `async (request, reply) => {
      ${needsAccount ? 'const account = authentication.accountOf(request);' : ''}
      ${references.length > 0 ? `${checkCall(resource)}\n` : ''}const created = repositories.${resource.key}.insert(${values});
      return reply.code(201).header('location', \`${resource.path}/\${created${access(resource.id.name)}}\`).send(created);
    }`,
  })
}

export function readRoute(resource: Resource, imports: Imports): string {
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

export function replaceRoute(resource: Resource, imports: Imports): string {
  return changeRoute(resource, imports, {
    method: 'put',
    operationId: resource.operationIds.replace,
    summary: `Replace ${resource.label}`,
    schemaName: resource.bodyName,
    values: isLocked(resource)
      ? `${imports.value('../auth/roles.ts', 'settable')}(${isGuarded(resource.policies.update) ? 'account' : 'null'}, request.body, fieldRoles)`
      : 'request.body',
  })
}

export function updateRoute(resource: Resource, imports: Imports): string {
  return changeRoute(resource, imports, {
    method: 'patch',
    operationId: resource.operationIds.update,
    summary: `Change ${resource.label}`,
    schemaName: resource.patchName,
    values: 'request.body',
  })
}

type Change = Pick<Route, 'method' | 'operationId' | 'summary'> & { schemaName: string; values: string }

function changeRoute(
  resource: Resource,
  imports: Imports,
  { schemaName, values, ...change }: Change,
): string {
  const schemas = `../schemas/${resource.fileName}.ts`
  const references = referencesOf(resource)
  const guard = resource.policies.update
  const needsAccount =
    guard.scope !== undefined || hasPrivateReferences(resource) || values.includes('(account')
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
      ...(mayForbid(resource, 'update') ? [403] : locked(resource)),
      ...conflict(resource),
      ...(refersToRows(resource) ? [422] : []),
    ],
    locksFields: isLocked(resource),
    handler: `async (request) => {
      ${needsAccount ? 'const account = authentication.accountOf(request);' : ''}
      ${references.length > 0 ? `${checkCall(resource)}\n` : ''}const changed = repositories.${resource.key}.update(request.params.id, ${values}${where});
      if (!changed) ${missing(resource, 'update', imports)}
      return changed;
    }`,
  })
}

export function deleteRoute(resource: Resource, model: ProjectModel, imports: Imports): string {
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

/** Whether a body may refer to a row that does not exist. */
const refersToRows = (resource: Resource): boolean =>
  referencesOf(resource).length > 0 || resource.foreignKeys.length > 0

const isLocked = (resource: Resource): boolean => lockedProperties(resource).length > 0
const locked = (resource: Resource): number[] => (isLocked(resource) ? [403] : [])

const conflict = (resource: Resource): number[] =>
  resource.properties.some(({ unique }) => unique) || resource.indexes.some(({ unique }) => unique)
    ? [409]
    : []
