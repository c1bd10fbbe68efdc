import type { FactOf } from '../read/facts.ts'
import { addEntity, findEntity, type Draft, type DraftEntity } from './draft.ts'
import type { FieldTemplate } from '../domains/types.ts'
import { fromTemplate } from './fields.ts'
import { link } from './link.ts'
import { RESERVED } from './relation-words.ts'
import { a } from './sentences.ts'

/** What each act leaves behind: `members book classes` makes bookings. */
const RECORDS: Readonly<Record<string, string>> = {
  book: 'Booking',
  books: 'Booking',
  reserve: 'Reservation',
  reserves: 'Reservation',
  rent: 'Rental',
  rents: 'Rental',
  borrow: 'Loan',
  borrows: 'Loan',
}

/** The row that is booked has the times and the person. */
const WITH_STATUS = new Set(['Booking', 'Reservation'])
const STATUS: FieldTemplate = {
  text: 'status',
  kind: null,
  values: ['booked', 'cancelled'],
  required: false,
  unique: false,
  fallback: 'booked',
  example: null,
}

const LIMITS = new Set(['capacity', 'seats', 'copies', 'stock', 'quantity', 'places', 'spots'])

/** The name of the record that an act makes of its object; null for other acts. */
function recordOf(draft: Draft, { verb, object }: FactOf<'act'>): string | null {
  const name = Object.hasOwn(RECORDS, verb) ? RECORDS[verb]! : null
  const target = findEntity(draft, object)
  return name === null || target === null || RESERVED.has(target.name) || target.name === name ? null : name
}

/** Adds the records of acts such as `members book classes`, unless the prompt names them itself. */
export function addRecords(draft: Draft): void {
  const { facts } = draft.reading
  for (const fact of facts) {
    if (fact.kind !== 'act') continue
    const name = recordOf(draft, fact)
    if (name === null || draft.entities.has(name)) continue
    const entity = addEntity(draft, name)
    if (entity === null) continue
    const isDescribed = facts.some(
      (other) => other.kind === 'has' && findEntity(draft, other.subject) === entity,
    )
    if (WITH_STATUS.has(name) && !isDescribed) {
      entity.fields = [fromTemplate(STATUS)]
      entity.stated = 'listed'
    }
    const said = `${fact.actor.text} ${fact.verb} ${fact.object.text}`.toLowerCase()
    draft.assumptions.add(`Added ${entity.labelPlural.toLowerCase()}, since ${said}.`)
  }
}

/** Links the record of an act to who did it and to what; false for other acts. */
export function relateRecord(draft: Draft, fact: FactOf<'act'>): boolean {
  const name = recordOf(draft, fact)
  const record = name === null ? undefined : draft.entities.get(name)
  const [actor, object] = [findEntity(draft, fact.actor), findEntity(draft, fact.object)]
  if (record === undefined || object === null) return false
  link(draft, record, object, { required: true })
  if (actor !== null && actor !== object) link(draft, record, actor, { required: actor.name !== 'User' })
  const limit = object.fields.find((field) => LIMITS.has(field.name))
  if (limit) draft.missing.add(unchecked(record, object, limit.name))
  return true
}

const unchecked = (record: DraftEntity, object: DraftEntity, limit: string) =>
  `checking ${record.labelPlural.toLowerCase()} against the ${limit} of ${a(object.label.toLowerCase())}`
