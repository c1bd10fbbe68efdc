import type { types } from '@slack/bolt'
import type { Result } from '../../core/cards/notification.ts'
import { neutralise, printable } from '../text.ts'
import { actionButton } from './buttons.ts'
import { context, markup, plain, rich, type SlackBlock } from './elements.ts'
import { section, toElements } from './lines.ts'

/** For clients without blocks, and where Slack takes only text with a file. */
export function resultText(result: Result): string {
  const lines = result.lines.map(({ as, text }) => `${as === 'item' ? '• ' : ''}${neutralise(text)}`)
  const { archive, jobId } = result
  const where =
    archive?.at === 'link'
      ? [`<${archive.url}|Download the archive>`]
      : archive?.at === 'api'
        ? [`Job ${jobId}`]
        : []
  return [
    `${mention(result)}*${neutralise(printable(result.title))}* ${result.says}.`,
    ...lines,
    ...where,
  ].join('\n')
}

export function richResult(result: Result): SlackBlock[] {
  const { requester, title, says, archive } = result
  const headline: types.RichTextSection = section([
    ...(requester === null ? [] : [{ type: 'user' as const, user_id: requester }, rich(' ')]),
    { ...rich(title), style: { bold: true } },
    rich(` ${says}.`),
  ])
  const elements = [headline, ...toElements(result.lines, '⚠ ')]
  if (archive?.at === 'link')
    elements.push(
      section([{ type: 'link', url: archive.url, text: `Download ${printable(archive.filename)}` }]),
    )
  return [{ type: 'rich_text', elements }, ...smallPrint(result), buttons(result)]
}

export function plainResult(result: Result): SlackBlock[] {
  const { title, says, archive } = result
  const lines = result.lines.filter(({ as }) => as !== 'small')
  return [
    markup(`${mention(result)}*${neutralise(printable(title))}* ${says}.`),
    ...(lines.length === 0
      ? []
      : [plain(lines.map(({ as, text }) => (as === 'item' ? `• ${text}` : text)).join('\n'))]),
    ...(archive?.at === 'link' ? [markup(`<${archive.url}|Download the archive>`)] : []),
    ...smallPrint(result),
    buttons(result),
  ]
}

const mention = ({ requester }: Result) => (requester === null ? '' : `<@${requester}> `)

function smallPrint({ lines, archive, jobId }: Result): SlackBlock[] {
  const small = lines.filter(({ as }) => as === 'small').map(({ text }) => printable(text))
  if (archive?.at === 'api') small.push(`Job ${jobId}`)
  return small.map(context)
}

const buttons = ({ actions, jobId }: Result): types.ActionsBlock => ({
  type: 'actions',
  elements: actions.map((action) => actionButton(action, jobId)),
})
