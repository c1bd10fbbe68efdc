import { markdownCode, markdownText } from '../../../../codegen/encode/markdown.ts'
import type { ProjectModel } from '../../model.ts'
import { hasCreate, hasPatch, lockedProperties, settersOf, type Link, type Resource } from '../../resource.ts'
import type { Guard } from '../../guard.ts'
import { linkGuards } from '../routes/link-routes.ts'
import { table } from './markdown-table.ts'

export function routes(model: ProjectModel): string {
  const hasAuth = model.auth !== 'none'
  const row = (method: string, path: string, what: string, who: string): string[] => [
    `\`${method}\``,
    markdownCode(path),
    what,
    ...(hasAuth ? [who] : []),
  ]
  const rows = [
    ...(model.hasAuthRoutes
      ? [
          row('POST', '/auth/register', 'Register an account', 'anyone'),
          row('POST', '/auth/login', 'Sign in: returns a token', 'anyone'),
          row('GET', '/auth/me', 'Read the current account', 'signed in'),
        ]
      : []),
    ...model.resources.flatMap((resource) => resourceRoutes(resource, row)),
    ...model.links.flatMap((link) => linkRoutes(link, row)),
    ...model.customs.map(({ operation, summary, guard, isWritten }) =>
      row(
        operation.method,
        operation.path.replaceAll('::', ':'),
        `${markdownText(summary)}${isWritten ? '' : ' (**not implemented**: returns 501)'}`,
        who(guard),
      ),
    ),
    row('GET', '/health', 'Liveness check', 'anyone'),
    row('GET', '/ready', 'Readiness check: database available', 'anyone'),
  ]
  return table(['Method', 'Path', 'Description', ...(hasAuth ? ['Access'] : [])], rows)
}

type RouteRow = (method: string, path: string, what: string, who: string) => string[]

function resourceRoutes(resource: Resource, row: RouteRow): string[][] {
  const { path, operations, policies } = resource
  const label = markdownText(resource.label)
  const one = `${path}/:id`
  const locked = lockedProperties(resource)
    .map(
      (property) =>
        `; ${markdownCode(property.name)} by ${settersOf(property).map(markdownCode).join(', ')} only`,
    )
    .join('')
  return [
    ...(operations.has('list')
      ? [row('GET', path, `List ${markdownText(resource.labelPlural)}`, who(policies.list))]
      : []),
    ...(hasCreate(resource) ? [row('POST', path, `Create ${label}${locked}`, who(policies.create))] : []),
    ...(operations.has('read') ? [row('GET', one, `Read ${label}`, who(policies.read))] : []),
    ...(operations.has('update') ? [row('PUT', one, `Replace ${label}${locked}`, who(policies.update))] : []),
    ...(hasPatch(resource) ? [row('PATCH', one, `Change ${label}${locked}`, who(policies.update))] : []),
    ...(operations.has('delete') ? [row('DELETE', one, `Delete ${label}`, who(policies.delete))] : []),
  ]
}

function who(...guards: readonly Guard[]): string {
  const roles = guards.flatMap((guard) => guard.roles)
  if (roles.length > 0) return [...new Set(roles)].map(markdownCode).join(', ')
  const owned = guards.find(({ scope }) => scope !== undefined)
  if (owned) return ['the owner', ...owned.beyond.map(markdownCode)].join(', ')
  const scheme = guards.find((guard) => guard.scheme !== undefined)?.scheme
  if (scheme === 'apiKey') return 'with a key'
  if (guards.some(({ isOptional }) => isOptional)) return 'anyone; more if signed in'
  return scheme === 'bearer' ? 'signed in' : 'anyone'
}

function linkRoutes({ left, right, leftSegment, rightSegment }: Link, row: RouteRow): string[][] {
  const rights = `${left.path}/:id/${rightSegment}`
  const reader = who(left.policies.read, right.policies.read)
  const writer = who(...linkGuards(left, right))
  const [leftLabel, rightLabel] = [markdownText(left.label), markdownText(right.label)]
  return [
    row('GET', rights, `List ${markdownText(right.labelPlural)} of ${leftLabel}`, reader),
    row('PUT', `${rights}/:otherId`, `Link ${leftLabel} and ${rightLabel}`, writer),
    row('DELETE', `${rights}/:otherId`, `Unlink ${leftLabel} and ${rightLabel}`, writer),
    row(
      'GET',
      `${right.path}/:id/${leftSegment}`,
      `List ${markdownText(left.labelPlural)} of ${rightLabel}`,
      reader,
    ),
  ]
}
