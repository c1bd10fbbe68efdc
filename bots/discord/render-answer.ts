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

/** Characters reserved for the note about omitted lines. */
const RESERVE = 100

/**
 * Renders an answer as components. Text from users is neither formatted nor able to mention anyone. Pure.
 *
 * @param requestKey the saved request that the resend buttons refer to
 */
export function renderAnswer(
  { lines, buttons: presses }: Reply,
  requestKey: string | null = null,
): RenderedAnswer {
  const shown: string[] = []
  let remaining = LIMITS.message.text - RESERVE
  for (const line of lines) {
    const rendered = toMarkdown(line)
    remaining -= rendered.length + 1
    if (remaining < 0) break
    shown.push(rendered)
  }
  const omitted = lines.length - shown.length
  if (omitted > 0) shown.push(`-# ${omitted} more lines; the API returns all of them.`)
  const buttons = presses.flatMap((press) => toButton(press, requestKey))
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

function toButton(press: Button, requestKey: string | null): APIButtonComponentWithCustomId[] {
  switch (press.action) {
    // On a reply the user has already confirmed.
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
      return requestKey === null ? [] : [button(LABELS[press.action], customId(press.action, requestKey))]
  }
}

const LABELS = {
  send_again: 'Try again',
  send_in_dm: 'Send as a direct message',
  edit_request: 'Edit request',
} as const
