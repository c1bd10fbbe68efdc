import { commentText } from '../../../codegen/encode/typescript.ts'
import { makeImports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, referencesOf, type Resource } from '../resource.ts'
import { customRoute, routeErrors } from './operations.ts'
import {
  listRoute,
  createRoute,
  readRoute,
  replaceRoute,
  updateRoute,
  deleteRoute,
} from './routes/resource-routes.ts'
import { referenceCheck } from './routes/reference-check.ts'
import { fieldRolesOf } from './routes/route.ts'
import { linkRoutes, linkedListRoute } from './routes/link-routes.ts'

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
      .map((custom) => customRoute(custom, imports, routeErrors(custom, model))),
  ].filter(Boolean)
  const uses = (name: string) => routes.some((route) => route.includes(name))
  const needs = [
    ...(uses('repositories.') || uses('checkReferences(repositories') ? ['repositories'] : []),
    ...(uses('authentication.') ? ['authentication'] : []),
    ...(uses('operationContext(request.log)') ? ['operationContext'] : []),
    ...(uses('services: {') ? ['services'] : []),
  ]
  const app = imports.type('../http/app-type.ts', 'App')
  const context = imports.type('../context.ts', 'Context')
  const fields = routes.some((route) => route.includes('fieldRoles')) ? fieldRolesOf(resource, imports) : ''
  const body = `${fields && `${fields}\n`}/** ${commentText(`${resource.labelPlural}: the requests ${operations.size > 0 ? `under ${resource.path}` : 'about them'}.`)} */
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
