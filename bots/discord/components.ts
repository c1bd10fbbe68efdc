import {
  ButtonStyle,
  ComponentType,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIContainerComponent,
  type APITextDisplayComponent,
} from 'discord.js'
import type { JobState } from '#contract'
import type {
  Card,
  CardAction,
  CardStage,
  Mention,
  ParentMessage,
  Summary,
  SummarySection,
  Notification,
} from '../core/cards/notification.ts'
import { customId } from './custom-id.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { inCode, neutralise, printable } from './text.ts'

/** One container with its components, and the IDs of the users it mentions. */
export type DiscordMessage = {
  readonly component: APIContainerComponent
  readonly mentions: readonly string[]
}

const { message: MESSAGE } = LIMITS
/** How much of a prompt the parent message shows; the job has all of it. */
const PROMPT_EXCERPT = 600
/** The maximum length of one list in a summary; the archive's report has the rest. */
const SECTION_EXCERPT = 900
/** Characters reserved for what formatting adds. */
const RESERVE = 300

/** Discord's own colours, with the brand colour for running jobs. */
const COLOUR: Readonly<Record<JobState, number>> = {
  waiting: 0x80848e,
  active: 0x5865f2,
  completed: 0x248046,
  failed: 0xda373c,
  cancelled: 0x80848e,
}

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
    case 'summary':
      return [
        summaryMessage(notification.summary, SECTION_EXCERPT),
        summaryMessage(notification.summary, 150),
      ]
    case 'mention':
      return [resultMessage(notification.mention)]
  }
}

/** The message with the archive. */
export const archiveMessage = (filename: string): DiscordMessage =>
  message([{ type: ComponentType.File, file: { url: `attachment://${filename}` } }])

// --- The parent message

function parentMessage({ requester, prompt, headline, state }: ParentMessage): DiscordMessage {
  const heading = requester === null ? 'New backend request' : `New backend request from <@${requester}>`
  const quote = neutralise(truncate(printable(prompt).trim(), PROMPT_EXCERPT)).replace(/^/gm, '> ')
  return message([text(`${heading}\n${quote}`), text(`-# ${neutralise(headline)}`)], COLOUR[state])
}

// --- The live card

const SIGN = { pending: '⚪', active: '🔵', done: '🟢', failed: '🔴', stopped: '⚫' } as const

function stageLine({ status, label, detail, duration }: CardStage): string {
  const more = [detail, duration].filter((part) => part !== null && part !== '').join(' · ')
  const name = status === 'active' ? `**${neutralise(label)}**` : neutralise(label)
  return `${SIGN[status]} ${name}${more === '' ? '' : `: ${neutralise(truncate(more, 200))}`}`
}

function richCard(card: Card): DiscordMessage {
  const parts: APIComponentInContainer[] = [
    text(`### ${neutralise(oneLine(card.title))}\n${neutralise(card.headline)}`),
    ...(card.stages.length === 0 ? [] : [text(card.stages.map(stageLine).join('\n'))]),
    ...(card.notes.length === 0 ? [] : [text(card.notes.map(noteLine).join('\n'))]),
  ]
  return message(withButtons(parts, card), COLOUR[card.state])
}

function plainCard(card: Card): DiscordMessage {
  const lines = [
    neutralise(oneLine(card.title)),
    neutralise(card.headline),
    ...card.stages.map(({ label, status }) => `${neutralise(label)}: ${status}`),
    ...card.notes.map(noteLine),
  ]
  return message(withButtons([text(truncate(lines.join('\n'), MESSAGE.text - RESERVE))], card))
}

const noteLine = (note: string) => neutralise(truncate(note, 700))

function withButtons(parts: APIComponentInContainer[], { actions, jobId }: Card): APIComponentInContainer[] {
  return actions.length === 0 ? parts : [...parts, row(actions.map((action) => actionButton(action, jobId)))]
}

/** The inbound side handles these custom IDs. */
export function actionButton(action: CardAction, jobId: string): APIButtonComponentWithCustomId {
  switch (action) {
    case 'cancel':
      return button('Cancel', customId('ask_cancel', jobId), ButtonStyle.Danger)
    case 'retry':
      return button('Retry', customId('retry_job', jobId), ButtonStyle.Primary)
    case 'refine':
      return button('Refine', customId('refine_job', jobId), ButtonStyle.Primary)
    case 'details':
      return button('Details', customId('job_details', jobId))
  }
}

