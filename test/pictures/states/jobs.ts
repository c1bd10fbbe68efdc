import type { JobNeeds, JobState } from '#contract'
import { noUsage } from '#contract/testing/samples'
import { slackOrigin } from '../../../bots/testing/jobs.ts'
import { changeNotes } from '../../../bots/core/cards/change-notes.ts'
import { toCard } from '../../../bots/core/cards/card.ts'
import { FAILURE_CODES } from '../../../bots/core/cards/failure.ts'
import type { Notification, Result, ResultArchive } from '../../../bots/core/cards/notification.ts'
import { toParentMessage } from '../../../bots/core/cards/parent-message.ts'
import { toPlanCard, type PlanEnd } from '../../../bots/core/cards/plan-card.ts'
import { toResult } from '../../../bots/core/cards/result.ts'
import {
  PICTURE,
  UNFINISHED,
  aJob,
  aPlan,
  aShop,
  failed,
  finished,
  refined,
  running,
  stepsUntil,
} from './samples.ts'

/** A message about a job in one state, before it is rendered for a chat. */
export type JobMessage = { readonly sheet: string; readonly caption: string; readonly message: Notification }

/** Each chat has another name for the person who asks. */
const REQUESTER = 'requester'
export function askedBy(userId: string, message: Notification): Notification {
  switch (message.kind) {
    case 'parent-message':
      return { ...message, parent: { ...message.parent, requester: userId } }
    case 'card':
      return message
    case 'plan': {
      const { requester, by } = message.plan
      return {
        ...message,
        plan: { ...message.plan, requester: requester && userId, by: by && { userId } },
      }
    }
    case 'result':
      return { ...message, result: { ...message.result, requester: userId } }
  }
}

const parent = (view: Parameters<typeof toParentMessage>[0]): Notification => ({
  kind: 'parent-message',
  parent: toParentMessage(view, REQUESTER),
})
const card = (view: Parameters<typeof toCard>[0]): Notification => ({ kind: 'card', card: toCard(view) })
const result = (
  ...[view, archive, notes]: [Parameters<typeof toResult>[0], ResultArchive | null, string[]?]
) => ({ kind: 'result', result: toResult(view, REQUESTER, archive, notes) }) satisfies Notification

const filename = 'bike-shop.zip'
const ATTACHED: ResultArchive = { filename, at: 'message' }
const unfinished = finished(UNFINISHED)
const cancelled = running('verify', 64, {
  state: 'cancelled',
  finishedAt: '2026-11-23T10:25:10.000Z',
  ledger: { ...noUsage, calls: 4, inputTokens: 12_000, outputTokens: 4_000, costUsd: 0.0912 },
})

type Named = Readonly<Record<string, Notification>>

/** In the channel, in every state. A new state without a picture does not compile. */
const PARENTS = {
  waiting: { 'It waits': parent(aJob()) },
  active: { 'It runs': parent(running('design', 12)) },
  completed: {
    'It is done': parent(finished()),
    'It is done, with a part that is not built': parent(unfinished),
  },
  failed: { 'It failed': parent(failed('model_timeout')) },
  cancelled: { 'It was cancelled': parent(cancelled) },
} satisfies Record<JobState, Named>

const CARDS = {
  waiting: {
    'Next in line': card(aJob({ queue: { position: 1, estimateSeconds: 0 } })),
    'Others are ahead': card(aJob({ queue: { position: 3, estimateSeconds: 140 } })),
  },
  active: {
    'The model designs it': card(
      running('design', 12, { steps: stepsUntil('design', '1,240 tokens received') }),
    ),
    'Its own operations are written': card(
      running('write', 41, { steps: stepsUntil('write', '1 of 3 operations, 860 tokens received') }),
    ),
    'It is tested, after a worker was lost': card(running('verify', 64, { attempt: 2 })),
  },
  completed: {
    'It is done': card(finished()),
    'It is done, with a part that is not built': card(unfinished),
  },
  failed: { 'It failed': card(failed('model_timeout')) },
  cancelled: { 'It was cancelled': card(cancelled) },
} satisfies Record<JobState, Named>

const planCard = (needs: JobNeeds, end: PlanEnd | null, picture: string | null = null): Notification => ({
  kind: 'plan',
  plan: toPlanCard(aJob(), needs, { requester: REQUESTER, picture, end }),
})
const PLANS: Named = {
  'It asks for a decision': planCard(aPlan, null),
  'With a diagram': planCard({ ...aPlan, questions: [] }, null, PICTURE),
  'It was approved': planCard(aPlan, { kind: 'approve', by: slackOrigin }),
  'It was approved over the API': planCard(aPlan, { kind: 'approve', by: null }),
  'It is changed': planCard(aPlan, {
    kind: 'change',
    by: slackOrigin,
    words: 'Reviews are anonymous, and a product has several photos.',
    isLast: false,
  }),
  'Nobody decided': planCard(aPlan, { kind: 'expire' }),
  'It was cancelled': planCard(aPlan, { kind: 'cancel' }),
}

