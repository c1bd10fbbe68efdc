import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../../codegen/imports.ts'
import type { Resource } from '../../resource.ts'

export const notFound = (resource: Resource, imports: Imports): string =>
  `${imports.value('../errors.ts', 'notFound')}(${stringLiteral(resource.label)})`

export const andScope = (scope: string): string => (scope ? `, ${scope}` : '')

/** Rows that everyone may read but only their owner may change give 403; hidden rows give 404. */
export const mayForbid = ({ policies }: Resource, change: 'update' | 'delete'): boolean =>
  policies[change].scope !== undefined && policies.read.scope === undefined

export function missing(
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
