import type { Access } from '#contract'
import type { FactOf } from '../read/facts.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { a, listed } from './sentences.ts'
import { addRelation, findEntity, reject, relationName, type Draft, type DraftEntity } from './draft.ts'
import { privacyOf } from './privacy.ts'
import { isFullyRead, privacyRules, type ClosedBy } from './privacy-rules.ts'
import { isActedOn, isLimited, reserveCatalogue } from './shop-roles.ts'
import { isPersonal, reserveForStaff, runByStaff, unseen, unseenByRows } from './staff-rows.ts'
import { isChangedByRolesOnly, isEverybodysFor } from './roles.ts'

/** Access rules with authentication, and the owner relation. */

const BY_PRIVACY: Record<ReturnType<typeof privacyOf>, { read: Access; write: Access; words: string }> = {
  private: { read: 'owner', write: 'owner', words: 'are visible to their owner only' },
  published: { read: 'public', write: 'owner', words: 'can be read by anyone and changed by their owner' },
  catalogue: { read: 'public', write: 'owner', words: 'can be read by anyone and changed by their owner' },
  shared: {
    read: 'authenticated',
    write: 'owner',
    words: 'can be read by everyone who is signed in and changed by their owner',
  },
}

type Rule = {
  readonly who: Access
  readonly read: boolean
  readonly write: boolean
  readonly impliesRead?: boolean
  readonly tokens: readonly Token[]
}

/** `users manage their own recipes, everyone can read them`: who reads is said, so it does not follow from the first. */
function withoutImplied(rules: readonly Rule[]): readonly Rule[] {
  if (!rules.some(({ who, read }) => read && who !== 'owner')) return rules
  return rules.map((rule) => (rule.impliesRead ? { ...rule, read: false } : rule))
}

export function allow(draft: Draft, account: DraftEntity, rules: readonly FactOf<'access'>[]): void {
  const closed = privacyRules(draft, account)
  const rulesOf = (entity: DraftEntity): Rule[] =>
    rules.filter((rule) => rule.subject === null || findEntity(draft, rule.subject) === entity)
  const usualOf = (entity: DraftEntity) =>
    isEverybodysFor(draft, entity).read || isPersonal(entity, account) ? 'private' : privacyOf(draft, entity)
  const allOf = (entity: DraftEntity) => [
    ...rulesOf(entity),
    ...(closed.get(entity) ?? []).map(({ rule }) => rule),
  ]
  const isStated = (entity: DraftEntity, operation: 'read' | 'write') =>
    operation === 'read'
      ? allOf(entity).some(({ who, read }) => read && who !== 'owner')
      : isActedOn(draft, entity) || isLimited(draft, entity) || allOf(entity).some(({ write }) => write)
  const isClosed = (entity: DraftEntity) =>
    usualOf(entity) === 'private' || (closed.get(entity) ?? []).some(({ rule }) => rule.who === 'owner')
  const run = runByStaff(draft, account, isClosed, isStated)
  reserveForStaff(draft, account, run, isStated)
  reserveCatalogue(
    draft,
    account,
    (entity) => isActedOn(draft, entity) || allOf(entity).some(({ write }) => write),
  )
  for (const entity of draft.entities.values()) {
    if (entity === account) continue
    const stated = rulesOf(entity)
    const byPrivacy = closed.get(entity) ?? []
    for (const { rule } of byPrivacy) {
      const lost = unseenByRows(entity, account, rule, draft)
      if (lost !== null) draft.missing.add(lost)
    }
    const access = accessBy(withoutImplied([...stated, ...byPrivacy.map(({ rule }) => rule)]))
    const ofStaff = run.get(entity)
    if (ofStaff !== undefined) {
      entity.isRunByStaff = true
      const isOpened = access.read !== undefined && access.read !== 'owner'
      entity.access = { read: isOpened ? access.read! : 'authenticated', write: 'authenticated' }
      if (access.read === 'owner') draft.missing.add(unseen(entity, account, ofStaff))
      continue
    }
    const usual = BY_PRIVACY[usualOf(entity)]
    const byRoles = isChangedByRolesOnly(draft, entity)
    // Where privacy was spoken of, nobody else reads either, unless that is said or usual for published things.
    const closes =
      byPrivacy.some(({ rule }) => rule.who === 'owner') &&
      access.read === undefined &&
      usual.read !== 'public'
    const chosen = {
      read: access.read ?? (closes ? 'owner' : usual.read),
      write: access.write ?? usual.write,
    }
    entity.access = {
      read: chosen.read,
      // Roles decide who writes, so ownership only affects reading.
      write: byRoles && chosen.write === 'owner' ? 'authenticated' : chosen.write,
    }
    const isStated = stated.length + byPrivacy.length > 0
    const readers = usual.words.split(' and ')[0]!
    entity.isOpenByDefault = access.read === undefined && chosen.read !== 'owner'
    if (closes) entity.accessNote = 'are visible to their owner only, since the prompt speaks of privacy.'
    else if (!isStated)
      entity.accessNote = `${byRoles ? readers : usual.words}, since the prompt does not say who has access.`
    else if (entity.isOpenByDefault)
      entity.accessNote = `${readers}, since the prompt does not say who reads them.`
    else if (!byRoles && access.write === undefined && chosen.write === 'owner' && chosen.read !== 'owner')
      entity.accessNote =
        'can be changed by their owner only, since the prompt does not say who changes them.'
    if (entity.access.read === 'owner' || entity.access.write === 'owner') giveOwner(draft, entity, account)
  }
  const ofAccount = accessBy((closed.get(account) ?? []).map(({ rule }) => rule))
  if (ofAccount.read !== undefined && ofAccount.read !== 'public') account.access.read = ofAccount.read
  for (const rule of rules)
    if (rule.subject !== null && findEntity(draft, rule.subject) === null) reject(draft, rule.tokens)
  reportClosed(draft, closed)
}

