import type { JobState, JobSummary, JobView } from '#contract'
import { jobId, recordOf } from '#contract/testing/samples'
import { otherJobId, summaryOf } from '../../../bots/testing/jobs.ts'
import { queued, refused, type ApiReply, type ApiStep } from '../../../bots/testing/scripted-api.ts'
import { planSubject } from '../../../bots/core/plan/plan-subject.ts'
import type { Talk, TalkOptions } from '../talk.ts'
import { PROMPT, UNFINISHED, aJob, aPlan, failed, finished, refined, running } from './samples.ts'

/** An answer to one person: what they do, what the API answers, and what they see. */
export type ReplyState = {
  readonly sheet: string
  readonly caption: string
  /** Where only one chat has it. */
  readonly only?: 'slack' | 'discord'
  readonly options?: Omit<TalkOptions, 'api'>
  readonly api?: 'unreachable' | ((talk: () => Talk) => readonly ApiStep[])
  readonly act: (talk: Talk) => Promise<void>
}

const reply =
  (body: unknown): (() => ApiReply) =>
  () => ({ body })
const generate = (answer: ApiReply): ApiStep => ({ 'POST /generate-backend': () => answer })
/** The two requests that load a job. */
const job = (talk: () => Talk, view: JobView): ApiStep => ({
  [`GET /jobs/${jobId}`]: reply(view),
  [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: talk().origin, prompt: view.prompt }) }),
})
const mine = (jobs: readonly JobSummary[], nextCursor: string | null = null): ApiStep => ({
  'GET /jobs': reply({ jobs, nextCursor }),
})
const inThread = (state: JobState): ApiStep => ({
  'GET /jobs?thread': reply({ jobs: [summaryOf({ state, prompt: PROMPT })], nextCursor: null }),
})
const summaries = (states: readonly [JobState, string][]) =>
  states.map(([state, prompt], index) =>
    summaryOf({ jobId: index === 0 ? jobId : `${otherJobId.slice(0, -1)}${index}`, state, prompt }),
  )
const planned = () => aJob({ needs: aPlan })
const OWN: [JobState, string][] = [
  ['active', PROMPT],
  ['completed', 'a library with books, authors and loans; members sign in'],
  ['failed', 'recipes with ingredients, steps and a rating'],
  ['cancelled', 'a todo app'],
]
const says = (command: string) => (talk: Talk) => talk.command(command)
const presses =
  (action: string, subject: string = jobId) =>
  (talk: Talk) =>
    talk.press(action, subject)

