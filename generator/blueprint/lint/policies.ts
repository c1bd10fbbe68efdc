import { Operation, policyOf, type Blueprint, type Entity, type Policy } from '#contract'
import type { Report } from './diagnostic.ts'

/** Roles and policies: every role exists, and at least one role is allowed. */
export function lintPolicies(blueprint: Blueprint, report: Report): void {
  dropUnusedPolicies(blueprint, report)
  lintRoles(blueprint, report)
  const roles = rolesOf(blueprint)
  for (const entity of blueprint.entities) {
    for (const operation of Operation.options) {
      const policy = entity.policies?.[operation]
      if (policy === undefined) continue
      const path = `entities.${entity.name}.policies.${operation}`
      entity.policies![operation] = lintPolicy(
        policy,
        { path, what: `${operation} ${entity.name}`, roles },
        blueprint,
        report,
      )
    }
  }
  for (const operation of blueprint.operations) {
    if (operation.roles === undefined) continue
    const path = `operations.${operation.id}.roles`
    const policy = lintPolicy(
      { who: 'roles', roles: operation.roles },
      { path, what: operation.id, roles },
      blueprint,
      report,
    )
    operation.access = 'authenticated'
    if (policy.who === 'roles') operation.roles = policy.roles
    else delete operation.roles
  }
}

/** Drops policies of operations that do not exist; `read` and `update` also control references and links. */
export function dropUnusedPolicies({ entities }: Blueprint, report: Report): void {
  for (const entity of entities) {
    const { name, operations, policies } = entity
    for (const operation of ['list', 'create', 'delete'] as const) {
      if (policies?.[operation] === undefined || operations.includes(operation)) continue
      delete policies[operation]
      report.fixed({
        code: 'policy.unused',
        path: `entities.${name}.policies.${operation}`,
        what: `A policy restricts ${operation} of ${name}, which does not exist.`,
        why: 'There is no such operation to restrict.',
        fix: 'Removed the policy.',
      })
    }
    if (policies && Object.keys(policies).length === 0) delete entity.policies
  }
}

const rolesOf = ({ auth }: Blueprint): readonly string[] =>
  auth.kind === 'jwt' ? (auth.roles?.names ?? []) : []

function lintRoles({ auth, entities }: Blueprint, report: Report): void {
  if (auth.kind !== 'jwt' || auth.roles === undefined) return
  const { roles } = auth
  const distinct = [...new Set(roles.names)]
  if (distinct.length < 2) {
    report.error({
      code: 'role.single',
      path: 'auth.roles.names',
      what: `There is only one role, ${distinct[0]}.`,
      why: 'A single role distinguishes nothing.',
      fix: 'Remove the roles, or add another one.',
    })
  } else if (distinct.length < roles.names.length) {
    roles.names = distinct
    report.fixed({
      code: 'role.duplicate',
      path: 'auth.roles.names',
      what: 'A role is listed twice.',
      why: 'Roles are a set.',
      fix: 'Removed the duplicate.',
    })
  }
  if (!distinct.includes(roles.initial)) {
    report.error({
      code: 'role.initial',
      path: 'auth.roles.initial',
      what: `New accounts get the role ${roles.initial}, which does not exist.`,
      why: 'Every account has one of the roles.',
      fix: `Add it, or use the least privileged of ${distinct.join(', ')}.`,
    })
  }
  const account = entities.find(({ name }) => name === auth.account)
  const fields = account?.fields.filter(({ name }) => name.toLowerCase() !== 'role')
  if (!account || fields!.length === account.fields.length) return
  account.fields = fields!
  report.fixed({
    code: 'account.role',
    path: `entities.${account.name}.fields.role`,
    what: `${account.name} has a role field.`,
    why: 'A field can be set by a request; a role can only be granted.',
    fix: 'Removed the field; every account already has a role.',
  })
}

type RoleReference = { readonly path: string; readonly what: string; readonly roles: readonly string[] }

function lintPolicy(
  policy: Policy,
  { path, what, roles }: RoleReference,
  { auth }: Blueprint,
  report: Report,
): Policy {
  const named = policy.who === 'roles' ? policy.roles : policy.who === 'owner' ? policy.orRoles : undefined
  if (named === undefined) return policy
  if (auth.kind !== 'jwt') {
    report.error({
      code: 'policy.without-accounts',
      path,
      what: `Only some roles may ${what}, but there are no accounts.`,
      why: 'Roles belong to accounts.',
      fix: 'Set auth to jwt with an account entity and roles, or allow everyone.',
    })
    return policy
  }
  const unknown = named.find((role) => !roles.includes(role))
  if (unknown !== undefined) {
    report.error({
      code: 'policy.no-role',
      path,
      what: `The policy of ${what} names ${unknown}, which is not a role.`,
      why: 'No account could ever have it.',
      fix:
        roles.length > 0 ? `Add it to the roles, or name one of ${roles.join(', ')}.` : 'Add roles to auth.',
    })
    return policy
  }
  const distinct = [...new Set(named)]
  if (distinct.length < roles.length) {
    if (policy.who === 'roles') return { who: 'roles', roles: distinct }
    return distinct.length > 0 ? { who: 'owner', orRoles: distinct } : { who: 'owner' }
  }
  report.fixed({
    code: 'policy.every-role',
    path,
    what: `The policy of ${what} names every role.`,
    why: 'Every account has one of them.',
    fix: 'It now allows every signed-in account.',
  })
  return { who: 'authenticated' }
}

/** Whether any access to an entity requires its owner. */
export const needsOwner = (entity: Entity): boolean =>
  Operation.options.some((operation) => policyOf(entity, operation).who === 'owner')

/** Linking requires a role that may update the left row and read both. */
export function lintLinkRoles({ entities, manyToMany, auth }: Blueprint, report: Report): void {
  if (auth.kind !== 'jwt' || auth.roles === undefined) return
  for (const { left, right } of manyToMany) {
    const [from, to] = [left, right].map((side) => entities.find(({ name }) => name === side))
    if (!from || !to) continue
    const needed = [policyOf(from, 'update'), policyOf(from, 'read'), policyOf(to, 'read')]
    const may = auth.roles.names.some((role) =>
      needed.every((policy) => policy.who !== 'roles' || policy.roles.includes(role)),
    )
    if (may) continue
    report.error({
      code: 'many-to-many.nobody',
      path: `manyToMany.${left}-${right}`,
      what: `No role may update ${left} and read ${left} and ${right}.`,
      why: 'Linking requires all of these, and an account has one role.',
      fix: `Let one role update ${left} and read both.`,
    })
  }
}
