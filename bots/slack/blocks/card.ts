import type { types } from '@slack/bolt'
import type { Card, CardStage } from '../../core/cards/notification.ts'
import type { Piece } from '../../core/reply.ts'
import { truncate } from '../../core/truncate.ts'
import { LIMITS } from '../limits.ts'
import { neutralise, printable } from '../text.ts'
import { actionButton } from './buttons.ts'
import { header, plain, richText, type SlackBlock } from './elements.ts'

const { plan: PLAN } = LIMITS

export const cardText = (card: Card) =>
  [
    `${neutralise(card.title)}: ${card.headline}`,
    ...card.stages.map((stage) => neutralise(stageLine(stage))),
  ].join('\n')

export function richCard(card: Card): SlackBlock[] {
  if (card.stages.length === 0) return plainCard(card)
  const plan: types.PlanBlock = {
    type: 'plan',
    title: truncate(card.headline, PLAN.title),
    tasks: card.stages.slice(0, PLAN.tasks).map(task),
  }
  return [header(card.title), plan, ...settings(card), buttons(card)]
}

export function plainCard(card: Card): SlackBlock[] {
  const stages = card.stages.map(stageLine).join('\n')
  return [
    header(card.title),
    plain(stages === '' ? card.headline : `${card.headline}\n${stages}`),
    ...settings(card),
    buttons(card),
  ]
}

/** What settings changed, with channels by their name. User text is escaped, since a channel needs markup. */
const settings = ({ settings: lines }: Card): SlackBlock[] =>
  lines.length === 0
    ? []
    : [
        {
          type: 'context',
          elements: lines.map((pieces) => ({
            type: 'mrkdwn',
            text: truncate(pieces.map(inMarkup).join(''), LIMITS.message.section),
            verbatim: true,
          })),
        },
      ]

const inMarkup = (piece: Piece): string =>
  typeof piece === 'string' ? neutralise(printable(piece)) : 'channel' in piece ? `<#${piece.channel}>` : ''

const TASK_STATUS = {
  pending: 'pending',
  active: 'in_progress',
  done: 'complete',
  failed: 'error',
} as const satisfies Record<CardStage['status'], types.TaskCardBlock['status']>

function task(stage: CardStage): types.TaskCardBlock {
  const details = [stage.detail, stage.duration].filter(Boolean)
  return {
    type: 'task_card',
    task_id: stage.stage,
    title: truncate(stage.label, PLAN.taskTitle),
    status: TASK_STATUS[stage.status],
    ...(details.length > 0 && {
      details: richText(truncate(printable(details.join(' · ')), PLAN.taskDetails)),
    }),
  }
}

const SIGN = { pending: '○', active: '◐', done: '●', failed: '✕' } as const

function stageLine({ status, label, detail, duration }: CardStage): string {
  const more = [detail, duration].filter(Boolean).join(' · ')
  return `${SIGN[status]} ${label}${more === '' ? '' : `: ${more}`}`
}

const buttons = ({ actions, jobId }: Card): types.ActionsBlock => ({
  type: 'actions',
  elements: actions.map((action) => actionButton(action, jobId)),
})
