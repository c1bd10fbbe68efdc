import type { types } from '@slack/bolt'
import type { Card, CardAction, CardStage, Ping, Root, Summary, SummarySection, Told } from '../card.ts'
import { LIMITS, cut } from './limits.ts'
import { escape, neutralise, printable } from './text.ts'

export type SlackBlock = types.KnownBlock
/** What `chat.postMessage` and `chat.update` take. `text` is for notifications and for clients without blocks. */
export type SlackMessage = { readonly text: string; readonly blocks: SlackBlock[] }

const { message: MESSAGE, plan: PLAN } = LIMITS
/** How much of a prompt its own message repeats; the whole of it is in the job. */
const PROMPT_EXCERPT = 600
/** What one list of a summary may take; what is cut is in the archive's report. */
const SECTION_EXCERPT = 1_500

/**
 * Block Kit for what a job has to tell: rich first (plans, tasks, rich text), then sections of plain text for
 * workspaces that answer `invalid_blocks`, then text alone. Pure. Long because the versions of a message stand side by
 * side: who changes one sees the others.
 */
export function renderSlack(told: Told): readonly [SlackMessage, ...SlackMessage[]] {
  switch (told.kind) {
    case 'root':
      return versions(rootText(told.root), richRoot(told.root), plainRoot(told.root))
    case 'card':
      return versions(cardText(told.card), richCard(told.card), plainCard(told.card))
    case 'summary':
      return versions(summaryText(told.summary), richSummary(told.summary), plainSummary(told.summary))
    case 'ping':
      return versions(pingText(told.ping), pingBlocks(told.ping), pingBlocks(told.ping))
  }
}

function versions(
  text: string,
  rich: SlackBlock[],
  plain: SlackBlock[],
): readonly [SlackMessage, ...SlackMessage[]] {
  const short = cut(text, MESSAGE.text)
  return [
    { text: short, blocks: rich },
    { text: short, blocks: plain },
    { text: short, blocks: [] },
  ]
}

// --- The message in the channel

const askedBy = ({ requester }: Root) => (requester === null ? 'A backend is asked for' : null)

function rootText(root: Root): string {
  const who = root.requester === null ? 'A backend is asked for' : `<@${root.requester}> asked for a backend`
  return `${who}: ${neutralise(excerpt(root.prompt))}\n${root.headline}`
}

function richRoot(root: Root): SlackBlock[] {
  const who: types.RichTextElement[] =
    root.requester === null
      ? [rich(`${askedBy(root)}:`)]
      : [{ type: 'user', user_id: root.requester }, rich(' asked for a backend:')]
  return [
    {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: who },
        { type: 'rich_text_quote', elements: [rich(excerpt(root.prompt))] },
      ],
    },
    context(root.headline),
  ]
}

function plainRoot(root: Root): SlackBlock[] {
  const who = root.requester === null ? `${askedBy(root)}:` : `<@${root.requester}> asked for a backend:`
  return [markup(who), plain(excerpt(root.prompt)), context(root.headline)]
}

// --- The live card

const cardText = (card: Card) =>
  [
    `${neutralise(card.title)}: ${card.headline}`,
    ...card.stages.map((stage) => neutralise(stageLine(stage))),
    ...card.notes.map(neutralise),
  ].join('\n')

function richCard(card: Card): SlackBlock[] {
  const plan: types.PlanBlock = {
    type: 'plan',
    title: cut(card.headline, PLAN.title),
    tasks: card.stages.slice(0, PLAN.tasks).map(task),
  }
  return [header(card.title), plan, ...card.notes.map((note) => plain(note)), buttons(card)]
}

function plainCard(card: Card): SlackBlock[] {
  const stages = card.stages.map(stageLine).join('\n')
  return [
    header(card.title),
    plain(stages === '' ? card.headline : `${card.headline}\n${stages}`),
    ...card.notes.map((note) => plain(note)),
    buttons(card),
  ]
}

const TASK_STATUS = {
  pending: 'pending',
  active: 'in_progress',
  done: 'complete',
  failed: 'error',
  // There is no word for it; "in progress" would go on turning for ever.
  stopped: 'pending',
} as const satisfies Record<CardStage['status'], types.TaskCardBlock['status']>

function task(stage: CardStage): types.TaskCardBlock {
  const details = [stage.detail, stage.took, stage.status === 'stopped' ? 'stopped' : null].filter(Boolean)
  return {
    type: 'task_card',
    task_id: stage.stage,
    title: cut(stage.label, PLAN.taskTitle),
    status: TASK_STATUS[stage.status],
    ...(details.length > 0 && { details: richText(cut(printable(details.join(' · ')), PLAN.taskDetails)) }),
  }
}

const SIGN = { pending: '○', active: '◐', done: '●', failed: '✕', stopped: '–' } as const

function stageLine({ status, label, detail, took }: CardStage): string {
  const more = [detail, took].filter(Boolean).join(' · ')
  return `${SIGN[status]} ${label}${more === '' ? '' : `: ${more}`}`
}

/** The ids are what the app listens for; the value is the job's id. */
export function actionButton(action: CardAction, jobId: string): types.Button {
  switch (action) {
    case 'cancel':
      return {
        ...button('Cancel', 'cancel_job', jobId),
        style: 'danger',
        confirm: {
          title: { type: 'plain_text', text: 'Cancel this job?' },
          text: { type: 'plain_text', text: 'What was made so far is thrown away.' },
          confirm: { type: 'plain_text', text: 'Cancel the job' },
          deny: { type: 'plain_text', text: 'Let it go on' },
          style: 'danger',
        },
      }
    case 'retry':
      return button('Retry', 'retry_job', jobId)
    case 'details':
      return button('Details', 'job_details', jobId)
  }
}

