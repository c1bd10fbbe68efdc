import { styleText } from 'node:util'
import type { JobNeeds, Plan, PlanDecision, PlanQuestion } from '#contract'

/** Formats a plan for the terminal, and reads what a person decides about it. Pure. */

/** An answer fits no question of the plan. */
export class UnknownAnswerError extends Error {
  override readonly name = 'UnknownAnswerError'
  readonly code = 'unknown_answer'
  constructor(answer: string) {
    super(`There is no answer ${answer}.`)
  }
}

export function planText({ plan, questions }: JobNeeds): string {
  return [
    '',
    `${styleText('bold', `Plan ${plan.version}: ${plan.title}`)}`,
    ...plan.reasons.map((reason) => `  ${reason}`),
    '',
    'Entities',
    ...plan.entities.map(
      ({ name, fields, relations }) =>
        `  ${styleText('bold', name)}: ${[
          ...fields.map((field) => `${field.name}${field.required ? '' : '?'}`),
          ...relations.map(({ target, kind, required }) =>
            kind === 'many' ? `→ many ${target}` : `→ ${target}${required ? '' : '?'}`,
          ),
        ].join(', ')}`,
    ),
    '',
    'Routes',
    ...plan.routes.map(({ resource, routes }) => `  ${resource}: ${routesText(routes)}`),
    ...list('Rules', plan.rules),
    ...list('Assumptions', plan.assumptions),
    ...list('Not in the plan', plan.notUnderstood),
    ...(questions.length === 0 ? [] : ['', 'Questions', ...questions.flatMap(questionLines)]),
    '',
    estimateText(plan),
  ].join('\n')
}

export const HOW_TO_DECIDE = 'Type "approve", "cancel", answers such as "1b", or what to change.'

/** Where nobody can be asked. */
export const howToDecide = (jobId: string, version: number): string =>
  [
    'The job waits for your decision. With the API running (npm start):',
    `  curl localhost:8080/jobs/${jobId}/plan -H 'content-type: application/json' -d '{"decision": "approve", "version": ${version}}'`,
  ].join('\n')

/** Null for an empty line. Throws an error that says which answer fits no question. */
export function readDecision(line: string, { plan, questions }: JobNeeds): PlanDecision | 'cancel' | null {
  const { version } = plan
  const text = line.trim()
  if (text === '') return null
  if (/^(a|approve|y|yes|ok)$/i.test(text)) return { decision: 'approve', version }
  if (/^(cancel|q|quit)$/i.test(text)) return 'cancel'
  if (!/^(\d[a-z][\s,]*)+$/i.test(text)) return { decision: 'change', version, words: text }
  const answers = [...text.toLowerCase().matchAll(/(\d)([a-z])/g)].map(([answer, number, letter]) => {
    const question = questions[Number(number) - 1]
    const choice = question?.choices[letter!.charCodeAt(0) - 97]
    if (question === undefined || choice === undefined) throw new UnknownAnswerError(answer)
    return { question: question.id, choice: choice.id }
  })
  return { decision: 'change', version, answers }
}

function questionLines({ text, choices }: PlanQuestion, at: number): string[] {
  return [
    `  ${at + 1}. ${oneLine(text)}`,
    ...choices.map(
      ({ label, assumed }, choice) =>
        `     ${String.fromCharCode(97 + choice)}) ${oneLine(label)}${assumed ? ' (assumed)' : ''}`,
    ),
  ]
}

/** `GET, POST /todos; GET /todos/:id`. */
function routesText(routes: Plan['routes'][number]['routes']): string {
  const byPath = Map.groupBy(routes, ({ path }) => path)
  return [...byPath]
    .map(([path, same]) => `${same.map(({ method }) => method).join(', ')} ${path}`)
    .join('; ')
}

function estimateText({ estimate, expiresAt }: Plan): string {
  const { costUsd, seconds, basis } = estimate
  const cost =
    costUsd === null
      ? 'cost unknown'
      : costUsd.to === 0
        ? 'no cost'
        : `$${costUsd.from.toFixed(2)} to $${costUsd.to.toFixed(2)}`
  return `Estimate: ${cost}, ${seconds.from} to ${seconds.to} s. ${basis}\nThe plan waits until ${expiresAt}.`
}

const list = (title: string, items: readonly string[]) =>
  items.length === 0 ? [] : ['', title, ...items.map((item) => `  - ${oneLine(item)}`)]

/** Text from a prompt must not contain control characters. */
// eslint-disable-next-line no-control-regex -- that is what is taken out
const oneLine = (text: string) => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim()
