import { openAiRetirements, retirementOf, type Retirement } from './retirements.ts'

/** The end of a model is announced this many days ahead. */
export const NOTICE_DAYS = 60
const DAY_MS = 24 * 3_600_000

/** The models that a service lists, each with the day of its end (YYYY-MM-DD) where it gives one. */
export type Listing = ReadonlyMap<string, string | null>

/** Which model is asked, and what is to be said about it; `message` is one or two sentences for an operator. */
export type ModelStatus =
  | { readonly kind: 'served'; readonly model: string; readonly message: null }
  | { readonly kind: 'ending'; readonly model: string; readonly message: string }
  /** The default is gone, and its replacement is asked. */
  | { readonly kind: 'replaced'; readonly model: string; readonly message: string }
  /** The model that was set is gone, and nothing is asked. */
  | { readonly kind: 'gone'; readonly model: string; readonly message: string; readonly hint: string }

export type StatusInput = {
  readonly model: string
  /** False where OPENAI_MODEL is not set, so that the default may be replaced. */
  readonly isSet: boolean
  /** Whether the table of announced ends holds for this service. */
  readonly atOpenAi: boolean
  /** Null while the service has not said which models it serves. */
  readonly listing: Listing | null
  readonly now: Date
}

/**
 * How a model stands on a day. The date in the service's own list wins over the table; a model that the service still
 * lists without a date is served, whatever the table says.
 */
export function modelStatus({ model, isSet, atOpenAi, listing, now }: StatusInput): ModelStatus {
  const known = retirementOf(model, openAiRetirements)
  const listed = listing?.get(model)
  const isListed = listing?.has(model) ?? false
  const replacement = known?.replacement ?? null
  const end: Retirement | null =
    typeof listed === 'string' ? { endsOn: listed, replacement } : atOpenAi ? known : null
  const today = now.toISOString().slice(0, 10)
  const isOver = end !== null && today >= end.endsOn && !(isListed && typeof listed !== 'string')
  // A key of a new project may never have had the default.
  const isMissing = !isSet && !isListed && replacement !== null && (listing?.has(replacement) ?? false)

  if (isOver || isMissing) {
    const left = isOver
      ? `The model ${model} left the model service on ${end.endsOn}`
      : `The model service does not list ${model}`
    if (!isSet && replacement !== null)
      return {
        kind: 'replaced',
        model: replacement,
        message: `${left}, and OPENAI_MODEL is not set, so ${replacement} is used in its place.`,
      }
    const advice =
      replacement === null
        ? 'Set OPENAI_MODEL to a model that is served.'
        : `Its replacement is ${replacement}: set OPENAI_MODEL=${replacement}.`
    return { kind: 'gone', model, message: `${left}.`, hint: advice }
  }
  if (end === null || today >= end.endsOn) return { kind: 'served', model, message: null }
  const days = Math.round((Date.parse(end.endsOn) - Date.parse(today)) / DAY_MS)
  if (days > NOTICE_DAYS) return { kind: 'served', model, message: null }
  return {
    kind: 'ending',
    model,
    message: `The model ${model} leaves the model service on ${end.endsOn}, in ${days} ${days === 1 ? 'day' : 'days'}. ${replacementAdvice(replacement, isSet)}`,
  }
}

function replacementAdvice(replacement: string | null, isSet: boolean): string {
  if (replacement === null) return 'Set OPENAI_MODEL to a model that stays.'
  return isSet
    ? `Its replacement is ${replacement}: set OPENAI_MODEL=${replacement} before that day.`
    : `Its replacement is ${replacement}, which is used from that day on unless OPENAI_MODEL is set.`
}

/** Everything there is to say, in one text; null where there is nothing. */
export const noticeOf = (status: ModelStatus): string | null =>
  status.kind === 'gone' ? `${status.message} ${status.hint}` : status.message
