import type { Access, Auth } from '#contract'
import type { FactOf, Phrase } from '../read/facts.ts'
import {
  a,
  addEntity,
  addField,
  addRelation,
  findEntity,
  listed,
  privacyOf,
  reject,
  relationName,
  type Draft,
  type DraftEntity,
} from './draft.ts'
import { nameOf } from '../read/phrase.ts'
import { fromTemplate, PASSWORD } from './fields.ts'

/** Sign-in, the account entity, and who may do what. */
const ACCOUNT_NAMES = [
  'User',
  'Account',
  'Member',
  'Customer',
  'Person',
  'Player',
  'Employee',
  'Student',
  'Author',
  'Client',
  'Patient',
  'Seller',
]

export function applyAuth(draft: Draft, wish: 'none' | 'jwt' | undefined): Auth {
  const { facts } = draft.reading
  const said = facts.filter((fact) => fact.kind === 'auth')
  const rules = facts.filter((fact) => fact.kind === 'access')
  const withPassword = [...draft.entities.values()].find((entity) =>
    entity.fields.some((field) => PASSWORD.test(field.name)),
  )
  const refused = said.some((fact) => !fact.on) && !said.some((fact) => fact.on)
  const asked =
    said.some((fact) => fact.on) || rules.some((rule) => rule.who !== 'public') || withPassword !== undefined
  const on = wish === undefined ? asked && !refused : wish === 'jwt'
  if (!on) {
    if (wish === 'none') for (const fact of said) if (fact.on) reject(draft, fact.tokens)
    for (const rule of rules) if (rule.who !== 'public') reject(draft, rule.tokens)
    dropPasswords(draft, false)
    return { kind: 'none' }
  }
  if (wish === 'jwt') for (const fact of said) if (!fact.on) reject(draft, fact.tokens)
  const account = accountOf(draft, said, withPassword)
  if (said.length === 0 && wish === undefined) {
    draft.assumptions.add(
      `Added sign-in for ${account.labelPlural.toLowerCase()}, since the prompt ${withPassword ? 'gives them a password' : 'says who may do what'}.`,
    )
  }
  dropPasswords(draft, true)
  allow(draft, account, rules)
  return { kind: 'jwt', account: account.name }
}

function accountOf(
  draft: Draft,
  said: readonly FactOf<'auth'>[],
  withPassword: DraftEntity | undefined,
): DraftEntity {
  const spoken = said
    .map((fact) => fact.account)
    .find((phrase): phrase is Phrase => phrase !== null && ACCOUNT_NAMES.includes(nameOf(phrase) ?? ''))
  const actors = draft.reading.facts.flatMap((fact) =>
    fact.kind === 'relation' && fact.role === 'owner' ? [fact.to] : [],
  )
  const existing =
    findEntity(draft, spoken ?? null) ??
    withPassword ??
    findEntity(draft, actors.find((phrase) => ACCOUNT_NAMES.includes(nameOf(phrase) ?? '')) ?? null) ??
    (spoken
      ? null
      : ACCOUNT_NAMES.map((name) => draft.entities.get(name)).find(
          (entity) => entity !== undefined && isPerson(draft, entity),
        ))
  const fresh = existing === null || existing === undefined
  const account =
    existing ??
    (spoken && addEntity(draft, spoken)) ??
    addEntity(draft, 'User') ??
    [...draft.entities.values()][0]!
  if (fresh) {
    if (account.fields.length === 0) {
      addField(
        account,
        fromTemplate({
          text: 'name',
          kind: 'string',
          values: [],
          required: false,
          unique: false,
          fallback: null,
          example: 'Grace Park',
        }),
      )
    }
    account.operations = ['read', 'update', 'delete']
    draft.assumptions.add(`Added ${account.label} as the account that signs in, with email and name.`)
  } else {
    account.operations = account.operations.filter((operation) => operation !== 'create')
    draft.assumptions.add(
      `${account.labelPlural} sign in: they register at POST /auth/register, so there is no second way to create them.`,
    )
  }
  const email = account.fields.find((field) => field.name === 'email')
  addField(account, {
    ...(email ?? { label: 'Email', example: 'grace@example.com' }),
    name: 'email',
    type: { kind: 'email' },
    required: true,
    unique: true,
  })
  delete account.fields.find((field) => field.name === 'email')!.default
  account.access = fresh ? { read: 'owner', write: 'owner' } : { read: 'authenticated', write: 'owner' }
  // A required parent could not be given at registration.
  for (const relation of account.relations) {
    if (!relation.required) continue
    relation.required = false
    if (relation.onDelete !== 'cascade') relation.onDelete = 'setNull'
    draft.assumptions.add(
      `Left the ${relation.name} of ${a(account.label.toLowerCase())} optional, so that registering needs no more than an account.`,
    )
  }
  return account
}

/** Authors or students sign in only if they have an address to sign in with, or nobody else could. */
function isPerson(_draft: Draft, entity: DraftEntity): boolean {
  return (
    ['User', 'Account', 'Member', 'Customer', 'Person', 'Player', 'Employee'].includes(entity.name) ||
    entity.fields.some((field) => field.name === 'email')
  )
}

