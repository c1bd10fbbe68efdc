import type { JobNeeds, Plan, PlanQuestion } from '#contract'
import { count } from '../cards/phrases.ts'

/** Phrases about a plan, shared by its card, its details and replies. Pure. */

const assumed = ({ choices }: PlanQuestion) => choices.find((choice) => choice.assumed)

/** "Who may use it? Assumed: everyone, without signing in." */
export function questionText(question: PlanQuestion): string {
  const choice = assumed(question)
  return choice === undefined ? question.text : `${question.text} Assumed: ${lowerFirst(choice.label)}`
}

/** "4 entities: Customer, Order and 2 more", with as many names as fit. */
export function entitiesText({ entities }: Plan, room: number): string {
  if (entities.length === 0) return 'It stores nothing.'
  const head = `${count(entities.length, 'entity', 'entities')}: `
  const names: string[] = []
  let left = room - head.length
  for (const { name } of entities) {
    // Room for "and 12 more".
    if (left - name.length - 2 < 12 && entities.length - names.length > 1) break
    names.push(name)
    left -= name.length + 2
  }
  const more = entities.length - names.length
  return `${head}${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

export const routeCount = ({ routes }: Plan): number =>
  routes.reduce((sum, resource) => sum + resource.routes.length, 0)

/** "Takes 1 to 3 min · $0.02 to $0.10". */
export function estimateText({ estimate: { seconds, costUsd } }: Plan): string {
  const time =
    seconds.to < 90
      ? `${seconds.from} to ${seconds.to} s`
      : `${minutes(seconds.from)} to ${minutes(seconds.to)} min`
  return `Takes ${time}${costUsd === null ? ' · cost unknown' : costUsd.to === 0 ? '' : ` · ${dollars(costUsd)}`}`
}

const minutes = (seconds: number) => Math.max(1, Math.round(seconds / 60))

function dollars({ from, to }: { readonly from: number; readonly to: number }): string {
  if (to < 0.01) return 'under $0.01'
  const [low, high] = [from.toFixed(2), to.toFixed(2)]
  return low === high ? `$${high}` : `$${low} to $${high}`
}

/** The choices of a plan's only question that differ from what is assumed, for one tap each. */
export function quickAnswers({ questions }: JobNeeds): { readonly label: string; readonly choice: number }[] {
  const [only, ...others] = questions
  if (only === undefined || others.length > 0) return []
  const offered = only.choices.flatMap(({ label, assumed: isAssumed }, choice) =>
    isAssumed ? [] : [{ label, choice }],
  )
  return offered.length > MAX_QUICK ? [] : offered
}
/** More are not looked at one by one; the form has them all. */
const MAX_QUICK = 4

const lowerFirst = (words: string) =>
  /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words
