import type { APIComponentInContainer } from 'discord.js'
import type { Card, CardStage, ParentMessage, Notification } from '../core/cards/notification.ts'
import type { Piece } from '../core/reply.ts'
import { truncate } from '../core/truncate.ts'
import { actionRow, message, text, type DiscordMessage } from './elements.ts'
import { LIMITS } from './limits.ts'
import { plainPlan, richPlan } from './plan.ts'
import { plainResult, richResult } from './result.ts'
import { neutralise, printable } from './text.ts'

/** How much of a prompt the parent message shows; the job has all of it. */
const PROMPT_EXCERPT = 600
/** Characters reserved for what formatting adds. */
const RESERVE = 300

/**
 * Renders a notification as Components V2: a rich version first, then plain text in case Discord refuses the first as
 * invalid. Pure.
 */
export function renderDiscord(notification: Notification): readonly [DiscordMessage, ...DiscordMessage[]] {
  switch (notification.kind) {
    case 'parent-message':
      return [parentMessage(notification.parent)]
    case 'card':
      return [richCard(notification.card), plainCard(notification.card)]
    case 'plan':
      return [richPlan(notification.plan), plainPlan(notification.plan)]
    case 'result':
      return [richResult(notification.result), plainResult(notification.result)]
  }
}

function parentMessage({ requester, prompt, headline, state }: ParentMessage): DiscordMessage {
  const heading = requester === null ? 'New backend request' : `New backend request from <@${requester}>`
  const quote = neutralise(truncate(printable(prompt).trim(), PROMPT_EXCERPT)).replace(/^/gm, '> ')
  return message([text(`${heading}\n${quote}`), text(`-# ${neutralise(headline)}`)], state)
}

const SIGN = { pending: '⚪', active: '🔵', done: '🟢', failed: '🔴' } as const

function stageLine({ status, label, detail, duration }: CardStage): string {
  const more = [detail, duration].filter((part) => part !== null && part !== '').join(' · ')
  const name = status === 'active' ? `**${neutralise(label)}**` : neutralise(label)
  return `${SIGN[status]} ${name}${more === '' ? '' : `: ${neutralise(truncate(more, 200))}`}`
}

function richCard(card: Card): DiscordMessage {
  const parts: APIComponentInContainer[] = [
    text(`### ${neutralise(oneLine(card.title))}\n${neutralise(card.headline)}`),
    ...(card.stages.length === 0 ? [] : [text(card.stages.map(stageLine).join('\n'))]),
    ...(card.settings.length === 0 ? [] : [text(card.settings.map(settingLine).join('\n'))]),
    actionRow(card.actions, card.jobId),
  ]
  return message(parts, card.state)
}

const settingLine = (pieces: readonly Piece[]): string =>
  `-# ${pieces.map((piece) => (typeof piece === 'string' ? neutralise(piece) : 'channel' in piece ? `<#${piece.channel}>` : '')).join('')}`

function plainCard(card: Card): DiscordMessage {
  const lines = [
    neutralise(oneLine(card.title)),
    neutralise(card.headline),
    ...card.stages.map(({ label, status }) => `${neutralise(label)}: ${status}`),
    ...card.settings.map(settingLine),
  ]
  return message([
    text(truncate(lines.join('\n'), LIMITS.message.text - RESERVE)),
    actionRow(card.actions, card.jobId),
  ])
}

const oneLine = (value: string) => truncate(printable(value).replace(/\s+/g, ' ').trim(), 200)
