import { toKebab, singular, wordsOf } from '../../../blueprint/words.ts'
import type { FactOf, Phrase, PrivacyRule } from '../read/facts.ts'
import { readPhrase } from '../read/phrase.ts'
import { sees } from '../read/privacy-words.ts'
import { isWord } from '../text/tokens.ts'
import { findEntity, templateFor, type Draft, type DraftEntity } from './draft.ts'
import { PERSONS, TRANSACTIONS } from './privacy.ts'
import { listed } from './sentences.ts'

/**
 * Rows that staff make for others: `only employees can create rentals`. The owner of a row is the account that makes it,
 * so these rows have none: the staff handle them, and what they refer to.
 */

/** What is about a person who did not make it. */
const PERSONAL = new Set([
  ...TRANSACTIONS,
  ...'Loan CheckIn Checkout Grade Mark Prescription Diagnosis Treatment Visit Invoice Bill Fee Fine Membership Subscription Enrollment Attendance Absence Payslip Result TestResult Report'.split(
    ' ',
  ),
])

/** Whom a business serves, unlike those who run it. */
const SERVED = new Set([...PERSONS, 'Customer', 'Patient', 'Student', 'Pupil', 'Tenant', 'Borrower', 'Buyer'])

const isAbout = ({ relations }: DraftEntity, account: DraftEntity): boolean =>
  relations.some(({ target }) => target === account.name)

/** A loan of a member or an appointment of a patient: others who sign in do not read it. */
export const isPersonal = (entity: DraftEntity, account: DraftEntity): boolean =>
  PERSONAL.has(entity.name) && SERVED.has(account.name) && isAbout(entity, account)

/** The roles that alone create such rows, if ordinary accounts do not. */
function makersOf(draft: Draft, entity: DraftEntity, account: DraftEntity): Phrase[] {
  const facts = draft.reading.facts.filter(
    (fact): fact is FactOf<'role'> =>
      fact.kind === 'role' &&
      fact.only &&
      fact.operations.includes('create') &&
      fact.subjects.some((phrase) => findEntity(draft, phrase) === entity),
  )
  const roles = facts.flatMap((fact) => fact.roles)
  const isAccount = ({ text }: Phrase) =>
    toKebab(singular(text.toLowerCase())) === toKebab(account.label)?.slice(0, 30)
  return roles.some(isAccount) ? [] : roles
}

/** The roles that handle an entity, and the entity that it is for: a client of an invoice. */
export type Run = { readonly makers: readonly Phrase[]; readonly of: DraftEntity | null }
type IsStated = (entity: DraftEntity, operation: 'read' | 'write') => boolean

/** Entities that staff run: those that only they create, and the people whom these are about. */
export function runByStaff(
  draft: Draft,
  account: DraftEntity,
  isClosed: (entity: DraftEntity) => boolean,
  isStated: IsStated,
): Map<DraftEntity, Run> {
  const run = new Map<DraftEntity, Run>()
  for (const entity of draft.entities.values()) {
    if (entity === account) continue
    const makers = makersOf(draft, entity, account)
    if (makers.length > 0 && (isClosed(entity) || PERSONAL.has(entity.name)))
      run.set(entity, { makers, of: null })
  }
  for (const [entity, { makers, of }] of run)
    for (const other of referredTo(draft, entity)) {
      const isFree = !run.has(other) && !isStated(other, 'read') && !isStated(other, 'write')
      if (other !== account && of === null && SERVED.has(other.name) && isFree)
        run.set(other, { makers, of: entity })
    }
  return run
}

/** Adds the rules as if they were said, so that roles, policies and reports follow. */
export function reserveForStaff(
  draft: Draft,
  account: DraftEntity,
  run: ReadonlyMap<DraftEntity, Run>,
  isStated: IsStated,
): void {
  for (const [entity, { makers, of }] of run) {
    const rows = entity.labelPlural.toLowerCase()
    const roles = rolesText(makers)
    const isRead = isStated(entity, 'read')
    const added = of === null ? (['update', 'delete'] as const) : (['create', 'update', 'delete'] as const)
    restrict(draft, makers, [entity], isRead ? added : ['list', 'read', ...added])
    const why = of === null ? 'only they create them' : `${of.labelPlural.toLowerCase()} refer to them`
    draft.assumptions.add(
      `Only ${roles} accounts ${isRead ? '' : 'see, '}change and delete ${rows}, since ${why}.`,
    )
    const all = referredTo(draft, entity)
    if (all.includes(account)) letSee(draft, makers, account)
    const others = all.filter((other) => other !== account && !run.has(other) && !isStated(other, 'write'))
    if (others.length === 0 || of !== null) continue
    restrict(draft, makers, others, ['create', 'update', 'delete'])
    draft.assumptions.add(
      `Only ${roles} accounts change ${listed(others.map(({ labelPlural }) => labelPlural.toLowerCase()))}, since ${rows} refer to them.`,
    )
  }
}

/** What the people whom rows are about cannot do, since a row belongs to the account that makes it. */
export function unseen(entity: DraftEntity, account: DraftEntity, { makers }: Run): string {
  const people = SERVED.has(account.name) ? account.labelPlural.toLowerCase() : 'people'
  return `showing ${people} their own ${entity.labelPlural.toLowerCase()}: ${rolesText(makers)} accounts make them, and a row belongs to the account that makes it`
}

/** `Pupils see only their own grades`, where pupils are rows that grades refer to, and no accounts. */
export function unseenByRows(
  entity: DraftEntity,
  account: DraftEntity,
  rule: PrivacyRule,
  draft: Draft,
): string | null {
  const actor = rule.tokens.findIndex(
    (token) => isWord(token, 'can', 'may', 'must', 'should', 'own', 'only') || sees.test(token.lower),
  )
  const person = findEntity(draft, readPhrase(rule.tokens.slice(0, Math.max(actor, 0))))
  if (rule.who !== 'owner' || person === null || person === account || !isAbout(entity, person)) return null
  const [people, rows] = [person.labelPlural.toLowerCase(), entity.labelPlural.toLowerCase()]
  return `showing ${people} their own ${rows}: ${people} do not sign in, and a row belongs to the account that makes it`
}

const rolesText = (makers: readonly Phrase[]): string =>
  listed([...new Set(makers.map(({ text }) => singular(text.toLowerCase())))])

function restrict(
  draft: Draft,
  roles: readonly Phrase[],
  entities: readonly DraftEntity[],
  operations: FactOf<'role'>['operations'],
): void {
  const subjects = entities.map((entity) => phraseOf(entity))
  draft.reading.facts.push({ kind: 'role', roles, only: true, operations, subjects, tokens: [] })
}

/** Who makes a rental finds the customer whom it is for. */
function letSee(draft: Draft, roles: readonly Phrase[], account: DraftEntity): void {
  const subjects = [phraseOf(account)]
  draft.reading.facts.push({
    kind: 'role',
    roles,
    only: false,
    operations: ['list', 'read'],
    subjects,
    tokens: [],
  })
}

const phraseOf = ({ name }: DraftEntity): Phrase => ({
  tokens: [],
  text: wordsOf(name).join(' '),
  plural: false,
  quantity: 'none',
})

/** What rows refer to, in the prompt or usually, and what that refers to. */
function referredTo(draft: Draft, entity: DraftEntity): DraftEntity[] {
  const found = new Set<DraftEntity>([entity])
  for (const one of found)
    for (const { target } of [...one.relations, ...(templateFor(draft, one.name)?.belongsTo ?? [])]) {
      const other = draft.entities.get(target)
      if (other !== undefined) found.add(other)
    }
  found.delete(entity)
  return [...found]
}
