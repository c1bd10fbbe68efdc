import type { Blueprint } from '#contract'
import type { Property } from './resource.ts'

/** The roles of a project, that of new accounts first. */
export function rolesOf({ auth }: Blueprint): readonly string[] {
  if (auth.kind !== 'jwt' || auth.roles === undefined) return []
  const { names, initial } = auth.roles
  return [initial, ...names.filter((name) => name !== initial)]
}

/** The property of an account with its role. */
export const roleProperty = (roles: readonly string[], column: string): Property => ({
  kind: 'field',
  field: {
    name: 'role',
    label: 'Role',
    type: { kind: 'enum', values: [...roles] },
    ...(roles[0] !== undefined && { default: roles[0] }),
    required: true,
    unique: false,
  },
  name: 'role',
  column,
  label: 'Role',
  required: true,
  unique: false,
  isOmitted: false,
  isRole: true,
})
