import { wordsOf } from '../../../blueprint/words.ts'
import type { FactOf, Phrase } from '../read/facts.ts'
import { isGenericActor } from './classify-noun.ts'
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
  const isShop = entities.some(({ name }) => TRANSACTIONS.has(name)) || CUSTOMERS.has(account.name)
  const isFree = (entity: DraftEntity) => !isStated(entity) && !isLimited(draft, entity)
  const usual = entities.filter(
    (entity) => isShop && privacyOf(draft, entity) === 'catalogue' && isFree(entity),
  )
  const isSold = usual.some(({ fields }) => fields.some(({ name }) => COMMERCIAL.test(name)))
  const lent = entities.filter((entity) => isTaken(draft, account, entity) && isFree(entity))
  const catalogue = [...new Set([...(isSold ? usual : []), ...lent])]
  if (catalogue.length === 0) return
  draft.reading.facts.push({
    kind: 'role',
    roles: [phrase('admin')],
    only: true,
    operations: ['create', 'update', 'delete'],
    subjects: catalogue.map(({ name }) => phrase(wordsOf(name).join(' '))),
    tokens: [],
  })
  draft.assumptions.add(
    `Only an admin changes ${listed(catalogue.map(({ labelPlural }) => labelPlural.toLowerCase()))}, since ${isSold ? 'customers do not set prices or stock' : `who ${takes(draft, account, lent[0]!)} them does not own them`}.`,
  )
}

const TAKES = /^(?:rent|borrow|reserve|book|order|buy|purchase)s?$/

const actOn = (draft: Draft, account: DraftEntity, entity: DraftEntity) =>
  draft.reading.facts.find(
    (fact): fact is FactOf<'act'> =>
      fact.kind === 'act' &&
      TAKES.test(fact.verb) &&
      findEntity(draft, fact.object) === entity &&
      (findEntity(draft, fact.actor) === account || isGenericActor(fact.actor)),
  )

/** Whether accounts rent or book these rows, which are no records of that themselves. */
const isTaken = (draft: Draft, account: DraftEntity, entity: DraftEntity): boolean =>
  !TRANSACTIONS.has(entity.name) && actOn(draft, account, entity) !== undefined

const takes = (draft: Draft, account: DraftEntity, entity: DraftEntity): string =>
  actOn(draft, account, entity)!.verb.replace(/s$/, '').concat('s')

const CUSTOMERS = new Set(['Customer', 'Client', 'Guest', 'Buyer', 'Shopper'])

/** Whether the prompt says which roles change these rows. */
export const isLimited = (draft: Draft, entity: DraftEntity): boolean =>
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
