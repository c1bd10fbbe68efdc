import type { ChangeResponse, JobSummary, JobView } from '#contract'
import {
  makeReply,
  truncateLine,
  waitingPlan,
  item,
  buttonsFor,
  small,
  text,
  title,
  type Reply,
  type Line,
} from './reply.ts'
import { headlineOf } from './cards/card.ts'
import { failureOf } from './cards/failure.ts'
import { titleOf, titleOfPrompt } from './cards/phrases.ts'
import { factsOf } from './cards/result.ts'
import { LABEL } from './cards/stage-labels.ts'
import { COMMAND_NAME } from './commands.ts'

/** Replies about jobs, shared by every chat. Pure: job views in, platform-neutral replies out. */

const PROMPT_EXCERPT = 150
const LIST_TITLE = 60

/** How the commands are typed in a chat. */
export type CommandExamples = {
  readonly generate: string
  readonly form: string
  readonly list: string
  readonly status: string
  readonly cancel: string
  readonly retry: string
  readonly settings: string
  /** What else a chat offers, and what to know about its commands. */
  readonly notes: readonly string[]
}

export function helpReply(examples: CommandExamples): Reply {
  return makeReply([
    title('Describe a backend, get the code'),
    text(
      'Describe what you need. Within minutes the thread has a zip that installs, type-checks, boots and passes its own tests.',
    ),
    item({ code: examples.generate }, ' starts right away'),
    item({ code: examples.form }, ' opens a form with a name, authentication and an OpenAPI or SQL file'),
    item({ code: examples.list }, ' shows your jobs'),
    item({ code: examples.status }, ' shows the status of a job (defaults to your latest)'),
    item({ code: examples.cancel }, ' cancels a job (defaults to the one that is running)'),
    item({ code: examples.retry }, ' runs a failed or cancelled job again'),
    item(
      { code: examples.settings },
      ' shows the settings and house rules that apply here, and changes them',
    ),
    item('Mention the bot with a description, and optionally a file, to get the result in that thread.'),
    item(
      'To change a finished backend, mention the bot in its thread or press Refine, and describe the change.',
    ),
    ...examples.notes.map((note) => small(note)),
  ])
}

/** The answer to a greeting or thanks, which start nothing. */
export const smallTalkReply: Reply = makeReply([
  text(
    'Hi! Describe a backend and I build it, with tests that pass. Say ',
    { code: 'help' },
    ' for examples.',
  ),
])

export const isOpen = ({ state }: { state: JobView['state'] }) => state === 'waiting' || state === 'active'

/** What happens to a change that was asked for while a version is being made. */
export function changeNoted(
  { version }: Pick<JobView, 'version'>,
  { waiting, appliedBy }: ChangeResponse,
): Reply {
  if (appliedBy !== null)
    return makeReply(
      [text(`Version ${version} is ready, and I’m applying this now.`)],
      [{ action: 'job_details', jobId: appliedBy }],
    )
  const together = waiting > 1 ? ` That makes ${waiting} changes, which I apply together.` : ''
  return makeReply([text(`I’ll apply this once version ${version} is ready.${together}`)])
}

/** Asks which version to change. */
export const outdatedReply = (asked: Pick<JobView, 'version'>, newest: Pick<JobView, 'version'>): Reply =>
  makeReply(
    [
      text(
        `This is version ${asked.version}, and version ${newest.version} is newer. Change the newest one, or start a separate branch from version ${asked.version}?`,
      ),
    ],
    [{ action: 'refine_newest' }, { action: 'refine_branch' }],
  )

/** The state of a job, for use in a sentence. */
export function stateText(
  job: Pick<JobView, 'state' | 'progress' | 'needs'> & Pick<JobSummary, 'planVersion'>,
): string {
  switch (job.state) {
    case 'waiting':
      return waitingPlan(job) === undefined ? 'waiting' : 'waiting for a decision on its plan'
    case 'active':
      return `running, ${job.progress}%`
    case 'completed':
      return 'done'
    case 'failed':
      return 'failed'
    case 'cancelled':
      return 'cancelled'
  }
}

export function statusReply(view: JobView): Reply {
  const lines: Line[] = [
    title(truncateLine(titleOf(view), PROMPT_EXCERPT)),
    text([headlineOf(view), ...factsOf(view).slice(0, 2)].join(' · ')),
  ]
  const step = view.state === 'active' && view.steps.find(({ status }) => status === 'active')
  if (step)
    lines.push(
      text(`Now: ${LABEL[step.stage]}${step.detail === null ? '' : `, ${truncateLine(step.detail, 200)}`}`),
    )
  if (view.state === 'failed') {
    const { what, todo } = failureOf(view)
    lines.push(text(`${what}${todo === '' ? '' : ` ${todo}`}`))
  }
  return makeReply(lines, buttonsFor(view))
}

export function jobsReply(jobs: readonly JobSummary[], more: boolean): Reply {
  if (jobs.length === 0) {
    return makeReply([
      text('You have no jobs yet. Start one with ', { code: `${COMMAND_NAME} <what to build>` }, '.'),
    ])
  }
  return makeReply(
    [
      title('Your jobs, newest first'),
      ...jobs.map((job, at) =>
        text(`${at + 1}. ${truncateLine(titleOfPrompt(job.prompt), LIST_TITLE)} · ${stateText(job)}`),
      ),
      small('Press a number for the details of that job.'),
      ...(more ? [small('Older jobs aren’t shown here; the API lists them all.')] : []),
    ],
    jobs.map(({ jobId }, at) => ({ action: 'job_details', jobId, label: String(at + 1) })),
  )
}

/** Which of several running jobs to cancel. */
export const cancelChoices = (jobs: readonly JobSummary[]): Reply =>
  makeReply(
    [
      text(`You have ${jobs.length} running jobs. Which one should I cancel?`),
      ...jobs.map((job, at) =>
        text(`${at + 1}. ${truncateLine(titleOfPrompt(job.prompt), LIST_TITLE)} · ${stateText(job)}`),
      ),
    ],
    jobs.map(({ jobId }, at) => ({ action: 'cancel_job', jobId, label: `Cancel ${at + 1}` })),
  )
