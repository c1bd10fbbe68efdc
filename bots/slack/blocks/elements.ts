import type { types } from '@slack/bolt'
import { truncate } from '../../core/truncate.ts'
import { LIMITS } from '../limits.ts'
import { printable } from '../text.ts'

export type SlackBlock = types.KnownBlock

const { message: MESSAGE } = LIMITS
/** Maximum length of the prompt in the parent message; the job has all of it. */
const PROMPT_LENGTH = 600

export const truncatePrompt = (prompt: string) => truncate(printable(prompt).trim(), PROMPT_LENGTH)

export const rich = (text: string): types.RichTextText => ({
  type: 'text',
  // Slack rejects empty text.
  text: truncate(printable(text), MESSAGE.richText) || ' ',
})

export const richText = (text: string): types.RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [rich(text)] }],
})

export const header = (text: string): types.HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: truncate(oneLine(text), MESSAGE.header) || ' ', emoji: false },
})

export const plain = (text: string): types.SectionBlock => ({
  type: 'section',
  text: { type: 'plain_text', text: truncate(printable(text), MESSAGE.section) || ' ', emoji: false },
})

/** Markup. Never use it for user text. */
export const markup = (text: string): types.SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true },
})

export const context = (text: string): types.ContextBlock => ({
  type: 'context',
  elements: [{ type: 'plain_text', text, emoji: false }],
})

const oneLine = (text: string) => printable(text).replace(/\s+/g, ' ').trim()