const COMMANDS: Omit<ReplyState, 'sheet'>[] = [
  { caption: 'help', act: says('help') },
  {
    caption: 'help, in the thread of a job',
    api: (talk) => [inThread('completed'), job(talk, finished(UNFINISHED))],
    act: (talk) => talk.write('help', { inThread: true }),
  },
  { caption: 'hi', act: (talk) => talk.write('hi there') },
  { caption: 'list', api: () => [mine(summaries(OWN), 'more')], act: says('list') },
  { caption: 'list, without jobs', api: () => [mine([])], act: says('list') },
  {
    caption: 'status of a job that waits',
    api: (talk) => [job(talk, aJob({ queue: { position: 3, estimateSeconds: 140 } }))],
    act: says(`status ${jobId}`),
  },
  {
    caption: 'status of a job that runs',
    api: (talk) => [job(talk, running('write', 41))],
    act: says(`status ${jobId}`),
  },
  {
    caption: 'status of a job that is done',
    api: (talk) => [job(talk, finished(UNFINISHED))],
    act: says(`status ${jobId}`),
  },
  {
    caption: 'status of a job that failed',
    api: (talk) => [
      job(
        talk,
        failed('model_timeout', 'The model did not answer within 120 seconds.', {
          error: {
            code: 'model_timeout',
            message: 'The model did not answer within 120 seconds.',
            hint: 'Try again, or raise OPENAI_TIMEOUT_MS on the worker.',
          },
        }),
      ),
    ],
    act: says(`status ${jobId}`),
  },
  {
    caption: 'cancel',
    api: (talk) => [
      mine(summaries(OWN.slice(0, 1))),
      job(talk, running('write', 41)),
      { [`DELETE /jobs/${jobId}`]: reply(aJob({ state: 'cancelled' })) },
    ],
    act: says('cancel'),
  },
  { caption: 'cancel, when nothing runs', api: () => [mine([])], act: says('cancel') },
  {
    caption: 'cancel, when several run',
    // Looked up again, with their prompts.
    api: () => Array.from({ length: 2 }, () => mine(summaries([OWN[0]!, ['waiting', 'a todo app']]))),
    act: says('cancel'),
  },
  {
    caption: 'cancel, when it has ended',
    api: (talk) => [job(talk, finished())],
    act: says(`cancel ${jobId}`),
  },
  { caption: 'Cancel, on a card', only: 'discord', act: presses('ask_cancel') },
  {
    caption: 'retry',
    api: (talk) => [
      job(talk, failed('model_timeout')),
      { 'POST /generate-backend': () => queued(otherJobId) },
    ],
    act: says(`retry ${jobId}`),
  },
  {
    caption: 'retry, again',
    api: (talk) => [
      job(talk, failed('model_timeout')),
      { 'POST /generate-backend': () => queued(otherJobId, { 'idempotency-replayed': 'true' }) },
    ],
    act: says(`retry ${jobId}`),
  },
  {
    caption: 'retry, after someone else did',
    api: (talk) => [
      job(talk, failed('model_timeout')),
      generate(refused(409, 'idempotency_conflict', 'The key was used for another request.')),
    ],
    act: says(`retry ${jobId}`),
  },
  { caption: 'retry, when nothing failed', api: () => [mine([])], act: says('retry') },
  {
    caption: 'retry, when it is still running',
    api: (talk) => [job(talk, running('write', 41))],
    act: says(`retry ${jobId}`),
  },
  {
    caption: 'retry, when it is done',
    api: (talk) => [job(talk, finished())],
    act: says(`retry ${jobId}`),
  },
]

const changes = `POST /jobs/${jobId}/changes`
const QUESTIONS: Omit<ReplyState, 'sheet'>[] = [
  { caption: 'May be a question', act: (talk) => talk.write('do you make APIs for libraries?') },
  {
    caption: 'May be a question about a backend',
    api: () => [inThread('completed')],
    act: (talk) => talk.write('does it have reviews?', { inThread: true }),
  },
  {
    caption: 'A change while it runs',
    api: (talk) => [
      inThread('active'),
      job(talk, running('write', 41)),
      { [changes]: () => ({ status: 202, body: { message: '', jobId, waiting: 1, appliedBy: null } }) },
    ],
    act: (talk) => talk.write('add suppliers', { inThread: true }),
  },
  {
    caption: 'Another one',
    api: (talk) => [
      inThread('active'),
      job(talk, running('write', 41)),
      { [changes]: () => ({ status: 202, body: { message: '', jobId, waiting: 2, appliedBy: null } }) },
    ],
    act: (talk) => talk.write('add tags to products', { inThread: true }),
  },
  {
    caption: 'A change as the version becomes ready',
    api: (talk) => [
      inThread('active'),
      job(talk, running('pack', 98)),
      { [changes]: () => ({ status: 202, body: { message: '', jobId, waiting: 1, appliedBy: otherJobId } }) },
    ],
    act: (talk) => talk.write('add suppliers', { inThread: true }),
  },
  {
    caption: 'A change of an older version',
    api: (talk) => [
      job(talk, finished()),
      {
        'GET /jobs?parent': reply({
          jobs: [summaryOf({ jobId: otherJobId, state: 'completed', version: 2, parent: jobId })],
          nextCursor: null,
        }),
      },
    ],
    act: (talk) => talk.refine(jobId, 'add suppliers'),
  },
  {
    caption: 'Files, one of which is not read',
    api: () => [generate(queued(jobId))],
    act: (talk) =>
      talk.write('a bike shop like in my notes', {
        files: { 'schema.sql': 'create table bikes (id int)', 'notes.md': 'Used bikes.', 'scan.pdf': '%PDF' },
      }),
  },
  { caption: '“build this”, about nothing', act: (talk) => talk.write('build this') },
  { caption: 'Build a backend from an empty message', act: (talk) => talk.buildFromMessage('') },
  {
    caption: 'A change with a file',
    api: () => [inThread('completed')],
    act: (talk) =>
      talk.write('add this', { inThread: true, files: { 'schema.sql': 'create table bikes (id int)' } }),
  },
  {
    caption: 'In a thread that cannot be read',
    options: { unreadable: true },
    act: (talk) => talk.write('a todo app', { inThread: true }),
  },
]

