/** What people do to rows, and what it leaves behind. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** What each act leaves behind: `members book classes` makes bookings. */
const RECORDS: Readonly<Record<string, string>> = {
  book: 'Booking',
  reserve: 'Reservation',
  rent: 'Rental',
  borrow: 'Loan',
  comment: 'Comment',
  review: 'Review',
  rate: 'Rating',
  bid: 'Bid',
  apply: 'Application',
  request: 'Request',
  vote: 'Vote',
}

const byForm = new Map(
  Object.entries(RECORDS).flatMap(([verb, name]) =>
    [verb, `${verb}s`, verb.replace(/y$/, 'ies')].map((form) => [form, name] as const),
  ),
)

/** The record that a verb leaves behind; undefined for other verbs. */
export const recordOfVerb = (verb: string): string | undefined => byForm.get(verb)

/** Records of an opinion: its author does not become a table because of them. */
export const OPINIONS = set('Comment Review Rating Vote Bid')

/** Names for the same record. */
export const SAME_RECORD: readonly ReadonlySet<string>[] = [
  set('Booking Reservation'),
  set('Loan Borrowing Checkout'),
  set('Rental Hire'),
  set('Review Rating'),
]

/** Verbs whose object follows a preposition: `comment on posts`. */
export const WITH_PREPOSITION: ReadonlyMap<string, readonly string[]> = new Map([
  ['comment', ['on', 'to']],
  ['comments', ['on', 'to']],
  ['bid', ['on', 'for']],
  ['bids', ['on', 'for']],
  ['vote', ['for', 'on']],
  ['votes', ['for', 'on']],
  ['apply', ['to', 'for']],
  ['applies', ['to', 'for']],
])

/** What people apply for; `discounts apply to products` is something else. */
export const APPLIED_FOR = set(`
  job jobs position positions vacancy vacancies opening openings internship internships grant grants scholarship scholarships
  programme programmes program programs posting postings offer offers apprenticeship apprenticeships permit permits licence licences license licenses visa visas place places funding leave`)

/** People who run something for others: what they manage, the others do not change. */
const STAFF = set(`
  admin administrator moderator superuser superadmin staff librarian manager editor clerk receptionist cashier curator operator
  dispatcher treasurer supervisor coordinator pharmacist archivist registrar`)

/** Whether a noun names a person in charge: `hotel managers`, `staff`, `a librarian`. */
export const isStaff = (text: string): boolean =>
  STAFF.has((text.toLowerCase().split(/\s+/).at(-1) ?? '').replace(/(?<=[a-z]{3})s$/, ''))
