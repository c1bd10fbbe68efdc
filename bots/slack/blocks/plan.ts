import type { types } from '@slack/bolt'
import type { PlanAction, PlanCard } from '../../core/cards/notification.ts'
import { planSubject } from '../../core/plan/plan-subject.ts'
import { truncate } from '../../core/truncate.ts'
import { LIMITS } from '../limits.ts'
import { neutralise, printable } from '../text.ts'
import { actionButton, subjectButton } from './buttons.ts'
import { context, markup, plain, rich, type SlackBlock } from './elements.ts'
import { section, toElements } from './lines.ts'

/** For clients without blocks. */
export const planText = (plan: PlanCard): string =>
  [
    headline(plan),
    ...plan.lines.map(({ as, text }) => `${as === 'item' ? '• ' : ''}${neutralise(text)}`),
  ].join('\n')

export function richPlan(plan: PlanCard): SlackBlock[] {
  const { requester, title, says, by } = plan
  const elements: types.RichTextElement[] = [
    ...(requester === null ? [] : [{ type: 'user' as const, user_id: requester }, rich(' ')]),
    { ...rich(title), style: { bold: true } },
    rich(` ${says}${by === null ? end(says) : ' '}`),
    ...(by === null ? [] : [{ type: 'user' as const, user_id: by.userId }, rich('.')]),
  ]
  return [
    { type: 'rich_text', elements: [section(elements), ...toElements(plan.lines, '')] },
    ...pictureOf(plan),
    ...smallPrint(plan),
    ...buttons(plan),
  ]
}

export function plainPlan(plan: PlanCard): SlackBlock[] {
  const lines = plan.lines.filter(({ as }) => as !== 'small')
  return [
    markup(headline(plan)),
    ...(lines.length === 0
      ? []
      : [plain(lines.map(({ as, text }) => (as === 'item' ? `• ${text}` : text)).join('\n'))]),
    ...smallPrint(plan),
    ...buttons(plan),
  ]
}

function headline({ requester, title, says, by }: PlanCard): string {
  const who = requester === null ? '' : `<@${requester}> `
  return `${who}*${neutralise(printable(title))}* ${says}${by === null ? end(says) : ` <@${by.userId}>.`}`
}

const end = (says: string) => (says.endsWith('?') ? '' : '.')

const pictureOf = ({ picture, title }: PlanCard): SlackBlock[] =>
  picture === null
    ? []
    : [
        {
          type: 'image',
          slack_file: { id: picture },
          alt_text: truncate(`The entities of ${printable(title)} and their relations`, LIMITS.image.altText),
        },
      ]

const smallPrint = ({ lines }: PlanCard): SlackBlock[] =>
  lines.filter(({ as }) => as === 'small').map(({ text }) => context(printable(text)))

function buttons(plan: PlanCard): SlackBlock[] {
  const { jobId, version } = plan
  const answers = plan.answers.map(({ label, choice }): types.Button =>
    subjectButton(
      label,
      'answer_plan',
      planSubject({ jobId, version, answer: { question: 0, choice } }),
      choice,
    ),
  )
  return [
    ...(answers.length === 0 ? [] : [{ type: 'actions' as const, elements: answers }]),
    { type: 'actions', elements: plan.actions.map((action) => planButton(action, plan)) },
  ]
}

function planButton(action: PlanAction, { jobId, version }: PlanCard): types.Button {
  switch (action) {
    case 'approve':
      return {
        ...subjectButton('Approve', 'approve_plan', planSubject({ jobId, version })),
        style: 'primary',
      }
    case 'change':
      return subjectButton('Change', 'change_plan', planSubject({ jobId, version }))
    case 'cancel':
    case 'details':
      return actionButton(action, jobId)
  }
}