const LIMIT =
  'You have requested 20 backends today; the limit is 20 a day. Resets at 00:00 UTC, in 9 h 3 min.'
const later = (answer: ApiReply, seconds: number): ApiReply => ({
  ...answer,
  headers: { 'retry-after': String(seconds) },
})
const refuses = (caption: string, answer: ApiReply): Omit<ReplyState, 'sheet'> => ({
  caption,
  api: () => [generate(answer)],
  act: says('a todo app'),
})
const REFUSALS: Omit<ReplyState, 'sheet'>[] = [
  refuses('The limit of a day is reached', later(refused(429, 'jobs_per_day', LIMIT), 9 * 3_600)),
  refuses(
    'The limit of jobs at once is reached',
    later(
      refused(
        429,
        'jobs_at_once',
        'You have 3 open jobs; the limit is 3 at once. Wait for one to finish, or cancel one.',
      ),
      30,
    ),
  ),
  refuses('What it costs is not known', later(refused(429, 'cost_unknown', 'For operators.'), 9 * 3_600)),
  refuses('The bot is not let in', refused(401, 'key_missing', 'For operators.')),
  refuses(
    'The description is too long',
    refused(400, 'invalid_request', '', ['prompt has 20,001 characters, but at most 20,000 are accepted.']),
  ),
  refuses(
    'A message that was edited later',
    refused(409, 'idempotency_conflict', 'The key was used for another request.'),
  ),
  refuses('The answer was lost', refused(500, 'internal_error', 'For operators.')),
  { caption: 'The service is away', api: 'unreachable', act: says('list') },
  {
    caption: 'A file of a kind that is not read',
    act: (talk) => talk.write('', { files: { 'photo.png': 'x' } }),
  },
  {
    caption: 'An empty file',
    act: (talk) => talk.write('a shop', { files: { 'schema.sql': ' ' } }),
  },
  {
    caption: 'A version that failed is refined',
    api: (talk) => [
      job(talk, failed('model_timeout')),
      {
        [`POST /jobs/${jobId}/refine`]: () =>
          refused(409, 'job_failed', 'The job failed, so there is nothing to refine.'),
      },
    ],
    act: (talk) => talk.refine(jobId, 'add suppliers'),
  },
  {
    caption: 'Someone else’s job',
    api: (talk) => [job(talk, running('write', 41))],
    act: (talk) => talk.press('cancel_job', jobId, 'stranger'),
  },
  {
    caption: 'A job that is gone',
    api: () => [
      {
        [`GET /jobs/${jobId}`]: () => refused(404, 'job_not_found', 'No job has this id.'),
        [`GET /jobs/${jobId}/request`]: () => refused(404, 'job_not_found', 'No job has this id.'),
      },
    ],
    act: says(`status ${jobId}`),
  },
  { caption: 'An id that is mistyped', act: says('status 01jd8q4x7zk') },
  { caption: 'A button from before', act: presses('send_again', 'from-before') },
  {
    caption: 'A person who is not allowed',
    options: { closed: 'users' },
    act: says('a todo app'),
  },
  { caption: 'A channel that is not allowed', options: { closed: 'channels' }, act: says('a todo app') },
  {
    caption: 'A channel where the bot cannot write',
    options: { outside: true },
    act: says('a todo app'),
  },
  {
    caption: 'Send it as a direct message, after that',
    options: { outside: true },
    api: () => [generate(queued(jobId))],
    act: async (talk) => {
      await talk.command('a todo app')
      await talk.shown()
      await talk.pressShown('send_in_dm')
    },
  },
]

