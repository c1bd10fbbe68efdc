import { Operation, policyOf, type Blueprint, type Entity, type Policy } from '#contract'
import type { Report } from './diagnostic.ts'

/** Roles and policies: every role that is named exists, and somebody is left who may. */
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

/** What nobody can do needs nobody who may; `read` and `update` also say who may refer to a row and link it. */
export function dropUnusedPolicies({ entities }: Blueprint, report: Report): void {
  for (const entity of entities) {
    const { name, operations, policies } = entity
    for (const operation of ['list', 'create', 'delete'] as const) {
      if (policies?.[operation] === undefined || operations.includes(operation)) continue
      delete policies[operation]
      report.fixed({
        code: 'policy.unused',
        path: `entities.${name}.policies.${operation}`,
        what: `A policy says who may ${operation} ${name}, which nobody can.`,
        why: 'There is no such operation to guard.',
        fix: 'The policy was left out.',
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
      what: `There is one role, ${distinct[0]}.`,
      why: 'What everybody is tells nobody apart.',
      fix: 'Leave the roles out, or name another one.',
    })
  } else if (distinct.length < roles.names.length) {
    roles.names = distinct
    report.fixed({
      code: 'role.duplicate',
      path: 'auth.roles.names',
      what: 'A role is listed twice.',
      why: 'The roles are a set.',
      fix: 'Each is listed once now.',
    })
  }
  if (!distinct.includes(roles.initial)) {
    report.error({
      code: 'role.initial',
      path: 'auth.roles.initial',
      what: `Whoever registers becomes ${roles.initial}, which is no role.`,
      why: 'An account has one of the roles.',
      fix: `Add it, or take one of ${distinct.join(', ')}: the one that may least.`,
    })
  }
  const account = entities.find(({ name }) => name === auth.account)
  const fields = account?.fields.filter(({ name }) => name.toLowerCase() !== 'role')
  if (!account || fields!.length === account.fields.length) return
  account.fields = fields!
  report.fixed({
    code: 'account.role',
    path: `entities.${account.name}.fields.role`,
    what: `${account.name} has its role as a field.`,
    why: 'A field can be sent in a request; a role is only granted.',
    fix: 'The field was left out; every account has a role by itself.',
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
      what: `Only some roles may ${what}, and there are no accounts.`,
      why: 'A role is something that an account has.',
      fix: 'Set auth to jwt with an account entity and roles, or say that everybody may.',
    })
    return policy
  }
  const unknown = named.find((role) => !roles.includes(role))
  if (unknown !== undefined) {
    report.error({
      code: 'policy.no-role',
      path,
      what: `The policy of ${what} names ${unknown}, which is no role.`,
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
    fix: 'It is for everybody who is signed in now.',
  })
  return { who: 'authenticated' }
}

/** Whether anything about an entity is for its owner. */
export const needsOwner = (entity: Entity): boolean =>
  Operation.options.some((operation) => policyOf(entity, operation).who === 'owner')

/** Linking takes a role that may change the one row and see both. */
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
      what: `No role may change ${left} and see ${left} and ${right}.`,
      why: 'Linking takes all of it, and an account has one role.',
      fix: `Let one role update ${left} and read both.`,
    })
  }
}
