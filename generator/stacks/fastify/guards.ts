import { policyOf, type Blueprint, type Operation } from '#contract'
import type { Guard } from './guard.ts'
import type { Resource } from './resource.ts'

const open: Guard = {
  scheme: undefined,
  schemes: [],
  isOptional: false,
  roles: [],
  scope: undefined,
  beyond: [],
}
const each = (guard: (operation: Operation) => Guard): Readonly<Record<Operation, Guard>> => ({
  list: guard('list'),
  create: guard('create'),
  read: guard('read'),
  update: guard('update'),
  delete: guard('delete'),
})
export const openToAll = each(() => open)

export const schemeOf = (auth: Blueprint['auth']['kind']): Guard['scheme'] =>
  auth === 'none' ? undefined : auth === 'jwt' ? 'bearer' : 'apiKey'

type Subject = Pick<Resource, 'entity' | 'isAccount' | 'id' | 'ownerProperty' | 'properties'>

/**
 * The guards of a resource's operations: its policies and three more rules. An account that reads
 * only its own rows changes only those. Writes that can refer to private rows require an account, or they could
 * reveal whether such a row exists. An account is changed only by itself unless open to every account: `public`
 * would let anyone take over any account.
 */
export function guardsOf(
  subject: Subject,
  auth: Blueprint['auth']['kind'],
  schemes: readonly string[],
): Resource['policies'] {
  if (auth === 'none') return openToAll
  const scheme = schemeOf(auth)
  const closed: Guard = { ...open, scheme, schemes }
  const { entity, isAccount, id, ownerProperty, properties } = subject
  const self = isAccount ? id.name : ownerProperty
  const read = policyOf(entity, 'read')
  const namesPrivateRows = properties.some(
    (property) =>
      property.kind === 'relation' &&
      !property.relation.isOwner &&
      (policyOf(property.relation.target.entity, 'read').who === 'owner' ||
        (property.relation.ownOnly && policyOf(property.relation.target.entity, 'update').who === 'owner')),
  )
  return each((operation): Guard => {
    const policy = policyOf(entity, operation)
    const isChange = operation === 'update' || operation === 'delete'
    switch (policy.who) {
      case 'roles':
        return { ...closed, roles: policy.roles }
      case 'owner':
        if (operation === 'create') return closed
        return { ...closed, scope: self, beyond: policy.orRoles ?? [] }
      case 'public':
      case 'authenticated': {
        const guarded =
          policy.who === 'authenticated' ||
          (operation === 'create' && ownerProperty !== undefined) ||
          ((isChange || operation === 'create') && namesPrivateRows)
        if (isChange && read.who === 'owner') return { ...closed, scope: self, beyond: read.orRoles ?? [] }
        if (isChange && isAccount && policy.who === 'public') return { ...closed, scope: self }
        return guarded ? closed : open
      }
    }
  })
}
