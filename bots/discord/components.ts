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

/** One container and everything in it, and who it calls: ids of people. */
export type DiscordMessage = {
  readonly component: APIContainerComponent
  readonly mentions: readonly string[]
}

const { message: MESSAGE } = LIMITS
/** How much of a prompt its own message repeats; the whole of it is in the job. */
const PROMPT_EXCERPT = 600
/** What one list of a summary may take; what is cut is in the archive's report. */
const SECTION_EXCERPT = 900
/** Room that is left for what formatting adds to a text. */
const RESERVE = 300

/** Discord's own colours, and the brand's for what is under way. */
const COLOUR: Readonly<Record<JobState, number>> = {
  waiting: 0x80848e,
  active: 0x5865f2,
  completed: 0x248046,
  failed: 0xda373c,
  cancelled: 0x80848e,
}

/**
 * Components V2 for what a job has to tell: rich first, then one text alone, should Discord refuse that as an invalid
 * form. Pure.
 */
export function renderDiscord(told: Notification): readonly [DiscordMessage, ...DiscordMessage[]] {
  switch (told.kind) {
    case 'parent-message':
      return [rootMessage(told.parent)]
    case 'card':
      return [richCard(told.card), plainCard(told.card)]
    case 'summary':
      return [summaryMessage(told.summary, SECTION_EXCERPT), summaryMessage(told.summary, 150)]
    case 'mention':
      return [pingMessage(told.mention)]
  }
}

/** The message that carries the archive. */
export const archiveMessage = (filename: string): DiscordMessage =>
  message([{ type: ComponentType.File, file: { url: `attachment://${filename}` } }])

// --- The message in the channel

function rootMessage({ requester, prompt, headline, state }: ParentMessage): DiscordMessage {
  const who = requester === null ? 'A backend is asked for:' : `<@${requester}> asked for a backend:`
  const quote = neutralise(truncate(printable(prompt).trim(), PROMPT_EXCERPT)).replace(/^/gm, '> ')
  return message([text(`${who}\n${quote}`), text(`-# ${neutralise(headline)}`)], COLOUR[state])
}

// --- The live card

const SIGN = { pending: '⚪', active: '🔵', done: '🟢', failed: '🔴', stopped: '⚫' } as const

function stageLine({ status, label, detail, took }: CardStage): string {
  const more = [detail, took].filter((part) => part !== null && part !== '').join(' · ')
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

/** The ids are what the app listens for. */
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
  let room = MESSAGE.text - RESERVE - lengthOf(parts)
  for (const section of summary.sections) {
    const heading = `**${neutralise(section.heading)}**\n`
    const body = clip(section, Math.min(perSection, room - heading.length))
    if (body === '') break
    room -= heading.length + body.length
    parts.push(text(`${heading}${body}`))
  }
  return message(parts)
}

/** As many whole lines as fit, formatted; the last one says how many do not. Empty when nothing fits. */
function clip({ lines, style }: SummarySection, max: number): string {
  const shown = lines.map((line) =>
    style === 'code' ? inCode(truncate(line, 200)) : `- ${neutralise(truncate(oneLine(line), 200))}`,
  )
  const kept: string[] = []
  let used = style === 'code' ? 8 : 0
  for (const line of shown) {
    const left = shown.length - kept.length
    const note = `… and ${left} more, in GENERATION_REPORT.md of the archive`
    const isLast = left === 1
    if (used + line.length + 1 + (isLast ? 0 : note.length) > max) {
      if (used + note.length > max) return ''
      kept.push(note)
      break
    }
    used += line.length + 1
    kept.push(line)
  }
  const joined = kept.join('\n')
  return style === 'code' ? `\`\`\`\n${joined}\n\`\`\`` : joined
}

function archiveLine({ archive }: Summary): string {
  const file = `${neutralise(truncate(archive.filename, 150))}, ${archive.facts}`
  switch (archive.at) {
    case 'thread':
      return `Here above: ${file}.`
    case 'link':
      // Of our own making: the only address that is to be pressed.
      return `${file}. ${neutralise(archive.why)}\n[Download the archive](${archive.url})`
    case 'api':
      return `${file}. ${neutralise(archive.why)} It lies with the API, under \`${inCode(archive.path)}\`.`
    case 'nowhere':
      return `${file}. ${neutralise(archive.why)}`
  }
}

// --- The last message

const pingMessage = ({ requester, text: news, notes }: Mention): DiscordMessage => ({
  ...message([text([`<@${requester}> ${news}`, ...notes.map(noteLine)].join('\n'))]),
  mentions: [requester],
})

// --- Elements

const message = (components: APIComponentInContainer[], colour?: number): DiscordMessage => ({
  component: {
    type: ComponentType.Container,
    ...(colour !== undefined && { accent_color: colour }),
    components: fitted(components),
  },
  mentions: [],
})

/** What every later text is sure to get, when those before it want all. */
const LEAST = 100

/** All texts together keep to the limit: the first ones may take what the later ones do not need for their least. */
function fitted(components: readonly APIComponentInContainer[]): APIComponentInContainer[] {
  const texts = components.filter((one) => one.type === ComponentType.TextDisplay).length
  let room: number = MESSAGE.text
  let later = texts
  return components.map((one) => {
    if (one.type !== ComponentType.TextDisplay) return one
    later--
    const content = truncate(one.content, room - later * LEAST)
    room -= content.length
    return { ...one, content }
  })
}

export const text = (content: string): APITextDisplayComponent => ({
  type: ComponentType.TextDisplay,
  // An empty text is refused.
  content: truncate(content, MESSAGE.text) || '\u200B',
})

const lengthOf = (parts: readonly APIComponentInContainer[]): number =>
  parts.reduce((sum, part) => sum + ('content' in part ? part.content.length : 0), 0)

const oneLine = (words: string) => truncate(printable(words).replace(/\s+/g, ' ').trim(), 200)
