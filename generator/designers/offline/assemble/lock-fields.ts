import { policyOf, type Auth, type Policy } from '#contract'
import { singular, toKebab, wordsOf } from '../../../blueprint/words.ts'
import { templateOf } from '../domains/index.ts'
import { isStaff } from '../lexicon/acts.ts'
import type { FactOf } from '../read/facts.ts'
import { isGenericActor } from './classify-noun.ts'
import { findEntity, reject, type Draft, type DraftEntity, type DraftField } from './draft.ts'
import { findField } from './field-names.ts'
import { TRANSACTIONS } from './privacy.ts'
import { a, listed } from './sentences.ts'

type Roles = Extract<Auth, { kind: 'jwt' }>['roles']

/** What customers or applicants hand in, and others decide about. */
const HANDED_IN =
  /^(?!Work|Purchase)\w*(?:Order|OrderItem|OrderLine|Booking|Reservation|Rental|Payment|Application|Request|Claim|Refund)$/
/** Where the price is the seller's; the person who pays, asks or claims states an amount. */
const PRICED = /(?:Order|OrderItem|OrderLine|Booking|Reservation|Rental)$/
const MONEY =
  /^(?:(?:sub|grand)?total(?:price|amount|cost|sum)?|.*price.*|cost|totalcost|fee|tax|vat|discount|deposit|shippingcosts?|commission)$/i
/** A state, switch or time that others decide about. */
const DECIDED =
  /^(?:un)?(?:paid|refunded|shipped|delivered|dispatched|approved|accepted|rejected|declined|confirmed|verified|granted|dispensed|reimbursed|fulfilled)$/i
const MAX_ROLES = 7

/**
 * Fields that some roles set: by the words of the prompt, and, in orders and the like, prices, totals and states such as
 * paid or approved, unless the words leave them to everybody (`users set the total`). Returns the roles with those that
 * this needs. Such a field is optional, so that others can create rows.
 */
export function lockFields(draft: Draft, accountName: string, roles: Roles): Roles {
  const account = draft.entities.get(accountName)!
  const initial = roles?.initial ?? toKebab(account.label)?.slice(0, 30) ?? 'user'
  const names: string[] = roles === undefined ? [initial] : [...roles.names]
  const open = new Set<DraftField>()
  for (const fact of draft.reading.facts) {
    if (fact.kind !== 'fieldRule') continue
    const role = roleOf(draft, fact, account, initial)
    const found = fieldsOf(draft, fact)
    // What the words leave to everybody is not built where only some roles change the row.
    const fields = role === null ? found.filter(({ entity }) => isWrittenBy(entity, initial)) : found
    const isNew = typeof role === 'string' && !names.includes(role)
    if (fields.length === 0 || role === undefined || (isNew && names.length > MAX_ROLES)) {
      reject(draft, fact.tokens)
      continue
    }
    for (const { entity, field } of fields)
      if (role === null) open.add(field)
      else lock(draft, entity, field, [...(field.setBy ?? []), role])
    if (isNew) names.push(role)
  }
  for (const entity of draft.entities.values()) {
    if (entity === account || !HANDED_IN.test(entity.name) || isOfWriter(draft, entity)) continue
    // A list of one's own job applications is kept by whom it is about.
    if (templateOf(entity.name)?.privacy === 'private' && !TRANSACTIONS.has(entity.name)) continue
    const fields = entity.fields.filter(
      (field) => field.setBy === undefined && !open.has(field) && isDecidedByOthers(entity, field),
    )
    if (fields.length === 0 || !isWrittenBy(entity, initial)) continue
    const setters = settersOf(entity, names, initial)
    for (const field of fields) lock(draft, entity, field, setters)
    names.push(...setters.filter((role) => !names.includes(role)))
    draft.assumptions.add(
      `Only ${listed(setters)} accounts set the ${listed(fields.map(({ name }) => name))} of ${entity.labelPlural.toLowerCase()}, since the person who makes one does not decide about it. The words "users set the ${wordsOf(fields[0]!.name).join(' ')}" change that.`,
    )
    noteEmptyTotals(draft, entity, fields, setters)
  }
  if (names.length === (roles?.names.length ?? 1)) return roles
  for (const said of draft.assumptions)
    if (said.startsWith('New accounts are ')) draft.assumptions.delete(said)
  const granted = names.filter((name) => name !== initial)
  draft.assumptions.add(
    `New accounts are ${a(initial)}; \`npm run grant\` makes an account ${listed(granted.map((name) => a(name))).replace(/ and (?=[^ ]+ [^ ]+$)/, ' or ')}.`,
  )
  return { names, initial }
}

/** A Blueprint holds no sums: what its lines add up to is not computed. */
function noteEmptyTotals(
  draft: Draft,
  entity: DraftEntity,
  fields: readonly DraftField[],
  setters: readonly string[],
): void {
  const empty = fields.filter(
    ({ type, default: value }) => (type.kind === 'number' || type.kind === 'integer') && value === undefined,
  )
  if (empty.length === 0) return
  const lines = [...draft.entities.values()].find(
    ({ relations, fields: columns }) =>
      relations.some(({ target }) => target === entity.name) &&
      columns.some(({ name }) => /^(?:quantity|qty|amount|count)$/i.test(name)),
  )
  const why =
    lines === undefined
      ? 'nothing computes it'
      : `nothing computes it from the quantities and prices of ${lines.labelPlural.toLowerCase()}`
  for (const { name } of empty)
    draft.assumptions.add(
      `The ${wordsOf(name).join(' ')} of ${entity.labelPlural.toLowerCase()} is empty until ${listed(setters.map((one) => a(one))).replace(/ and (?=[^ ]+ [^ ]+$)/, ' or ')} sets it, since ${why}.`,
    )
}

