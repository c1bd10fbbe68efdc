import type { GenerateOptions, PlanAnswer, PlanQuestion } from '#contract'
import type { DecidedPlan } from './plans.ts'

/** What was said about the plans of a job so far. */
export type PlanChanges = {
  /** One text for each change that says something in words, oldest first. */
  readonly words: readonly string[]
  /** Answers that are settings of the request. */
  readonly options: Pick<GenerateOptions, 'auth'>
}

/** The question whose choices are the setting `auth`. */
export const AUTH_QUESTION = 'sign-in'
const AUTH = ['none', 'jwt', 'apiKey'] as const

export function changesOfPlans(plans: readonly DecidedPlan[]): PlanChanges {
  let options: PlanChanges['options'] = {}
  const words: string[] = []
  for (const { decision, questions } of plans) {
    if (decision?.decision !== 'change') continue
    const said = decision.words === undefined ? [] : [decision.words]
    for (const answer of decision.answers ?? []) {
      const auth = answer.question === AUTH_QUESTION && AUTH.find((kind) => kind === answer.choice)
      if (auth) options = { auth }
      else said.push(...describeAnswer(answer, questions))
    }
    if (said.length > 0) words.push(said.join('\n'))
  }
  return { words, options }
}

function describeAnswer(
  { question, choice, text }: PlanAnswer,
  questions: readonly PlanQuestion[],
): string[] {
  const asked = questions.find(({ id }) => id === question)
  const answer = text ?? asked?.choices.find(({ id }) => id === choice)?.label
  return asked === undefined || answer === undefined ? [] : [`${asked.text} ${answer}`]
}

/** The request with everything that was said about its plans, for those who compare a result with it. */
export const withChanges = (prompt: string, { words }: PlanChanges): string =>
  words.length === 0 ? prompt : `${prompt}\n\nChanges to the plan:\n${words.join('\n')}`
