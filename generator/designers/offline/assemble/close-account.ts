import type { FactOf } from '../read/facts.ts'
import { findEntity, type Draft, type DraftEntity } from './draft.ts'
import { a } from './sentences.ts'

/**
 * Accounts do not list each other, and so not each other's email addresses, unless the prompt says who sees them. They
 * can still be read one by one where rows refer to other accounts. Runs once all relations are known.
 */
export function closeAccount(draft: Draft, account: DraftEntity): void {
  const isStated = draft.reading.facts.some(
    (fact): fact is FactOf<'access'> =>
      fact.kind === 'access' &&
      fact.read &&
      fact.subject !== null &&
      findEntity(draft, fact.subject) === account,
  )
  if (isStated || account.access.read !== 'authenticated') return
  const many = account.labelPlural.toLowerCase()
  const referring = [...draft.entities.values()].find(
    ({ relations, owner, isRunByStaff }) =>
      // Who makes these rows sees the accounts that they are about.
      isRunByStaff !== true &&
      relations.some(({ target, name }) => target === account.name && name !== owner),
  )
  if (referring === undefined) {
    account.access = { ...account.access, read: 'owner' }
    draft.assumptions.add(
      `${account.labelPlural} see only their own account, so that nobody can list email addresses.`,
    )
    return
  }
  account.policies = { ...account.policies, list: { who: 'owner' } }
  draft.assumptions.add(
    `Nobody can list the email addresses of ${many}; one that is referred to, as by ${a(referring.label.toLowerCase())}, can be read by its id.`,
  )
}