const button = (label: string, actionId: string, value: string): types.Button => ({
  type: 'button',
  text: { type: 'plain_text', text: label },
  action_id: actionId,
  value,
})

const buttons = ({ actions, jobId }: Card): types.ActionsBlock => ({
  type: 'actions',
  elements: actions.map((action) => actionButton(action, jobId)),
})

// --- The summary

function summaryText(summary: Summary): string {
  const sections = summary.sections.map((section) => {
    const asText = section.style === 'code' ? escape : neutralise
    return `${section.heading}\n${asText(clip(section, 400).join('\n'))}`
  })
  const archive = archiveLine(summary)
  const where =
    archive.url === null ? neutralise(archive.text) : `${neutralise(archive.text)} <${archive.url}>`
  return [neutralise(summary.title), where, ...sections].join('\n')
}

function richSummary(summary: Summary): SlackBlock[] {
  const { text, url } = archiveLine(summary)
  const archive: types.RichTextElement[] =
    url === null ? [rich(text)] : [rich(`${text} `), { type: 'link', url, text: summary.archive.filename }]
  const blocks: SlackBlock[] = [
    header(summary.title),
    { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: archive }] },
  ]
  return fill(blocks, summary.sections, (section, lines) => ({
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [{ ...rich(section.heading), style: { bold: true } }] },
      section.style === 'code'
        ? { type: 'rich_text_preformatted', elements: [rich(lines.join('\n'))] }
        : {
            type: 'rich_text_list',
            style: 'bullet',
            elements: lines.map((line) => ({ type: 'rich_text_section', elements: [rich(line)] })),
          },
    ],
  }))
}

function plainSummary(summary: Summary): SlackBlock[] {
  const { text, url } = archiveLine(summary)
  const blocks: SlackBlock[] = [header(summary.title), plain(text)]
  if (url !== null) blocks.push(markup(`<${url}>`))
  return fill(blocks, summary.sections, (section, lines) =>
    plain(
      `${section.heading}\n${lines.map((line) => (section.style === 'list' ? `• ${line}` : line)).join('\n')}`,
    ),
  )
}

/** Adds one block a section, as long as the message takes it. */
function fill(
  blocks: SlackBlock[],
  sections: readonly SummarySection[],
  toBlock: (section: SummarySection, lines: string[]) => SlackBlock,
): SlackBlock[] {
  let room = MESSAGE.allBlocks - 1_000
  for (const section of sections) {
    const lines = clip(section, Math.min(SECTION_EXCERPT, room))
    if (lines.length === 0 || blocks.length === MESSAGE.blocks) break
    room -= section.heading.length + lines.join('\n').length
    blocks.push(toBlock(section, lines))
  }
  return blocks
}

/** As many whole lines as fit; the last one says how many do not. */
function clip({ lines }: SummarySection, max: number): string[] {
  const kept: string[] = []
  let used = 0
  for (const line of lines) {
    const shown = cut(printable(line), 300)
    const left = lines.length - kept.length
    const note = `… and ${left} more, in the archive's GENERATION_REPORT.md`
    if (used + shown.length + 1 > max - note.length) return max < note.length ? kept : [...kept, note]
    used += shown.length + 1
    kept.push(shown)
  }
  return kept
}

function archiveLine({ archive }: Summary): { text: string; url: string | null } {
  const file = `${cut(printable(archive.filename), 150)}, ${archive.facts}`
  switch (archive.at) {
    case 'thread':
      return { text: `In this thread: ${file}.`, url: null }
    case 'link':
      return { text: `${file}. ${archive.why} Download it here:`, url: archive.url }
    case 'api':
      return { text: `${file}. ${archive.why} It lies with the API, under ${archive.path}.`, url: null }
    case 'nowhere':
      return { text: `${file}. ${archive.why}`, url: null }
  }
}

// --- The last message

const pingText = ({ requester, text, notes }: Ping) =>
  [`<@${requester}> ${text}`, ...notes.map(neutralise)].join('\n')

const pingBlocks = ({ requester, text, notes }: Ping): SlackBlock[] => [
  markup(`<@${requester}> ${text}`),
  ...notes.map((note) => plain(note)),
]

// --- Elements

const excerpt = (prompt: string) => cut(printable(prompt).trim(), PROMPT_EXCERPT)

const rich = (text: string): types.RichTextText => ({
  type: 'text',
  // An empty text is refused.
  text: cut(printable(text), MESSAGE.richText) || ' ',
})

const richText = (text: string): types.RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [rich(text)] }],
})

const header = (text: string): types.HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: cut(oneLine(text), MESSAGE.header) || ' ', emoji: false },
})

const plain = (text: string): types.SectionBlock => ({
  type: 'section',
  text: { type: 'plain_text', text: cut(printable(text), MESSAGE.section) || ' ', emoji: false },
})

/** Markup: never for words that people wrote. */
const markup = (text: string): types.SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true },
})

const context = (text: string): types.ContextBlock => ({
  type: 'context',
  elements: [{ type: 'plain_text', text, emoji: false }],
})

const oneLine = (text: string) => printable(text).replace(/\s+/g, ' ').trim()