/** Leaves a field to these roles, which reach the rows of others for that. */
function lock(draft: Draft, entity: DraftEntity, field: DraftField, roles: readonly string[]): void {
  field.setBy = [...new Set(roles)]
  field.required = false
  const { type } = field
  const first = type.kind === 'enum' ? type.values[0] : undefined
  if (first !== undefined && field.default === undefined && !DECIDED.test(first)) {
    field.default = first
    draft.assumptions.add(
      `The ${wordsOf(field.name).join(' ')} of a new ${entity.label.toLowerCase()} is ${first}, since only ${listed(field.setBy)} accounts set it.`,
    )
  }
  for (const operation of ['list', 'read', 'update'] as const) {
    const policy = policyOf(
      {
        access: {
          read: entity.access.read ?? 'authenticated',
          write: entity.access.write ?? 'authenticated',
        },
        ...(entity.policies && { policies: entity.policies }),
      },
      operation,
    )
    if (!entity.operations.includes(operation)) continue
    // Who reads a row is not opened where the words name it.
    if (policy.who === 'roles' && operation === 'update') {
      const both = [...new Set([...policy.roles, ...field.setBy])]
      entity.policies = { ...entity.policies, update: { who: 'roles', roles: both } }
    }
    if (policy.who !== 'owner') continue
    const orRoles = [...new Set([...(policy.orRoles ?? []), ...field.setBy])]
    entity.policies = { ...entity.policies, [operation]: { who: 'owner', orRoles } }
  }
}

/** The role of a rule; null if everybody sets the field, undefined if the words name neither. */
function roleOf(
  draft: Draft,
  { actor, only }: FactOf<'fieldRule'>,
  account: DraftEntity,
  initial: string,
): string | null | undefined {
  const name = toKebab(singular(actor.text.toLowerCase()))?.slice(0, 30) ?? ''
  const entity = findEntity(draft, actor)
  const isEverybody = entity === account || name === initial || EVERYBODY.test(actor.text)
  if (isEverybody) return null
  if (!/^[a-z][a-z0-9-]*$/.test(name) || (isGenericActor(actor) && !isStaff(actor.text))) return undefined
  return only || isStaff(actor.text) || entity === null ? name : undefined
}

const EVERYBODY =
  /^(?:users?|people|everyone|everybody|anyone|anybody|accounts?|customers?|clients?|guests?|owners?|they|buyers?|members?)$/i

type Found = { readonly entity: DraftEntity; readonly field: DraftField }

function fieldsOf(draft: Draft, { subject, field }: FactOf<'fieldRule'>): Found[] {
  const named = findEntity(draft, subject)
  const inside = named === null ? null : findField(named, field)
  if (named !== null && inside !== null) return [{ entity: named, field: inside }]
  if (subject !== null && named === null && subject.tokens.length > 0 && isNamedAfterOf(subject)) return []
  return [...draft.entities.values()].flatMap((entity) => {
    const one = findField(entity, field)
    return one === null ? [] : [{ entity, field: one }]
  })
}

/** A subject of the words of the rule, and not of a sentence before. */
const isNamedAfterOf = ({ quantity, plural }: { quantity: string; plural: boolean }): boolean =>
  quantity !== 'none' || plural

function isDecidedByOthers({ name }: DraftEntity, field: DraftField): boolean {
  const { type } = field
  if (type.kind === 'integer' || type.kind === 'number') return PRICED.test(name) && MONEY.test(field.name)
  // A request with a free status: who asks does not approve it.
  if (type.kind === 'string')
    return (
      /(?:Application|Request|Claim|Refund)$/.test(name) && /^(?:status|state|decision)$/i.test(field.name)
    )
  if (type.kind === 'enum')
    return (
      !/(?:type|kind|category|reason)$/i.test(field.name) && type.values.some((value) => DECIDED.test(value))
    )
  const stem = field.name.replace(/^is(?=[A-Z])/, '').replace(/(?:At|On|Date)$/, '')
  if (type.kind === 'boolean' || type.kind === 'date' || type.kind === 'datetime') return DECIDED.test(stem)
  return false
}

/** Whether ordinary accounts create or change such rows. */
const isWrittenBy = ({ policies, operations }: DraftEntity, initial: string): boolean =>
  (['create', 'update'] as const).some((operation) => {
    const policy = policies?.[operation]
    return operations.includes(operation) && (policy?.who !== 'roles' || policy.roles.includes(initial))
  })

/** Who decides: the roles that may do something with these rows, else an admin. */
function settersOf({ policies }: DraftEntity, names: readonly string[], initial: string): string[] {
  const named = Object.values(policies ?? {}).flatMap((policy: Policy | undefined) =>
    policy === undefined
      ? []
      : policy.who === 'roles'
        ? policy.roles
        : policy.who === 'owner'
          ? (policy.orRoles ?? [])
          : [],
  )
  const own = [...new Set(named)].filter((role) => role !== initial)
  if (own.length > 0) return own
  const others = names.filter((role) => role !== initial)
  return others.includes('admin') || others.length === 0 ? ['admin'] : others
}

/** `my orders`: rows that one keeps about oneself. */
const isOfWriter = ({ prompt }: Draft, { label, labelPlural }: DraftEntity): boolean =>
  new RegExp(`\\b(?:my|our) (?:own )?(?:${label}|${labelPlural})\\b`, 'i').test(prompt)
