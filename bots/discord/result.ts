import { ComponentType, type APIComponentInContainer } from 'discord.js'
import type { Result, ResultLine } from '../core/cards/notification.ts'
import { actionRow, message, text, type DiscordMessage } from './elements.ts'
import { inCode, neutralise, printable } from './text.ts'

/** The result, with its archive attached where it has one. */
export const richResult = (result: Result): DiscordMessage =>
  resultWith(result, (line) => lineToMarkdown(line, '⚠ '))

/** The same without formatting, in case Discord refuses that as invalid. */
export const plainResult = (result: Result): DiscordMessage =>
  resultWith(result, ({ text: words }) => neutralise(words))

function resultWith(result: Result, toLine: (line: ResultLine) => string): DiscordMessage {
  const { requester, title, says, state } = result
  const lines = [
    `${requester === null ? '' : `<@${requester}> `}**${neutralise(oneLine(title))}** ${says}.`,
    ...result.lines.map(toLine),
    ...archiveLines(result),
  ]
  const parts: APIComponentInContainer[] = [
    text(lines.join('\n')),
    ...fileOf(result),
    actionRow(result.actions, result.jobId),
  ]
  return { ...message(parts, state), mentions: requester === null ? [] : [requester] }
}

const fileOf = ({ archive }: Result): APIComponentInContainer[] =>
  archive?.at === 'message'
    ? [{ type: ComponentType.File, file: { url: `attachment://${archive.filename}` } }]
    : []

export function lineToMarkdown({ as, text: words }: ResultLine, headingSign: string): string {
  switch (as) {
    case 'heading':
      return `**${headingSign}${neutralise(words)}**`
    case 'item':
      return `- ${neutralise(oneLine(words))}`
    case 'small':
      return `-# ${neutralise(oneLine(words))}`
    case 'text':
      return neutralise(words)
  }
}

function archiveLines({ archive, jobId }: Result): string[] {
  switch (archive?.at) {
    // Our own URL, and the only clickable one.
    case 'link':
      return [`[Download ${neutralise(archive.filename)}](${archive.url})`]
    case 'api':
      return [`-# Job \`${inCode(jobId)}\``]
    case 'message':
    case 'thread':
    case 'nowhere':
    case undefined:
      return []
  }
}

export const oneLine = (value: string) => printable(value).replace(/\s+/g, ' ').trim()
