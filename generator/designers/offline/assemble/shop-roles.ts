import { wordsOf } from '../../../blueprint/words.ts'
import type { Phrase } from '../read/facts.ts'
import { findEntity, type Draft, type DraftEntity } from './draft.ts'
import { privacyOf, TRANSACTIONS } from './privacy.ts'
import { listed } from './sentences.ts'

/** What a shop does not leave to its customers: prices, stock, and the catalogue that they belong to. */
export const COMMERCIAL =
  /^(?:.*price(?:[A-Z].*)?|.*stock|cost|fee|rate|discount|stockQuantity|quantityInStock|inventory|capacity|seats)$/i

/**
 * Where accounts order, book or rent, the catalogue is changed by an admin only, unless the prompt says who changes
 * it. Adds the rule as if it were said, so that roles, policies and reports follow.
 */
export function reserveCatalogue(
  draft: Draft,
  account: DraftEntity,
  isStated: (entity: DraftEntity) => boolean,
): void {
  const entities = [...draft.entities.values()].filter((entity) => entity !== account)
  if (!entities.some(({ name }) => TRANSACTIONS.has(name)) && !CUSTOMERS.has(account.name)) return
  const catalogue = entities.filter(
    (entity) => privacyOf(draft, entity) === 'catalogue' && !isStated(entity) && !hasRoles(draft, entity),
  )
  if (!catalogue.some(({ fields }) => fields.some(({ name }) => COMMERCIAL.test(name)))) return
  draft.reading.facts.push({
    kind: 'role',
    roles: [phrase('admin')],
    only: true,
    operations: ['create', 'update', 'delete'],
    subjects: catalogue.map(({ name }) => phrase(wordsOf(name).join(' '))),
    tokens: [],
  })
  draft.assumptions.add(
    `Only an admin changes ${listed(catalogue.map(({ labelPlural }) => labelPlural.toLowerCase()))}, since customers do not set prices or stock.`,
  )
}

const CUSTOMERS = new Set(['Customer', 'Client', 'Guest', 'Buyer', 'Shopper'])

const hasRoles = (draft: Draft, entity: DraftEntity): boolean =>
  draft.reading.facts.some(
    (fact) =>
      fact.kind === 'role' &&
      fact.operations.some((operation) => operation !== 'list' && operation !== 'read') &&
      (fact.subjects.length === 0 || fact.subjects.some((subject) => findEntity(draft, subject) === entity)),
  )

const phrase = (text: string): Phrase => ({ tokens: [], text, plural: false, quantity: 'none' })

/** Whether people make these rows themselves: `users sell products`. */
export const isActedOn = (draft: Draft, entity: DraftEntity): boolean =>
  draft.reading.facts.some(
    (fact) => fact.kind === 'act' && fact.own && findEntity(draft, fact.object) === entity,
  )
