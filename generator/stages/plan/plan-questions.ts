import type { Blueprint, PlanQuestion } from '#contract'
import type { Intent } from '../../designers/designer.ts'
import { AUTH_QUESTION } from '#store/plan-changes'

const MAX_QUESTIONS = 3
const CLOSED_TO_SIGN_IN =
  /\b(?:no|without(?: an?y?)?)\s+(?:\w+\s+)?(?:auth\w*|log-?ins?|sign(?:ing)?[- ]?ins?|accounts?)\b/i

/**
 * The questions of a plan: those of the design, and who may use the backend where neither the request nor a setting says so.
 * Only the first are a reason to stop.
 */
export function planQuestions({
  asked,
  blueprint,
  intent,
  isNew,
}: {
  readonly asked: readonly PlanQuestion[]
  readonly blueprint: Blueprint
  readonly intent: Intent
  /** A next version keeps how people sign in. */
  readonly isNew: boolean
}): PlanQuestion[] {
  const isOpen =
    isNew &&
    blueprint.auth.kind === 'none' &&
    intent.options.auth === undefined &&
    blueprint.entities.length > 0 &&
    !CLOSED_TO_SIGN_IN.test(intent.prompt)
  return [...asked, ...(isOpen ? [signIn] : [])].slice(0, MAX_QUESTIONS)
}

/** The ids of its choices are those of the option `auth`. */
const signIn: PlanQuestion = {
  id: AUTH_QUESTION,
  text: 'Who may use it?',
  choices: [
    { id: 'none', label: 'Everyone, without signing in', assumed: true },
    { id: 'jwt', label: 'People with an account', assumed: false },
    { id: 'apiKey', label: 'Programs with an API key', assumed: false },
  ],
  freeText: false,
}
