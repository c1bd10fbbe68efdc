import { templateOf } from '../domains/index.ts'
import type { Privacy } from '../domains/types.ts'
import type { Draft, DraftEntity } from './draft.ts'

export function privacyOf(draft: Draft, entity: DraftEntity): Privacy {
  const ofMain = draft.domain?.privacy ?? (draft.main ? templateOf(draft.main.name)?.privacy : undefined)
  // Tags and categories follow their target, but nobody owns the tags of a blog.
  if (CLASSIFYING.has(entity.name)) return ofMain === 'private' || ofMain === 'shared' ? ofMain : 'catalogue'
  // Pizzas that orders choose from are a catalogue, whatever they are called.
  if (draft.manyToMany.some(({ left, right }) => right === entity.name && CHOOSES.has(left)))
    return 'catalogue'
  const isOpen = OPEN.has(ofMain ?? '')
  const usual = draft.domain?.entities.includes(entity.name)
    ? draft.domain.privacy
    : (templateOf(entity.name)?.privacy ?? draft.domain?.privacy ?? 'shared')
  if (TRANSACTIONS.has(entity.name) && (isOpen || OPEN.has(usual))) return 'private'
  const isOfPerson = PERSONS.has(entity.name) || entity.name === 'Loan'
  return (isOpen || OPEN.has(usual)) && isOfPerson ? 'shared' : usual
}

/** What anybody may read. */
export const OPEN: ReadonlySet<string> = new Set(['catalogue', 'published'])

/** What rows of a catalogue are chosen for. */
export const CHOOSES = new Set(['Order', 'Cart', 'Basket', 'Wishlist', 'Purchase'])

/** In a shop everyone sees the products, but nobody sees the orders of others. */
export const TRANSACTIONS = new Set(
  'Order OrderItem Cart CartItem Payment Booking Reservation Appointment Address Notification Application Rental Favorite'.split(
    ' ',
  ),
)

/** People whose names are not published. */
export const PERSONS = new Set(
  'Customer Guest Client Candidate Member Borrower Patient Tenant Neighbour Neighbor Resident Pupil Student Child Parent Contact'.split(
    ' ',
  ),
)

const CLASSIFYING = new Set(['Tag', 'Category', 'Label', 'Genre', 'Keyword', 'Topic'])
