import { findEntity, type Draft, type DraftEntity } from './draft.ts'
import { listed } from './sentences.ts'

/** What others add to something, although it is not theirs: a comment on a post, a booking of a class. */
const CONTRIBUTIONS = new Set(
  `Comment Review Rating Like Vote Reply Bid Booking Order Application Enrollment Enrolment Rsvp Registration Favorite Bookmark
  Follow Follower Message Answer Reservation Loan Rental Reaction Feedback Attendance Ticket Response Submission Signature Report
  Participant Participation Invitation Subscription Offer Donation Pledge Appointment Visit Borrowing Checkout Purchase CartItem
  Membership Member Attendee Guest Guess Question Post Thread Rsvp Payment Contribution Entry Share`.split(
    /\s+/,
  ),
)

const isOwned = ({ access, policies }: DraftEntity): boolean =>
  (policies?.update?.who ?? access.write) === 'owner'

/**
 * A part of something goes only into what belongs to the same account: nobody adds a task to the project of somebody
 * else, even where everyone may read it. Where the prompt says who adds them, that decides.
 */
export function ownParents(draft: Draft, account: DraftEntity): void {
  const isSaid = (entity: DraftEntity) =>
    draft.reading.facts.some(
      (fact) =>
        (fact.kind === 'access' && findEntity(draft, fact.subject) === entity) ||
        (fact.kind === 'act' && findEntity(draft, fact.object) === entity) ||
        (fact.kind === 'role' && fact.subjects.some((phrase) => findEntity(draft, phrase) === entity)),
    )
  for (const entity of draft.entities.values()) {
    if (entity === account || CONTRIBUTIONS.has(entity.name) || isSaid(entity)) continue
    if (entity.access.write !== 'owner') continue
    const parents = entity.relations.flatMap((relation) => {
      const parent = draft.entities.get(relation.target)
      const isPart = relation.required && relation.onDelete === 'cascade' && relation.name !== entity.owner
      if (!parent || parent === account || parent === entity || !isPart || !isOwned(parent)) return []
      relation.ownOnly = true
      return parent.access.read === 'owner' ? [] : [parent.labelPlural.toLowerCase()]
    })
    if (parents.length > 0)
      draft.assumptions.add(`${entity.labelPlural} can be added only to ${listed(parents)} of one’s own.`)
  }
}
