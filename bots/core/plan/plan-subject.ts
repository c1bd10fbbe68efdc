/** What the buttons of a plan carry: the job, the version of the plan, and the answer to a question by its places. */
export type PlanSubject = {
  readonly jobId: string
  readonly version: number
  readonly answer: { readonly question: number; readonly choice: number } | null
}

export const planSubject = ({
  jobId,
  version,
  answer = null,
}: Omit<PlanSubject, 'answer'> & Partial<Pick<PlanSubject, 'answer'>>): string =>
  [jobId, version, ...(answer === null ? [] : [answer.question, answer.choice])].join('.')

/** Reads what `planSubject` wrote; null for anything else. The ID of the job is unvalidated. */
export function readPlanSubject(subject: string): PlanSubject | null {
  const [, jobId = '', version = '', question, choice] =
    /^([0-9a-z]{1,40})\.(\d{1,2})(?:\.(\d)\.(\d))?$/.exec(subject) ?? []
  if (jobId === '') return null
  const answer = question === undefined ? null : { question: Number(question), choice: Number(choice) }
  return { jobId, version: Number(version), answer }
}

/** A choice in a form names its question, so that the form needs no other memory. */
const ASSUMED = 'assumed'
export const choiceValue = (question: string, choice: { id: string; assumed: boolean }): string =>
  [question, choice.id, ...(choice.assumed ? [ASSUMED] : [])].join(':')

/** What a submitted form says; null if it only repeats what the plan assumes. */
export function readPlanForm(
  values: readonly string[],
  words: string,
): { readonly words?: string; readonly answers?: { question: string; choice: string }[] } | null {
  const chosen = values.map((value) => value.split(':') as [string, string, string?])
  const isChanged = chosen.some(([, , assumed]) => assumed !== ASSUMED)
  const said = words.trim()
  if (!isChanged && said === '') return null
  const answers = chosen.map(([question, choice]) => ({ question, choice }))
  return { ...(said !== '' && { words: said }), ...(answers.length > 0 && { answers }) }
}
