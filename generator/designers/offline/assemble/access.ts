import type { Access } from '#contract'
import type { FactOf } from '../read/facts.ts'
import { a, listed } from './sentences.ts'
import { addRelation, findEntity, reject, relationName, type Draft, type DraftEntity } from './draft.ts'
import { privacyOf } from './privacy.ts'
import { isChangedByRolesOnly, isEverybodysFor } from './roles.ts'

/** Access rules with authentication, and the owner relation. */

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

export function allow(draft: Draft, account: DraftEntity, rules: readonly FactOf<'access'>[]): void {
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
    const ofAll = isEverybodysFor(draft, entity)
    const usual = BY_PRIVACY[ofAll.read ? 'private' : privacyOf(draft, entity)]
    const isOwned = (written.has(entity) || ofAll.write) && usual.write !== 'owner'
    const byRoles = isChangedByRolesOnly(draft, entity)
    const chosen = access ?? (isOwned ? { read: usual.read, write: 'owner' as const } : usual)
    entity.access = {
      read: chosen.read ?? usual.read,
      // Roles decide who writes, so ownership only affects reading.
      write:
        byRoles && chosen.write === 'owner'
          ? 'authenticated'
          : (chosen.write ?? (usual.write === 'public' || isOwned ? 'owner' : usual.write)),
    }
    if (access === null) {
      const readers = usual.words.split(' and ')[0]!
      const words = byRoles ? readers : isOwned ? `${readers} and changed by their owner` : usual.words
      defaults.set(words, [...(defaults.get(words) ?? []), entity.labelPlural])
    }
    if (entity.access.read === 'owner' || entity.access.write === 'owner') giveOwner(draft, entity, account)
  }
  for (const rule of rules)
    if (rule.subject !== null && findEntity(draft, rule.subject) === null) reject(draft, rule.tokens)
  for (const [words, names] of defaults)
    draft.assumptions.add(`${listed(names)} ${words}, since the prompt does not say who has access.`)
}

/** Merges the rules of one entity; the remaining access follows from the defaults. */
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
  // A rule about reading leaves writing at its default.
  if (access.write === undefined && access.read === 'owner') access.write = 'owner'
  return access
}

/** The owner relation: an existing one, or a new one. */
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
