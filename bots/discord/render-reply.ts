import {
  ButtonStyle,
  MessageFlags,
  type APIButtonComponentWithCustomId,
  type APIMessageTopLevelComponent,
} from 'discord.js'
import { planSubject } from '../core/plan/plan-subject.ts'
import { pageSubject } from '../core/details/pages.ts'
import { REQUEST_LABELS, type Reply, type Line, type Piece, type Button } from '../core/reply.ts'
import { actionButton, button, row, text } from './elements.ts'
import { customId } from './custom-id.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { inCode, neutralise } from './text.ts'

export type RenderedReply = {
  readonly flags: number
  readonly components: APIMessageTopLevelComponent[]
  readonly allowed_mentions: { readonly parse: [] }
}

/** Characters reserved for the note about omitted lines. */
const RESERVE = 100

/**
 * Renders a reply as components. Text from users is neither formatted nor able to mention anyone. Pure.
 *
 * @param requestKey the saved request that the resend buttons refer to
 */
export function renderReply({ lines, buttons }: Reply, requestKey: string | null = null): RenderedReply {
  const shown: string[] = []
  let remaining = LIMITS.message.text - RESERVE
  let fitting = 0
  for (const group of groupLines(lines)) {
    const markdown = group[0]!.as === 'code' ? toCodeBlock(group) : group.map(toMarkdown).join('\n')
    remaining -= markdown.length + 1
    if (remaining < 0) break
    shown.push(markdown)
    fitting += group.length
  }
  const omitted = lines.length - fitting
  if (omitted > 0) shown.push(`-# ${omitted} more lines don’t fit here; the API has them all.`)
  const rendered = buttons.flatMap((one) => toButton(one, requestKey))
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [text(shown.join('\n')), ...rowsOf(rendered)],
    allowed_mentions: { parse: [] },
  }
}

function rowsOf(buttons: APIButtonComponentWithCustomId[]) {
  const size = LIMITS.message.rowButtons
  return Array.from({ length: Math.ceil(buttons.length / size) }, (_, at) =>
    row(buttons.slice(at * size, (at + 1) * size)),
  )
}

/** Consecutive lines of code are one group, every other line is one of its own. */
function groupLines(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (line.as === 'code' && last?.[0]?.as === 'code') last.push(line)
    else groups.push([line])
  }
  return groups
}

const toCodeBlock = (lines: readonly Line[]): string =>
  `\`\`\`\n${lines.map(({ text: pieces }) => inCode(pieces.map(String).join(''))).join('\n')}\n\`\`\``

function toMarkdown({ as, text: pieces }: Line): string {
  const content = pieces.map(toPiece).join('')
  switch (as) {
    case 'title':
      return `**${content}**`
    case 'text':
    case 'code':
      return content
    case 'item':
      return `- ${content}`
    case 'small':
      return `-# ${content}`
  }
}

function toPiece(piece: Piece): string {
  if (typeof piece === 'string') return neutralise(truncate(piece, 1_500))
  if ('code' in piece) return `\`${inCode(truncate(piece.code, 500))}\``
  if ('user' in piece) return `<@${piece.user}>`
  if ('group' in piece) return `<@&${piece.group}>`
  return `<#${piece.channel}>`
}

function toButton(one: Button, requestKey: string | null): APIButtonComponentWithCustomId[] {
  switch (one.action) {
    // On a reply the user has already confirmed.
    case 'cancel_job':
      return [button(one.label ?? 'Cancel', customId('cancel_job', one.jobId), ButtonStyle.Danger)]
    case 'retry_job':
      return [actionButton('retry', one.jobId)]
    case 'refine_job':
      return [actionButton('refine', one.jobId)]
    case 'job_details':
      return [
        one.label === undefined
          ? actionButton('details', one.jobId)
          : button(one.label, customId('job_details', one.jobId)),
      ]
    case 'approve_plan':
      return [button('Approve', customId('approve_plan', planSubject(one)), ButtonStyle.Success)]
    case 'change_plan':
      return [button('Change', customId('change_plan', planSubject(one)), ButtonStyle.Primary)]
    case 'change_settings':
      return [button('Change settings', customId(one.action, one.holder))]
    case 'change_house_rules':
      return [button('House rules', customId(one.action, one.holder))]
    case 'previous_page':
      return [button('◀ Previous', customId('previous_page', pageSubject(one)))]
    case 'next_page':
      return [button('Next ▶', customId('next_page', pageSubject(one)))]
    default:
      return requestKey === null ? [] : [button(REQUEST_LABELS[one.action], customId(one.action, requestKey))]
  }
}
