import { openAiRetirements, retirementOf, type Retirement } from './retirements.ts'

/** Retirements are announced this many days ahead. */
export const NOTICE_DAYS = 60
const DAY_MS = 24 * 3_600_000

/** The models that a service lists, with their shutdown dates (YYYY-MM-DD) where given. */
export type Listing = ReadonlyMap<string, string | null>

/** The model in use, and a `message` of one or two sentences for the operator. */
export type ModelStatus =
  | { readonly kind: 'served'; readonly model: string; readonly message: null }
  | { readonly kind: 'ending'; readonly model: string; readonly message: string }
  /** The default is retired; its replacement is used. */
  | { readonly kind: 'replaced'; readonly model: string; readonly message: string }
  /** The configured model is retired; no calls are made. */
  | { readonly kind: 'gone'; readonly model: string; readonly message: string; readonly hint: string }

export type StatusInput = {
  readonly model: string
  /** False where OPENAI_MODEL is not set, so that the default may be replaced. */
  readonly isSet: boolean
  /** Whether the table of retirements applies to this service. */
  readonly atOpenAi: boolean
  /** Null until the service has listed its models. */
  readonly listing: Listing | null
  readonly now: Date
}

/**
 * The status of a model on a given day. The service's own list takes precedence over the table: a model that is listed
 * without a date is served.
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
  // New projects may have no access to the default model.
  const isMissing = !isSet && !isListed && replacement !== null && (listing?.has(replacement) ?? false)

  if (isOver || isMissing) {
    const left = isOver
      ? `The model ${model} was retired on ${end.endsOn}`
      : `The model service does not list ${model}`
    if (!isSet && replacement !== null)
      return {
        kind: 'replaced',
        model: replacement,
        message: `${left}, and OPENAI_MODEL is not set, so ${replacement} is used instead.`,
      }
    const advice =
      replacement === null
        ? 'Set OPENAI_MODEL to an available model.'
        : `Its replacement is ${replacement}: set OPENAI_MODEL=${replacement}.`
    return { kind: 'gone', model, message: `${left}.`, hint: advice }
  }
  if (end === null || today >= end.endsOn) return { kind: 'served', model, message: null }
  const days = Math.round((Date.parse(end.endsOn) - Date.parse(today)) / DAY_MS)
  if (days > NOTICE_DAYS) return { kind: 'served', model, message: null }
  return {
    kind: 'ending',
    model,
    message: `The model ${model} will be retired on ${end.endsOn}, in ${days} ${days === 1 ? 'day' : 'days'}. ${replacementAdvice(replacement, isSet)}`,
  }
}

function replacementAdvice(replacement: string | null, isSet: boolean): string {
  if (replacement === null) return 'Set OPENAI_MODEL to another model.'
  return isSet
    ? `Its replacement is ${replacement}: set OPENAI_MODEL=${replacement} before that date.`
    : `Its replacement is ${replacement}, which will be used from that date unless OPENAI_MODEL is set.`
}

/** The message and hint as one text; null when there is nothing to report. */
export const noticeOf = (status: ModelStatus): string | null =>
  status.kind === 'gone' ? `${status.message} ${status.hint}` : status.message
