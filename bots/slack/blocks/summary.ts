import type { types } from '@slack/bolt'
import type { Summary, SummarySection } from '../../core/cards/notification.ts'
import { truncate } from '../../core/truncate.ts'
import { LIMITS } from '../limits.ts'
import { escape, neutralise, printable } from '../text.ts'
import { header, markup, plain, rich, type SlackBlock } from './elements.ts'

const { message: MESSAGE } = LIMITS
/** Maximum length of one section of a summary; the archive's report has the rest. */
const SECTION_LENGTH = 1_500

export function summaryText(summary: Summary): string {
  const sections = summary.sections.map((section) => {
    const asText = section.style === 'code' ? escape : neutralise
    return `${section.heading}\n${asText(truncateLines(section, 400).join('\n'))}`
  })
  const archive = archiveLine(summary)
  const where =
    archive.url === null ? neutralise(archive.text) : `${neutralise(archive.text)} <${archive.url}>`
  return [neutralise(summary.title), where, ...sections].join('\n')
}

export function richSummary(summary: Summary): SlackBlock[] {
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

export function plainSummary(summary: Summary): SlackBlock[] {
  const { text, url } = archiveLine(summary)
  const blocks: SlackBlock[] = [header(summary.title), plain(text)]
  if (url !== null) blocks.push(markup(`<${url}>`))
  return fill(blocks, summary.sections, (section, lines) =>
    plain(
      `${section.heading}\n${lines.map((line) => (section.style === 'list' ? `• ${line}` : line)).join('\n')}`,
    ),
  )
}

/** Adds one block per section while they fit into the message. */
function fill(
  blocks: SlackBlock[],
  sections: readonly SummarySection[],
  toBlock: (section: SummarySection, lines: string[]) => SlackBlock,
): SlackBlock[] {
  let room = MESSAGE.allBlocks - 1_000
  for (const section of sections) {
    const lines = truncateLines(section, Math.min(SECTION_LENGTH, room))
    if (lines.length === 0 || blocks.length === MESSAGE.blocks) break
    room -= section.heading.length + lines.join('\n').length
    blocks.push(toBlock(section, lines))
  }
  return blocks
}

/** As many whole lines as fit; the last one says how many are left out. */
function truncateLines({ lines }: SummarySection, max: number): string[] {
  const kept: string[] = []
  let used = 0
  for (const line of lines) {
    const shown = truncate(printable(line), 300)
    const left = lines.length - kept.length
    const note = `… and ${left} more, in the archive's GENERATION_REPORT.md`
    if (used + shown.length + 1 > max - note.length) return max < note.length ? kept : [...kept, note]
    used += shown.length + 1
    kept.push(shown)
  }
  return kept
}

function archiveLine({ archive }: Summary): { text: string; url: string | null } {
  const file = `${truncate(printable(archive.filename), 150)}, ${archive.facts}`
  switch (archive.at) {
    case 'thread':
      return { text: `In this thread: ${file}.`, url: null }
    case 'link':
      return { text: `${file}. ${archive.why} Download it here:`, url: archive.url }
    case 'api':
      return { text: `${file}. ${archive.why} Download it from the API: ${archive.path}.`, url: null }
    case 'nowhere':
      return { text: `${file}. ${archive.why}`, url: null }
  }
}
