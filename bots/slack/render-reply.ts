import type { types } from '@slack/bolt'
import { pageSubject } from '../core/details/pages.ts'
import {
  REQUEST_LABELS,
  type Reply,
  type Line,
  type Piece,
  type Button,
  type RequestAction,
} from '../core/reply.ts'
import { planSubject } from '../core/plan/plan-subject.ts'
import { actionButton, subjectButton } from './blocks/buttons.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { neutralise, printable } from './text.ts'

/** A request that could not be submitted: encoded as a button value, or else its full prompt to copy. */
export type FailedRequest = { readonly buttonValue: string | null; readonly prompt: string }

const MAX_TEXT_LENGTH = 9_000
const MAX_QUOTE_BLOCKS = 3

/** Renders a reply as rich text blocks, where user text is never parsed as markup. Pure. */
export function renderReply(
  { lines, buttons }: Reply,
  failed?: FailedRequest,
): { readonly text: string; readonly blocks: types.KnownBlock[] } {
  const blocks: types.KnownBlock[] = []
  const shown = linesThatFit(lines)
  for (const group of groupLines(shown)) blocks.push(toBlock(group))
  if (shown.length < lines.length)
    blocks.push(context(`${lines.length - shown.length} more lines don’t fit here; the API has them all.`))

  const elements = distinct(buttons.flatMap((button) => toButton(button, failed?.buttonValue ?? null)))
  if (failed && failed.buttonValue === null) blocks.push(...quote(failed.prompt))
  if (elements.length > 0)
    blocks.push({ type: 'actions', elements: elements.slice(0, LIMITS.message.actions) })
  const text = lines.map((line) => neutralise(line.text.map(plainText).join(''))).join('\n')
  return {
    text: truncate(text, LIMITS.message.text).trim() || '…',
    blocks: blocks.slice(0, LIMITS.message.blocks),
  }
}

/** As many lines as fit into one message. */
function linesThatFit(lines: readonly Line[]): readonly Line[] {
  let room = MAX_TEXT_LENGTH
  const end = lines.findIndex((line) => (room -= lengthOf(line)) < 0)
  return end === -1 ? lines : lines.slice(0, end)
}

const lengthOf = (line: Line) => line.text.reduce((sum, piece) => sum + plainText(piece).length + 1, 0)

/** Groups consecutive items into lists, and lines of code into blocks, up to the block limit. */
function groupLines(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = []
  let length = 0
  for (const line of lines) {
    const last = groups.at(-1)
    length += lengthOf(line)
    const isOneBlock = line.as === 'item' || line.as === 'code'
    if (last && isOneBlock && last[0]?.as === line.as && length <= LIMITS.message.richText) {
      last.push(line)
      continue
    }
    groups.push([line])
    length = lengthOf(line)
  }
  return groups
}

function toBlock(group: readonly Line[]): types.KnownBlock {
  const [first] = group
  switch (first!.as) {
    case 'item':
      return {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_list', style: 'bullet', elements: group.map(({ text }) => section(text)) },
        ],
      }
    case 'code': {
      const words = group.map(({ text }) => text.map(plainText).join('')).join('\n')
      return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [rich(words)] }] }
    }
    case 'small':
      return context(first!.text.map(plainText).join(''))
    case 'title':
      return { type: 'rich_text', elements: [section(first!.text, true)] }
    case 'text':
      return { type: 'rich_text', elements: [section(first!.text)] }
  }
}

const section = (pieces: readonly Piece[], bold = false): types.RichTextSection => ({
  type: 'rich_text_section',
  elements: pieces.map((piece) => toElement(piece, bold)),
})

function toElement(piece: Piece, bold: boolean): types.RichTextElement {
  if (typeof piece === 'string') return { ...rich(piece), ...(bold && { style: { bold: true } }) }
  if ('code' in piece) return { ...rich(piece.code), style: { code: true } }
  if ('user' in piece) return { type: 'user', user_id: piece.user }
  if ('group' in piece) return { type: 'usergroup', usergroup_id: piece.group }
  return { type: 'channel', channel_id: piece.channel }
}

const rich = (text: string): types.RichTextText => ({
  type: 'text',
  // An empty text is refused.
  text: truncate(printable(text), LIMITS.message.richText) || ' ',
})

function plainText(piece: Piece): string {
  if (typeof piece === 'string') return printable(piece)
  if ('code' in piece) return printable(piece.code)
  if ('user' in piece) return 'a person'
  if ('group' in piece) return 'a group'
  return 'a channel'
}

const context = (text: string): types.ContextBlock => ({
  type: 'context',
  elements: [{ type: 'plain_text', text: truncate(text, LIMITS.message.section) || ' ', emoji: false }],
})

/** The prompt to copy, when it is too long for a button value. */
function quote(prompt: string): types.KnownBlock[] {
  const size = LIMITS.message.richText
  // A message holds no more, and a command is rarely longer.
  const pieces = Array.from(
    { length: Math.min(Math.ceil(prompt.length / size), MAX_QUOTE_BLOCKS) },
    (_, index) => prompt.slice(index * size, (index + 1) * size).toWellFormed(),
  )
  return [
    context('Your request, to copy:'),
    ...pieces.map((piece): types.RichTextBlock => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [rich(piece)] }],
    })),
  ]
}

function toButton(button: Button, buttonValue: string | null): types.Button[] {
  switch (button.action) {
    case 'cancel_job':
      return [labelled(actionButton('cancel', button.jobId), button.label)]
    case 'retry_job':
      return [actionButton('retry', button.jobId)]
    case 'refine_job':
      return [actionButton('refine', button.jobId)]
    case 'job_details':
      return [labelled(actionButton('details', button.jobId), button.label)]
    case 'approve_plan':
      return [{ ...subjectButton('Approve', 'approve_plan', planSubject(button)), style: 'primary' }]
    case 'change_plan':
      return [subjectButton('Change', 'change_plan', planSubject(button))]
    case 'change_settings':
      return [valueButton('Change settings', button.action, button.holder)]
    case 'change_house_rules':
      return [valueButton('House rules', button.action, button.holder)]
    case 'previous_page':
      return [pageButton('◀ Previous', button)]
    case 'next_page':
      return [pageButton('Next ▶', button)]
    default:
      return buttonValue === null ? [] : [requestButton(button.action, buttonValue)]
  }
}

const labelled = (button: types.Button, label: string | undefined): types.Button =>
  label === undefined ? button : { ...button, text: { type: 'plain_text', text: label } }

/** Within a block Slack takes an action once. */
const distinct = (buttons: types.Button[]): types.Button[] =>
  buttons.map((button, at) =>
    buttons.findIndex(({ action_id: id }) => id === button.action_id) === at
      ? button
      : { ...button, action_id: `${button.action_id}.${at}` },
  )

const pageButton = (label: string, press: Extract<Button, { page: number }>): types.Button =>
  valueButton(label, press.action, pageSubject(press))

const valueButton = (label: string, action: string, value: string): types.Button => ({
  type: 'button',
  text: { type: 'plain_text', text: label },
  action_id: action,
  value,
})

const requestButton = (action: RequestAction, value: string): types.Button => ({
  type: 'button',
  text: { type: 'plain_text', text: REQUEST_LABELS[action] },
  action_id: action,
  value,
})
