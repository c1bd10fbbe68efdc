import type { Auth, Entity, Operation, Policy } from '#contract'
import { policyOf } from '#contract'
import { toKebab, singular } from '../../../blueprint/words.ts'
import type { FactOf } from '../read/facts.ts'
import { findEntity, reject, type Draft, type DraftEntity } from './draft.ts'
import { takeRoles } from './account-roles.ts'
import { a, listed } from './sentences.ts'

/** Roles, and the operations that are restricted to them or extended to them. */

type RoleFact = FactOf<'role'>

/** The maximum of a Blueprint, besides the initial role. */
const MAX_ROLES = 7
const WRITES = ['create', 'update', 'delete'] as const

const factsOf = (draft: Draft): RoleFact[] => draft.reading.facts.filter((fact) => fact.kind === 'role')

const roleNames = ({ roles }: RoleFact): string[] =>
  roles
    .map((phrase) => toKebab(singular(phrase.text.toLowerCase()))?.slice(0, 30) ?? '')
    .filter((name) => /^[a-z][a-z0-9-]*$/.test(name))

function subjectsOf(draft: Draft, fact: RoleFact): DraftEntity[] {
  if (fact.subjects.length === 0) return [...draft.entities.values()]
  return fact.subjects.map((phrase) => findEntity(draft, phrase)).filter((entity) => entity !== null)
}

/** Whether the prompt restricts every write of an entity to some roles. */
export const isChangedByRolesOnly = (draft: Draft, entity: DraftEntity): boolean => {
  const said = new Set(
    factsOf(draft)
      .filter((fact) => fact.only && subjectsOf(draft, fact).includes(entity))
      .flatMap(({ operations }) => operations),
  )
  return WRITES.every((operation) => said.has(operation) || !entity.operations.includes(operation))
}

/** Whether some roles may access all rows, so that other accounts have their own: `moderators can see all loans`. */
export function isEverybodysFor(draft: Draft, entity: DraftEntity): { read: boolean; write: boolean } {
  const said = factsOf(draft)
    .filter(
      (fact) =>
        !fact.only && !fact.weak && fact.subjects.length > 0 && subjectsOf(draft, fact).includes(entity),
    )
    .flatMap(({ operations }) => operations)
  return {
    read: said.includes('read'),
    write: said.some((operation) => operation !== 'read' && operation !== 'list'),
  }
}

/** Reports statements about roles that cannot be applied. */
export function rejectRoles(draft: Draft): void {
  for (const fact of draft.reading.facts)
    if ((fact.kind === 'role' && !fact.weak) || (fact.kind === 'fieldRule' && fact.only))
      reject(draft, fact.tokens)
}

/**
 * Adds the policies to the draft and returns the roles. Runs after the operations and the
 * links are final: a policy needs an existing operation, and some role must be able to link.
 */
export function applyRoles(draft: Draft, accountName: string): Extract<Auth, { kind: 'jwt' }>['roles'] {
  const account = draft.entities.get(accountName)!
  const stated = takeRoles(draft, account)
  const initial = stated?.initial ?? toKebab(account.label)?.slice(0, 30) ?? 'user'
  const names = [...(stated?.names ?? [])]
  for (const fact of factsOf(draft)) {
    const roles = roleNames(fact)
    const entities = subjectsOf(draft, fact)
    const missing = fact.subjects.some((phrase) => findEntity(draft, phrase) === null)
    const fresh = [...new Set(roles)].filter((role) => !names.includes(role))
    // `only customers can…` if customers are the accounts: every signed-in account may, which is another rule.
    const isEverybody = roles.length === 0 || roles.includes(initial)
    if (missing || isEverybody || names.length + fresh.length > MAX_ROLES) {
      reject(draft, fact.tokens)
      continue
    }
    // Who manages accounts does not keep their owners from them.
    const forAccount = { ...fact, only: fact.only && !fact.weak }
    const applied = entities.filter((entity) =>
      addPolicies(draft, entity, entity === account ? forAccount : fact, roles),
    )
    if (applied.length === 0 && fact.only) reject(draft, fact.tokens)
    else names.push(...fresh)
  }
  if (names.length === 0) return undefined
  for (const { policies, access, labelPlural } of draft.entities.values())
    if (policies?.create?.who === 'roles' && access.read === 'owner')
      draft.missing.add(
        `whose ${labelPlural.toLowerCase()} they are, if ${listed(policies.create.roles)} accounts make them: a row belongs to the account that creates it`,
      )
  draft.assumptions.add(
    `New accounts are ${a(initial)}; \`npm run grant\` makes an account ${listed(names.map((name) => a(name))).replace(/ and (?=[^ ]+ [^ ]+$)/, ' or ')}.`,
  )
  return { names: [initial, ...names], initial }
}

/** False if none of the operations exist, or no role could link the entity. */
function addPolicies(
  draft: Draft,
  entity: DraftEntity,
  { only, operations }: RoleFact,
  roles: readonly string[],
): boolean {
  const possible = operations.filter((operation) => entity.operations.includes(operation))
  const policies = { ...entity.policies }
  for (const operation of possible) {
    const next = policyAfter(currentPolicy(entity, operation), only, roles)
    if (next !== null) policies[operation] = next
  }
  if (possible.length === 0 || !canStillLink(draft, entity, policies)) return false
  entity.policies = policies
  return true
}

function policyAfter(current: Policy, only: boolean, roles: readonly string[]): Policy | null {
  if (current.who === 'roles') return { who: 'roles', roles: union(current.roles, roles) }
  if (only) return { who: 'roles', roles: [...roles] }
  if (current.who === 'owner') return { who: 'owner', orRoles: union(current.orRoles ?? [], roles) }
  return null
}

const union = (held: readonly string[], more: readonly string[]) => [...new Set([...held, ...more])]

const currentPolicy = ({ access, policies }: DraftEntity, operation: Operation): Policy =>
  policyOf(
    {
      access: { read: access.read ?? 'authenticated', write: access.write ?? 'authenticated' },
      ...(policies && { policies }),
    },
    operation,
  )

/** Linking requires a role that may update the left row and read both. */
function canStillLink(draft: Draft, changed: DraftEntity, policies: Entity['policies']): boolean {
  const policy = (entity: DraftEntity, operation: Operation) =>
    currentPolicy(entity === changed ? { ...entity, policies } : entity, operation)
  return draft.manyToMany.every(({ left, right }) => {
    const [from, to] = [draft.entities.get(left)!, draft.entities.get(right)!]
    if (from !== changed && to !== changed) return true
    const needed = [policy(from, 'update'), policy(from, 'read'), policy(to, 'read')]
    const limits = needed.filter((one) => one.who === 'roles')
    const first = limits[0]
    return (
      first === undefined || first.roles.some((role) => limits.every(({ roles }) => roles.includes(role)))
    )
  })
}