const RESULTS: Named = {
  'All of it was built': result(finished({ assumptions: [], settings: [] }), ATTACHED),
  'A part is not built': result(unfinished, ATTACHED),
  'Much is left to do': result(
    finished({
      gaps: [
        ...UNFINISHED.gaps!,
        { operation: 'POST /orders/:id/refund', reason: 'its tests still failed after 3 rounds of repair' },
        { operation: 'remindCustomers', reason: 'the request does not say what the reminder says' },
      ],
      notUnderstood: ['make it pop', 'like the big ones do it', 'and AI'],
      settings: [
        { name: 'JWT_SECRET', description: 'signs the tokens' },
        { name: 'MAIL_API_KEY', description: 'of the mail service' },
      ],
    }),
    ATTACHED,
  ),
  'The next version, which deletes data': result(refined(), ATTACHED),
  'Without a model': result(
    finished({
      designer: { kind: 'offline', model: null },
      ledger: noUsage,
      settings: [],
      repairRounds: 0,
      assumptions: ['Assumed fields for Todo: title, description, completed, dueDate.'],
      title: 'Todo API',
      entities: [{ name: 'Todo', fields: ['title'] }],
      routes: aShop().routes.slice(2, 8),
      mutants: undefined,
    }),
    { filename: 'todo-api.zip', at: 'message' },
  ),
  'Its tests did not run': result(
    finished({
      settings: [],
      mutants: undefined,
      verification: { ...aShop().verification, tests: { passed: 0, failed: 0, skipped: 0 } },
    }),
    ATTACHED,
  ),
  'Changes were asked for meanwhile': result(
    finished(),
    ATTACHED,
    changeNotes(finished(), [{ prompt: 'add tags' }, { prompt: 'add suppliers' }]),
  ),
}

/** Where the archive is, if not in the result itself. */
const ARCHIVES = {
  message: {},
  thread: { 'The archive is in a message above': result(finished(), { filename, at: 'thread' }) },
  link: {
    'The archive is too large': result(finished(), {
      filename,
      at: 'link',
      url: 'https://backends.example.com/jobs/01jd8q4x7zk3m5n9p2r6s8t0vw/archive?sig=0f3a',
      until: '30 November 2026',
      why: 'The archive is too large to attach here.',
    }),
  },
  api: {
    'The archive is at the API': result(finished(), {
      filename,
      at: 'api',
      why: 'The archive could not be attached here.',
    }),
  },
  nowhere: {
    'The archive is gone': result(finished(), {
      filename,
      at: 'nowhere',
      why: 'The archive has expired. Ask for the backend again.',
    }),
  },
} satisfies Record<ResultArchive['at'], Named>

const failureText = ({ lines, actions }: Result) => JSON.stringify([lines, actions])

/** Every failure with words of its own, once; then those in the words of the API. */
function failures(): Named {
  const all = new Map<string, readonly [string, Notification]>()
  for (const code of FAILURE_CODES) {
    const made = result(failed(code), null)
    const key = failureText(made.result)
    if (!all.has(key)) all.set(key, [code, made])
  }
  return {
    ...Object.fromEntries(all.values()),
    verification_failed: result(failed('verification_failed'), null),
    'verification_failed, without a model': result(
      failed('verification_failed', '', { ledger: noUsage }),
      null,
    ),
    spec_invalid: result(
      failed('spec_invalid', 'Line 14: "/orders" has no answer that is described.', {
        error: {
          code: 'spec_invalid',
          message: 'Line 14 of the document: the operation GET /orders has no responses.',
          hint: 'Add one, then send it again.',
        },
        ledger: noUsage,
      }),
      null,
    ),
    'It failed, and changes were asked for meanwhile': result(
      failed('model_timeout'),
      null,
      changeNotes(failed('model_timeout'), [{ prompt: 'add tags' }, { prompt: 'add suppliers' }]),
    ),
    'It was cancelled': result(cancelled, null),
    'It was cancelled, and a change was asked for meanwhile': result(
      cancelled,
      null,
      changeNotes(cancelled, [{ prompt: 'add tags' }]),
    ),
  }
}

const sheetOf = (sheet: string, ...groups: readonly Named[]): JobMessage[] =>
  groups.flatMap((group) => Object.entries(group).map(([caption, message]) => ({ sheet, caption, message })))

/** A new kind of message is added as a sheet of its own; without one, this does not compile. */
const SHEETS = {
  'parent-message': sheetOf('channel', ...Object.values(PARENTS)),
  card: sheetOf('card', ...Object.values(CARDS)),
  plan: sheetOf('plan', PLANS),
  result: [...sheetOf('result', RESULTS, ...Object.values(ARCHIVES)), ...sheetOf('failure', failures())],
} satisfies Record<Notification['kind'], JobMessage[]>

export const JOB_MESSAGES: readonly JobMessage[] = Object.values(SHEETS).flat()
/** The finished thread that stands at the top of the README. */
export const THREAD = {
  parent: parent(unfinished),
  card: card(unfinished),
  result: result(unfinished, ATTACHED),
}
export const BUILDING: Notification = CARDS.active['Its own operations are written']
