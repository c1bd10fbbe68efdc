import { templateOf } from '../domains/index.ts'
import type { Privacy } from '../domains/types.ts'
import type { Draft, DraftEntity } from './draft.ts'

export function privacyOf(draft: Draft, entity: DraftEntity): Privacy {
  const ofMain = draft.domain?.privacy ?? (draft.main ? templateOf(draft.main.name)?.privacy : undefined)
  // Tags and categories follow their target, but nobody owns the tags of a blog.
  if (CLASSIFYING.has(entity.name)) return ofMain === 'private' || ofMain === 'shared' ? ofMain : 'catalogue'
  const isOpen = ofMain === 'catalogue' || ofMain === 'published'
  if (isOpen && TRANSACTIONS.has(entity.name)) return 'private'
  if (isOpen && PERSONS.has(entity.name)) return 'shared'
  if (draft.domain?.entities.includes(entity.name)) return draft.domain.privacy
  return templateOf(entity.name)?.privacy ?? draft.domain?.privacy ?? 'shared'
}

/** In a shop everyone sees the products, but nobody sees the orders of others. */
export const TRANSACTIONS = new Set(
  'Order OrderItem Cart CartItem Payment Booking Reservation Appointment Address Notification Application Rental Favorite'.split(
    ' ',
  ),
)

const PERSONS = new Set(['Customer', 'Guest', 'Client', 'Candidate', 'Member', 'Borrower', 'Loan'])

const CLASSIFYING = new Set(['Tag', 'Category', 'Label', 'Genre', 'Keyword', 'Topic'])