function dropPasswords(draft: Draft, on: boolean): void {
  for (const entity of draft.entities.values()) {
    const kept = entity.fields.filter((field) => !PASSWORD.test(field.name))
    if (kept.length === entity.fields.length) continue
    entity.fields = kept
    draft.assumptions.add(
      on
        ? 'The password is no field: it is set at registration and stored as a hash only.'
        : 'Left the password out, since there is no sign-in that could use it.',
    )
  }
}

const BY_PRIVACY: Record<ReturnType<typeof privacyOf>, { read: Access; write: Access; words: string }> = {
  private: { read: 'owner', write: 'owner', words: 'are visible to their owner only' },
  published: { read: 'public', write: 'owner', words: 'can be read by anyone and changed by their owner' },
  catalogue: {
    read: 'public',
    write: 'authenticated',
    words: 'can be read by anyone and changed by anyone who is signed in',
  },
  shared: { read: 'authenticated', write: 'authenticated', words: 'are open to everyone who is signed in' },
}

function allow(draft: Draft, account: DraftEntity, rules: readonly FactOf<'access'>[]): void {
  const written = new Set(
    draft.reading.facts.flatMap((fact) =>
      fact.kind === 'act' && fact.own && findEntity(draft, fact.actor) === account
        ? [findEntity(draft, fact.object)]
        : [],
    ),
  )
  const defaults = new Map<string, string[]>()
  for (const entity of draft.entities.values()) {
    if (entity === account) continue
    const own = rules.filter((rule) => rule.subject === null || findEntity(draft, rule.subject) === entity)
    const access = accessBy(own)
    const usual = BY_PRIVACY[privacyOf(draft, entity)]
    const isOwned = written.has(entity) && usual.write !== 'owner'
    const chosen = access ?? (isOwned ? { read: usual.read, write: 'owner' as const } : usual)
    entity.access = {
      read: chosen.read ?? usual.read,
      write: chosen.write ?? (usual.write === 'public' || isOwned ? 'owner' : usual.write),
    }
    if (access === null) {
      const words = isOwned ? `${usual.words.split(' and ')[0]} and changed by their owner` : usual.words
      defaults.set(words, [...(defaults.get(words) ?? []), entity.labelPlural])
    }
    if (entity.access.read === 'owner' || entity.access.write === 'owner') giveOwner(draft, entity, account)
  }
  for (const rule of rules)
    if (rule.subject !== null && findEntity(draft, rule.subject) === null) reject(draft, rule.tokens)
  for (const [words, names] of defaults)
    draft.assumptions.add(`${listed(names)} ${words}, since the prompt does not say who may.`)
}

/** The rules of one entity together; what they leave open follows from the rest. */
function accessBy(rules: readonly FactOf<'access'>[]): { read?: Access; write?: Access } | null {
  if (rules.length === 0) return null
  const access: { read?: Access; write?: Access } = {}
  const rank: Access[] = ['public', 'authenticated', 'owner']
  const stricter = (held: Access | undefined, next: Access) =>
    held === undefined || rank.indexOf(next) > rank.indexOf(held) ? next : held
  for (const rule of rules) {
    if (rule.read) access.read = stricter(access.read, rule.who)
    if (rule.write) access.write = stricter(access.write, rule.who)
  }
  if (access.read === undefined) access.read = 'public'
  // Who may read and no more leaves writing to what is usual.
  if (access.write === undefined && access.read === 'owner') access.write = 'owner'
  return access
}

/** The relation that holds the owner: one that is there already, else a new one. */
function giveOwner(draft: Draft, entity: DraftEntity, account: DraftEntity): void {
  const known = entity.relations.find(
    (relation) => relation.target === account.name && !relation.unique && relation.name !== 'assignee',
  )
  if (known) {
    known.required = true
    if (known.onDelete === 'setNull' || known.onDelete === 'restrict') known.onDelete = 'cascade'
    entity.owner = known.name
  } else {
    const taken =
      entity.relations.some((relation) => relation.name === 'owner') ||
      entity.fields.some((field) => field.name === 'owner')
    const name = taken
      ? entity.relations.some((relation) => relation.name === relationName(account))
        ? 'account'
        : relationName(account)
      : 'owner'
    if (
      !addRelation(entity, {
        name,
        label: name === 'owner' ? 'Owner' : account.label,
        target: account.name,
        required: true,
        unique: false,
        onDelete: 'cascade',
      })
    ) {
      entity.access = { read: 'authenticated', write: 'authenticated' }
      return
    }
    entity.owner = name
  }
  draft.assumptions.delete(
    `${a(account.label.toLowerCase(), 'A')} cannot be deleted while ${entity.labelPlural.toLowerCase()} refer to it.`,
  )
  draft.assumptions.add(`Deleting ${a(account.label.toLowerCase())} deletes what they own.`)
}
