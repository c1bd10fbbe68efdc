import {
  ButtonStyle,
  MessageFlags,
  type APIButtonComponentWithCustomId,
  type APIMessageTopLevelComponent,
} from 'discord.js'
import type { Reply, Line, Piece, Button } from '../core/reply.ts'
import { actionButton, button, row, text } from './components.ts'
import { customId } from './custom-id.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { inCode, neutralise } from './text.ts'

export type RenderedAnswer = {
  readonly flags: number
  readonly components: APIMessageTopLevelComponent[]
  readonly allowed_mentions: { readonly parse: [] }
}

/** Room for the note that lines were left out. */
const RESERVE = 100

/**
 * An answer as components, in which nothing that people wrote is formatted or calls anybody. Pure.
 *
 * @param kept what the buttons that send a request again stand for
 */
export function renderAnswer({ lines, buttons: presses }: Reply, kept: string | null = null): RenderedAnswer {
  const shown: string[] = []
  let room = LIMITS.message.text - RESERVE
  for (const line of lines) {
    const rendered = toMarkdown(line)
    room -= rendered.length + 1
    if (room < 0) break
    shown.push(rendered)
  }
  const left = lines.length - shown.length
  if (left > 0) shown.push(`-# ${left} lines did not fit; the API has them all.`)
  const buttons = presses.flatMap((press) => toButton(press, kept))
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [text(shown.join('\n')), ...(buttons.length === 0 ? [] : [row(buttons)])],
    allowed_mentions: { parse: [] },
  }
}

function toMarkdown({ as, text: pieces }: Line): string {
  const words = pieces.map(toPiece).join('')
  switch (as) {
    case 'title':
      return `**${words}**`
    case 'text':
      return words
    case 'item':
      return `- ${words}`
    case 'small':
      return `-# ${words}`
  }
}

function toPiece(piece: Piece): string {
  if (typeof piece === 'string') return neutralise(truncate(piece, 1_500))
  if ('code' in piece) return `\`${inCode(truncate(piece.code, 500))}\``
  if ('user' in piece) return `<@${piece.user}>`
  if ('group' in piece) return `<@&${piece.group}>`
  return `<#${piece.channel}>`
}

function toButton(press: Button, kept: string | null): APIButtonComponentWithCustomId[] {
  switch (press.action) {
    // Who reads an answer asked for it: one more question would be one too many.
    case 'cancel_job':
      return [button('Cancel', customId('cancel_job', press.jobId), ButtonStyle.Danger)]
    case 'retry_job':
      return [actionButton('retry', press.jobId)]
    case 'refine_job':
      return [actionButton('refine', press.jobId)]
    case 'job_details':
      return [actionButton('details', press.jobId)]
    case 'send_again':
    case 'send_in_dm':
    case 'edit_request':
      return kept === null ? [] : [button(LABELS[press.action], customId(press.action, kept))]
  }
}

const LABELS = {
  send_again: 'Try again',
  send_in_dm: 'Send it as a direct message',
  edit_request: 'Change it',
} as const