/** Approving a plan of a job like this; `answer` is the API's, where it is asked. */
const approving = (caption: string, view: () => JobView, answer?: ApiReply): Omit<ReplyState, 'sheet'> => ({
  caption,
  api: (talk) => [
    job(talk, view()),
    ...(answer === undefined ? [] : [{ [`POST /jobs/${jobId}/plan`]: () => answer }]),
  ],
  act: presses('approve_plan', planSubject({ jobId, version: 1 })),
})
const nothingWaits = refused(409, 'no_plan', 'The job has no plan that waits.')
const PLAN_ANSWERS: Omit<ReplyState, 'sheet'>[] = [
  approving('A plan is approved', planned, { body: planned() }),
  approving(
    'An older plan is approved',
    () => aJob({ needs: { ...aPlan, plan: { ...aPlan.plan, version: 2 } } }),
    refused(409, 'plan_outdated', 'Plan 2 is newer.'),
  ),
  approving('It is being built', () => running('write', 41), nothingWaits),
  approving('It is designed again', () => running('design', 12), nothingWaits),
  approving('It is built already', () => finished()),
  approving('It was cancelled', () => aJob({ state: 'cancelled' })),
  approving('It failed', () => failed('model_timeout')),
  approving('Nobody decided in time', () => failed('plan_expired')),
  approving('It ended just now', planned, refused(409, 'job_finished', 'The job has ended.')),
  {
    caption: 'approve, before there is a plan',
    api: (talk) => [inThread('active'), job(talk, running('design', 12))],
    act: (talk) => talk.write('approve', { inThread: true }),
  },
]

const DETAILS: Omit<ReplyState, 'sheet'>[] = [
  {
    caption: 'Details, first page',
    api: (talk) => [job(talk, finished(UNFINISHED))],
    act: presses('job_details'),
  },
  {
    caption: 'Details, second page',
    api: (talk) => [job(talk, finished(UNFINISHED))],
    act: presses('next_page', `${jobId}.1`),
  },
  {
    caption: 'Details of a next version, which deletes data',
    api: (talk) => [job(talk, refined())],
    act: presses('job_details'),
  },
  {
    caption: 'Details of a plan',
    api: (talk) => [job(talk, planned())],
    act: presses('job_details'),
  },
  {
    caption: 'Details of a job that runs',
    api: (talk) => [job(talk, running('write', 41))],
    act: presses('job_details'),
  },
  {
    caption: 'Details of a job that failed',
    api: (talk) => [
      job(
        talk,
        failed('model_timeout', '', {
          error: {
            code: 'model_timeout',
            message: 'The model did not answer within 120 seconds.',
            hint: 'Try again, or raise OPENAI_TIMEOUT_MS on the worker.',
          },
        }),
      ),
    ],
    act: presses('job_details'),
  },
]

const HOME: Omit<ReplyState, 'sheet'>[] = [
  {
    caption: 'The app’s Home',
    only: 'slack',
    api: () => [mine(summaries(OWN))],
    act: (talk) => talk.openHome(),
  },
  {
    caption: 'Home, while the service is away',
    only: 'slack',
    api: 'unreachable',
    act: (talk) => talk.openHome(),
  },
]

const FORMS: Omit<ReplyState, 'sheet'>[] = [
  { caption: 'A new backend', act: says('') },
  {
    caption: 'Change it, after a refusal',
    api: () => [generate(refused(400, 'invalid_request', '', ['The description has no noun to store.']))],
    act: async (talk) => {
      await talk.command('make something great')
      await talk.shown()
      await talk.pressShown('edit_request')
    },
  },
  { caption: 'Refine', api: (talk) => [job(talk, finished())], act: presses('refine_job') },
  {
    caption: 'Change a plan',
    api: (talk) => [job(talk, planned())],
    act: presses('change_plan', planSubject({ jobId, version: 1 })),
  },
]

const on = (sheet: string, states: readonly Omit<ReplyState, 'sheet'>[]): ReplyState[] =>
  states.map((state) => ({ ...state, sheet }))

export const REPLY_STATES: readonly ReplyState[] = [
  ...on('commands', COMMANDS),
  ...on('questions', QUESTIONS),
  ...on('refusals', REFUSALS),
  ...on('decisions', PLAN_ANSWERS),
  ...on('details', DETAILS),
  ...on('forms', FORMS),
  ...on('home', HOME),
]
