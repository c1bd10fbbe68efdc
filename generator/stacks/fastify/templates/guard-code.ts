import { propertyKey } from '../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../codegen/imports.ts'
import type { Guard } from '../guard.ts'

// The source of guards. If several guards are given, all apply.

const rolesIn = (roles: readonly string[]): string => roles.map(stringLiteral).join(', ')

export const isGuarded = (...guards: readonly Guard[]): boolean =>
  guards.some(({ scheme }) => scheme !== undefined)

/** The hooks of a route; empty if public. */
export function hooksOf(...guards: readonly Guard[]): string {
  if (!isGuarded(...guards))
    return guards.some(({ isOptional }) => isOptional) ? 'onRequest: authentication.optional,' : ''
  const limits = new Set(
    guards
      .filter(({ roles }) => roles.length > 0)
      .map(({ roles }) => `authentication.only(${rolesIn(roles)})`),
  )
  if (limits.size === 0) return 'onRequest: authentication.required,'
  return `onRequest: [authentication.required, ${[...limits].join(', ')}],`
}

/** The security line in the schema of a route. */
export function securityOf(...guards: readonly Guard[]): string[] {
  const guard = guards.find(({ scheme, isOptional }) => scheme !== undefined || isOptional)
  if (guard === undefined) return []
  const alternatives = guard.schemes.map((name) => `{ ${stringLiteral(name)}: [] }`)
  return [`security: [${[...(guard.isOptional ? ['{}'] : []), ...alternatives].join(', ')}]`]
}

export const statusesOf = (...guards: readonly Guard[]): number[] => [
  ...(isGuarded(...guards) || guards.some(({ isOptional }) => isOptional) ? [401] : []),
  ...(guards.some(({ roles }) => roles.length > 0) ? [403] : []),
]

/** The condition of rows that an account may access: an object, or empty for all rows. */
export function scopeOf(
  { scope, beyond }: Guard,
  imports: Imports,
  account = 'authentication.accountOf(request)',
): string {
  if (scope === undefined) return ''
  if (beyond.length === 0) return `{ ${propertyKey(scope)}: ${account}.id }`
  return `${imports.value('../auth/roles.ts', 'own')}(${account}, '${scope}', ${rolesIn(beyond)})`
}