/** Merges the rules of one entity: the stricter one applies. */
function accessBy(rules: readonly Rule[]): { read?: Access; write?: Access } {
  const access: { read?: Access; write?: Access } = {}
  const rank: Access[] = ['public', 'authenticated', 'owner']
  const stricter = (held: Access | undefined, next: Access) =>
    held === undefined || rank.indexOf(next) > rank.indexOf(held) ? next : held
  for (const rule of rules) {
    if (rule.read) access.read = stricter(access.read, rule.who)
    if (rule.write) access.write = stricter(access.write, rule.who)
  }
  // Anyone who may change any row sees it; a limit, such as `only users who are signed in may edit`, opens nothing.
  const opens = rules.some(
    ({ who, write, tokens }) =>
      who === 'authenticated' && write && !tokens.some((token) => isWord(token, 'only')),
  )
  if (access.read === undefined && access.write === 'authenticated' && opens) access.read = 'authenticated'
  // Nobody changes what they may not see.
  if (access.read === 'owner') access.write = 'owner'
  // A row of nobody could never be changed again.
  if (access.write === 'public') access.write = 'authenticated'
  return access
}

/** The access that the prompt does not state, as assumptions. */
export function noteAccess(draft: Draft): void {
  const byWords = Map.groupBy(
    [...draft.entities.values()].filter(({ accessNote }) => accessNote !== undefined),
    ({ accessNote }) => accessNote!,
  )
  for (const [words, entities] of byWords)
    draft.assumptions.add(`${listed(entities.map(({ labelPlural }) => labelPlural))} ${words}`)
}

/**
 * What belongs to a private row, or is linked to one, is private too unless the prompt says otherwise: a task of my
 * project is mine. Runs once all relations are known.
 */
export function closeChildren(draft: Draft, account: DraftEntity): void {
  const isPrivate = (name: string) =>
    name !== account.name && draft.entities.get(name)?.access.read === 'owner'
  const parentOf = (entity: DraftEntity) =>
    entity.relations.find(
      ({ target, required }) =>
        target !== entity.name && isPrivate(target) && (required || entity.access.read !== 'public'),
    )?.target ??
    (entity.access.read === 'public'
      ? undefined
      : draft.manyToMany
          .filter(({ left, right }) => left === entity.name || right === entity.name)
          .map(({ left, right }) => (left === entity.name ? right : left))
          .find(isPrivate))
  for (let isChanged = true; isChanged;) {
    isChanged = false
    for (const entity of draft.entities.values()) {
      const parent = entity.isOpenByDefault ? parentOf(entity) : undefined
      if (parent === undefined || entity === account) continue
      entity.access = {
        read: 'owner',
        write: entity.access.write === 'authenticated' ? 'authenticated' : 'owner',
      }
      entity.isOpenByDefault = false
      entity.accessNote = `are visible to their owner only, like the ${draft.entities.get(parent)!.labelPlural.toLowerCase()} that they belong to.`
      giveOwner(draft, entity, account)
      isChanged = true
    }
  }
}

/** Says what was closed on account of words that could not be read in full. */
function reportClosed(draft: Draft, closed: ReadonlyMap<DraftEntity, readonly ClosedBy[]>): void {
  const unread = new Map<ClosedBy['fact'], string[]>()
  for (const [entity, rules] of closed)
    for (const { fact } of rules)
      if (fact.rules.some(({ isPartial }) => isPartial) || (fact.whole && !isFullyRead(draft, fact)))
        unread.set(fact, [...new Set([...(unread.get(fact) ?? []), entity.labelPlural])])
  for (const [{ tokens }, names] of unread) {
    const text = draft.prompt.slice(tokens[0]!.start, tokens.at(-1)!.end).replace(/\s+/gu, ' ')
    draft.assumptions.add(
      `${listed(names)} are closed to everyone but their owner where “${text.length > 160 ? `${text.slice(0, 159)}…` : text}” could not be read in full.`,
    )
  }
}

/** Relations to accounts that someone else sets. */
const NOT_OWNERS = new Set(
  'assignee reviewer approver recipient receiver manager supervisor doctor teacher driver agent lead moderator winner invitee mentor'.split(
    ' ',
  ),
)

/** The owner relation: an existing one, or a new one. */
function giveOwner(draft: Draft, entity: DraftEntity, account: DraftEntity): void {
  const known = entity.relations.find(
    (relation) => relation.target === account.name && !relation.unique && !NOT_OWNERS.has(relation.name),
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
    entity.isOwnerAdded = true
  }
  draft.assumptions.delete(
    `${a(account.label.toLowerCase(), 'A')} cannot be deleted while ${entity.labelPlural.toLowerCase()} refer to it.`,
  )
  draft.assumptions.add(`Deleting ${a(account.label.toLowerCase())} deletes what they own.`)
}