export const button = (
  label: string,
  id: string,
  style: APIButtonComponentWithCustomId['style'] = ButtonStyle.Secondary,
): APIButtonComponentWithCustomId => ({ type: ComponentType.Button, style, label, custom_id: id })

export const row = (
  buttons: APIButtonComponentWithCustomId[],
): APIActionRowComponent<APIButtonComponentWithCustomId> => ({
  type: ComponentType.ActionRow,
  components: buttons.slice(0, MESSAGE.rowButtons),
})

// --- The summary

function summaryMessage(summary: Summary, perSection: number): DiscordMessage {
  const parts: APIComponentInContainer[] = [
    text(`### ${neutralise(oneLine(summary.title))}\n${archiveLine(summary)}`),
  ]
  let remaining = MESSAGE.text - RESERVE - lengthOf(parts)
  for (const section of summary.sections) {
    const heading = `**${neutralise(section.heading)}**\n`
    const body = clip(section, Math.min(perSection, remaining - heading.length))
    if (body === '') break
    remaining -= heading.length + body.length
    parts.push(text(`${heading}${body}`))
  }
  return message(parts)
}

/** As many formatted lines as fit, then a note with the number of omitted ones. Empty when nothing fits. */
function clip({ lines, style }: SummarySection, max: number): string {
  const rendered = lines.map((line) =>
    style === 'code' ? inCode(truncate(line, 200)) : `- ${neutralise(truncate(oneLine(line), 200))}`,
  )
  const shown: string[] = []
  let used = style === 'code' ? 8 : 0
  for (const line of rendered) {
    const left = rendered.length - shown.length
    const note = `… and ${left} more in the archive’s GENERATION_REPORT.md`
    const isLast = left === 1
    if (used + line.length + 1 + (isLast ? 0 : note.length) > max) {
      if (used + note.length > max) return ''
      shown.push(note)
      break
    }
    used += line.length + 1
    shown.push(line)
  }
  const joined = shown.join('\n')
  return style === 'code' ? `\`\`\`\n${joined}\n\`\`\`` : joined
}

function archiveLine({ archive }: Summary): string {
  const file = `${neutralise(truncate(archive.filename, 150))}, ${archive.facts}`
  switch (archive.at) {
    case 'thread':
      return `Attached above: ${file}.`
    case 'link':
      // Our own URL, and the only clickable one.
      return `${file}. ${neutralise(archive.why)}\n[Download the archive](${archive.url})`
    case 'api':
      return `${file}. ${neutralise(archive.why)} Download it from the API: \`${inCode(archive.path)}\`.`
    case 'nowhere':
      return `${file}. ${neutralise(archive.why)}`
  }
}

// --- The result message

const resultMessage = ({ requester, text: result, notes }: Mention): DiscordMessage => ({
  ...message([text([`<@${requester}> ${result}`, ...notes.map(noteLine)].join('\n'))]),
  mentions: [requester],
})

// --- Elements

const message = (components: APIComponentInContainer[], colour?: number): DiscordMessage => ({
  component: {
    type: ComponentType.Container,
    ...(colour !== undefined && { accent_color: colour }),
    components: fitText(components),
  },
  mentions: [],
})

/** The length guaranteed to each later text. */
const MIN_TEXT = 100

/** Cuts texts so that all together fit the limit; each keeps at least `MIN_TEXT`. */
function fitText(components: readonly APIComponentInContainer[]): APIComponentInContainer[] {
  const texts = components.filter((one) => one.type === ComponentType.TextDisplay).length
  let remaining: number = MESSAGE.text
  let later = texts
  return components.map((one) => {
    if (one.type !== ComponentType.TextDisplay) return one
    later--
    const content = truncate(one.content, remaining - later * MIN_TEXT)
    remaining -= content.length
    return { ...one, content }
  })
}

export const text = (content: string): APITextDisplayComponent => ({
  type: ComponentType.TextDisplay,
  // Discord refuses empty text.
  content: truncate(content, MESSAGE.text) || '\u200B',
})

const lengthOf = (parts: readonly APIComponentInContainer[]): number =>
  parts.reduce((sum, part) => sum + ('content' in part ? part.content.length : 0), 0)

const oneLine = (value: string) => truncate(printable(value).replace(/\s+/g, ' ').trim(), 200)
