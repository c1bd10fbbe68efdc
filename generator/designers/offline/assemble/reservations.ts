import { isPlural, plural } from '../../../blueprint/words.ts'
import { templateOf } from '../domains/index.ts'
import { isStaff, OPINIONS, recordOfVerb, SAME_RECORD } from '../lexicon/acts.ts'
import type { FactOf, Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import { addEntity, areRelated, findEntity, type Draft, type DraftEntity } from './draft.ts'
import type { FieldTemplate } from '../domains/types.ts'
import { isFeature, isGenericActor } from './classify-noun.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { fromTemplate } from './fields.ts'
import { link } from './link.ts'
import { PERSONS } from './privacy.ts'
import { isPerson, RESERVED } from './relation-words.ts'
import { a } from './sentences.ts'

/** Fields of a record that the prompt does not describe: whom and when it is about follows from the act. */
const field = (text: string, more: Partial<FieldTemplate>): FieldTemplate => ({
  text,
  kind: null,
  values: [],
  required: false,
  unique: false,
  fallback: null,
  example: null,
  ...more,
})
const status = (...values: [string, ...string[]]) => field('status', { values, fallback: values[0] })
const FIELDS: Readonly<Record<string, readonly FieldTemplate[]>> = {
  Booking: [status('booked', 'cancelled')],
  Reservation: [status('booked', 'cancelled')],
  Rating: [field('stars', { kind: 'integer', required: true })],
  Request: [field('note', { kind: 'text' }), status('requested', 'approved', 'rejected')],
  Bid: [field('amount', { kind: 'number', required: true })],
  Application: [
    field('cover letter', { kind: 'text' }),
    status('submitted', 'reviewing', 'accepted', 'rejected'),
  ],
  Comment: [field('body', { kind: 'text', required: true })],
}

const LIMITS = new Set(['capacity', 'seats', 'copies', 'stock', 'quantity', 'places', 'spots'])

/** People who only look at rows are no rows: `parents can see grades`. */
export const ONLY_READS = new Set('see view views read reads browse'.split(' '))

/** The nouns of an act that are tables: the object, and who does it unless it is an opinion. */
export function nounsOfAct({ actor, verb, object, weak }: FactOf<'act'>): Phrase[] {
  if (weak)
    return [actor, object].filter(
      (phrase) =>
        templateOf(nameOf(phrase) ?? '') !== null && !isGenericActor(phrase) && !isStaff(phrase.text),
    )
  const record = recordOfVerb(verb)
  const isTable = (phrase: Phrase) =>
    !isGenericActor(phrase) && !isFeature(phrase) && !looksLikeField(phrase.text)
  // `request a refund`: only what is a usual table or one of several.
  const isNamed =
    record === undefined ||
    isPlural(object.text) ||
    plural(object.text) === object.text ||
    templateOf(nameOf(object) ?? '') !== null
  return [
    ...((record !== undefined && OPINIONS.has(record)) || isStaff(actor.text) || ONLY_READS.has(verb)
      ? []
      : [actor]),
    ...(isNamed ? [object] : []),
  ].filter(isTable)
}

/** The name of the record that an act makes of its object; null for other acts. */
function recordOf(draft: Draft, { actor, verb, object }: FactOf<'act'>): string | null {
  const name = recordOfVerb(verb)
  const target = findEntity(draft, object)
  if (name === undefined || target === null || RESERVED.has(target.name)) return null
  // `adjusters review claims` is work, and no opinion.
  if (
    name === 'Review' &&
    !isGenericActor(actor) &&
    !PERSONS.has(nameOf(actor) ?? '') &&
    !isPerson({ name: nameOf(actor) ?? '' })
  )
    return null
  const names = SAME_RECORD.find((group) => group.has(name)) ?? new Set([name])
  if (names.has(target.name)) return null
  // The prompt may have its own word for it: reservations, job applications.
  const all = [...draft.entities.keys()]
  return (
    all.find((known) => known === name) ??
    all.find((known) => names.has(known)) ??
    all.find((known) => known !== target.name && [...names].some((one) => known.endsWith(one))) ??
    name
  )
}

/** Adds the records of acts such as `members book classes`, unless the prompt names them itself. */
export function addRecords(draft: Draft): void {
  const { facts } = draft.reading
  for (const fact of facts) {
    if (fact.kind !== 'act') continue
    const name = recordOf(draft, fact)
    if (name === null) continue
    const isNew = !draft.entities.has(name)
    const entity = addEntity(draft, name)
    if (entity === null || (!isNew && templateOf(name) !== null)) continue
    const isDescribed = facts.some(
      (other) => other.kind === 'has' && findEntity(draft, other.subject) === entity,
    )
    const usual = FIELDS[name]
    if (usual !== undefined && !isDescribed) {
      entity.fields = usual.map(fromTemplate)
      entity.stated = 'listed'
    }
    if (!isNew) continue
    const said = [fact.actor.text, fact.verb, fact.preposition ?? [], fact.object.text].flat().join(' ')
    draft.assumptions.add(`Added ${entity.labelPlural.toLowerCase()}, since ${said.toLowerCase()}.`)
  }
}

/** Links the record of an act to who did it and to what; false for other acts. */
export function relateRecord(draft: Draft, fact: FactOf<'act'>): boolean {
  const name = recordOf(draft, fact)
  const record = name === null ? undefined : draft.entities.get(name)
  const [actor, object] = [findEntity(draft, fact.actor), findEntity(draft, fact.object)]
  if (record === undefined || object === null) return false
  link(draft, record, object, { required: true })
  if (actor !== null && actor !== object && actor !== record && !areRelated(draft, record, actor))
    link(draft, record, actor, { required: actor.name !== 'User' })
  const stars = record.fields.find(({ type }) => type.kind === 'integer')
  if (fact.range !== undefined && stars !== undefined)
    stars.type = { kind: 'integer', min: fact.range[0], max: fact.range[1] }
  const limit = object.fields.find((field) => LIMITS.has(field.name))
  if (limit && LIMITED.has(record.name)) draft.missing.add(unchecked(record, object, limit.name))
  return true
}

const LIMITED = new Set(['Booking', 'Reservation', 'Rental', 'Loan'])

const unchecked = (record: DraftEntity, object: DraftEntity, limit: string) =>
  `checking ${record.labelPlural.toLowerCase()} against the ${limit} of ${a(object.label.toLowerCase())}`
