import { requesterOf, type JobNeeds, type JobView, type Origin } from '#contract'
import { truncateLine } from '../reply.ts'
import { entitiesText, estimateText, questionText, quickAnswers, routeCount } from '../plan/plan-text.ts'
import type { PlanCard, PlanAuthor, ResultLine } from './notification.ts'
import { PHONE, heightOf, phoneLines } from './phone.ts'
import { count } from './phrases.ts'

const TITLE = 48
const TWO_LINES = 2 * PHONE.columns
/** The name of a person, and two rows of buttons. */
const MENTION = 12
const BUTTONS = 2
const ASKS = 'is planned. Build it like this?'

/** How a plan was decided. `by` is null where nobody is known, such as over REST. */
export type PlanEnd =
  | { readonly kind: 'approve'; readonly by: Origin | null }
  /** `isLast`: the job ended before it had another plan. */
  | { readonly kind: 'change'; readonly by: Origin | null; readonly words: string; readonly isLast: boolean }
  | { readonly kind: 'expire' }
  /** The job was cancelled. */
  | { readonly kind: 'cancel' }

/**
 * The message that asks for a decision on a plan, and says afterwards which one was taken. `picture` is the platform's
 * name of the diagram, null without one. Pure.
 */
export function toPlanCard(
  { jobId }: Pick<JobView, 'jobId'>,
  needs: JobNeeds,
  { requester, picture, end }: { requester: string; picture: string | null; end: PlanEnd | null },
): PlanCard {
  const { plan } = needs
  const { version } = plan
  const title = truncateLine(plan.title, TITLE)
  const common = { jobId, version, title: version > 1 ? `${title}, plan ${version}` : title }
  if (end === null) {
    const lines = openLines(
      needs,
      PHONE.lines - BUTTONS - phoneLines(`${'x'.repeat(MENTION)} ${common.title} ${ASKS}`),
    )
    return {
      ...common,
      requester,
      says: ASKS,
      by: null,
      state: 'active',
      lines,
      picture,
      // Nobody can answer what is not asked.
      answers: lines.some(({ as }) => as === 'heading') ? quickAnswers(needs) : [],
      actions: ['approve', 'change', 'cancel', 'details'],
    }
  }
  const closed = { ...common, requester: null, answers: [], actions: ['details'] as const }
  switch (end.kind) {
    case 'approve':
      return {
        ...closed,
        says: end.by === null ? 'was approved' : 'was approved by',
        by: authorOf(end.by),
        state: 'completed',
        lines: [{ as: 'text', text: entitiesText(plan, TWO_LINES) }],
        picture,
      }
    case 'change':
      return {
        ...closed,
        says: end.by === null ? 'was changed' : 'was changed by',
        by: authorOf(end.by),
        state: 'waiting',
        lines: [
          ...(end.words === ''
            ? []
            : [{ as: 'text' as const, text: `“${truncateLine(end.words, TWO_LINES)}”` }]),
          ...(end.isLast ? [] : [{ as: 'small' as const, text: `Plan ${version + 1} follows below.` }]),
        ],
        picture: null,
      }
    case 'expire':
      return {
        ...closed,
        says: 'was not built, because nobody decided in time',
        by: null,
        state: 'cancelled',
        lines: [],
        picture: null,
      }
    case 'cancel':
      return { ...closed, says: 'was cancelled', by: null, state: 'cancelled', lines: [], picture: null }
  }
}

/** What fits on a phone; everything else is behind Details. Questions come first, since they need an answer. */
function openLines(needs: JobNeeds, room: number): ResultLine[] {
  const { plan, questions } = needs
  const what = (reasons: readonly string[]): ResultLine[] => [
    ...reasons
      .slice(0, 1)
      .map((reason): ResultLine => ({ as: 'text', text: truncateLine(reason, TWO_LINES) })),
    { as: 'text', text: entitiesText(plan, TWO_LINES) },
    ...plan.notUnderstood.slice(0, 1).map((words): ResultLine => ({
      as: 'item',
      text: truncateLine(`Not in it: ${words}`, TWO_LINES - 4),
    })),
  ]
  const more = [
    count(routeCount(plan), 'route'),
    ...(plan.rules.length === 0 ? [] : [count(plan.rules.length, 'rule')]),
    ...(plan.assumptions.length === 0 ? [] : [count(plan.assumptions.length, 'assumption')]),
    ...(plan.notUnderstood.length > 1 ? [`${plan.notUnderstood.length - 1} more parts left out`] : []),
  ]
  const last: ResultLine[] = [
    { as: 'small', text: `${more.join(', ')} in Details` },
    { as: 'small', text: estimateText(plan) },
  ]
  const asked = questions.map((question): ResultLine => ({
    as: 'item',
    text: truncateLine(questionText(question), TWO_LINES - 4),
  }))
  const fitting = (others: readonly ResultLine[]) => {
    let left = room - heightOf([...others, ...last]) - (questions.length === 0 ? 0 : 1)
    return asked.filter((line) => (left -= heightOf([line])) >= 0)
  }
  // A question needs its place more than the reason why it is asked, and what Details has as well.
  const without = what([])
  // The message above a later plan says who changed it, and how.
  const reasons = plan.version > 1 ? [] : plan.reasons
  const least = without.filter(({ as }) => as !== 'item')
  const others = [what(reasons), without].find((lines) => fitting(lines).length === asked.length) ?? least
  const fit = fitting(others)
  const shown = fit.length === 0 ? asked.slice(0, 1) : fit
  return [
    ...(shown.length === 0
      ? []
      : [
          { as: 'heading' as const, text: shown.length === 1 ? 'One question' : `${shown.length} questions` },
          ...shown,
        ]),
    ...others,
    ...last,
  ]
}

/** In this chat people are named by their IDs. */
function authorOf(by: Origin | null): PlanAuthor | null {
  return by === null || requesterOf(by) === null || !('userId' in by) ? null : { userId: by.userId }
}
