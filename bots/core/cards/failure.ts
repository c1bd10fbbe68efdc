import type { Failure, JobView } from '#contract'

/** A failure in the words of the person who asked: nothing that only an operator understands or can do. */
export type FailureText = {
  readonly what: string
  readonly todo: string
  /** Whether the same request may succeed when it runs again. */
  readonly retry: boolean
}

const LATER = 'Retry in a few minutes.'
const ADMIN = 'An admin of this bot has to fix it first. Then send your request again.'

const busy = (what: string): FailureText => ({ what, todo: LATER, retry: true })
const blocked = (what: string): FailureText => ({ what, todo: ADMIN, retry: false })

/** By the stable code of the failure. */
const TEXTS: Readonly<Record<string, FailureText>> = {
  model_timeout: busy('The model took too long to answer.'),
  model_unreachable: busy('The model could not be reached.'),
  model_unavailable: busy('The model is not available right now.'),
  model_rate_limited: busy('The model is busy right now.'),
  model_stream_cut: busy('The connection to the model broke.'),
  model_empty_answer: busy('The model returned no answer.'),
  model_malformed_answer: busy('The model returned an answer that cannot be read.'),

  model_unauthorized: blocked('The model did not accept this bot’s key.'),
  model_forbidden: blocked('The model did not accept this bot’s key.'),
  model_quota_exhausted: blocked('This bot has used up its budget for the model.'),
  model_not_found: blocked('The model that this bot uses does not exist.'),
  model_retired: blocked('The model that this bot uses was retired.'),
  model_bad_request: blocked('The model rejected what this bot sent.'),
  model_unpriced: blocked('The price of the model is not known, so what it spends cannot be limited.'),
  openai_not_configured: blocked('This bot has no model to design with.'),
  kit_unusable: blocked('This bot is not set up completely.'),
  kit_install_failed: blocked('This bot is not set up completely.'),
  sandbox_unavailable: blocked('This bot cannot run what it builds.'),

  model_refused: { what: 'The model declined this request.', todo: 'Say it in other words.', retry: false },
  model_filtered: {
    what: 'A content filter of the model stopped this request.',
    todo: 'Say it in other words.',
    retry: false,
  },
  model_truncated: {
    what: 'The backend is too large for one answer of the model.',
    todo: 'Ask for less at once, and refine it later.',
    retry: false,
  },
  model_input_too_long: {
    what: 'The request is too long for the model.',
    todo: 'Shorten it, or attach a smaller file.',
    retry: false,
  },
  job_budget_reached: {
    what: 'The request reached the limit of what one job may cost.',
    todo: 'Ask for less at once, and refine it later.',
    retry: false,
  },
  too_complex: {
    what: 'The request is too large to be built at once.',
    todo: 'Ask for less at once, and refine it later.',
    retry: false,
  },
  plan_expired: {
    what: 'Nobody decided on its plan in time, so I stopped here.',
    todo: 'Press Retry to start again from the same request.',
    retry: true,
  },
  plan_unreadable: {
    what: 'This bot was updated while the plan was waiting, and can no longer build it.',
    todo: 'Press Retry to plan it again.',
    retry: true,
  },
  verification_timed_out: {
    what: 'Its tests took longer than the time they have.',
    todo: 'Retry, or ask for a smaller backend.',
    retry: true,
  },
}

const OURS = 'Something went wrong on our side.'
/** Faults of the service: a worker died, or an error that nobody foresaw. */
const OUR_FAULTS = new Set(['job_stalled', 'internal_error', 'run_failed', 'run_aborted', 'job_not_in_store'])
/** Depends on the answer of a model, so that another one may do; by rules, the same request ends the same. */
const DESIGNS = new Set(['design_invalid', 'verification_failed', 'cannot_pack'])

/** The codes with words of their own. */
export const FAILURE_CODES: readonly string[] = [...Object.keys(TEXTS), ...OUR_FAULTS, ...DESIGNS]

/** Names of settings and parts of the installation, which say nothing to the person who asked. */
const FOR_OPERATORS = /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b(?:operator|admin|worker|log)\b/

export function failureOf({ error, ledger }: Pick<JobView, 'error' | 'ledger'>): FailureText {
  if (error === null || OUR_FAULTS.has(error.code)) return { what: OURS, todo: 'Retry.', retry: true }
  const known = TEXTS[error.code]
  if (known !== undefined) return known
  const byModel = (ledger?.calls ?? 0) > 0
  if (!DESIGNS.has(error.code)) return { ...ownWords(error), retry: byModel }
  const what = 'The generated project failed its own checks, so there is no archive.'
  const todo = byModel
    ? 'Retry: the next design may do better.'
    : 'Say it in simpler words, or in smaller parts.'
  return { what, todo, retry: byModel }
}

/** The words of the failure, without the sentences of its advice that only an operator can follow. */
function ownWords({ message, hint = '' }: Failure): { what: string; todo: string } {
  const sentences = hint.split(/(?<=[.!?])\s+/).filter((sentence) => sentence !== '')
  return { what: message, todo: sentences.filter((one) => !FOR_OPERATORS.test(one)).join(' ') }
}
