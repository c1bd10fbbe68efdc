import { div, escape, span } from '../escape.ts'

/*
 * Block Kit as Slack's clients draw it. A block or an element that is not known here is an error: a picture of a message
 * shows all of it.
 */

type Json = { readonly [key: string]: unknown }
const list = (value: unknown): Json[] => (value ?? []) as Json[]
const textOf = (value: unknown): string => ((value as Json | undefined)?.['text'] ?? '') as string

export const blocksHtml = (blocks: unknown): string => list(blocks).map(block).join('')

function block(one: Json): string {
  switch (one['type']) {
    case 'header':
      return div('header', escape(textOf(one['text'])))
    case 'section':
      return div(
        'section',
        text(one['text']),
        ...list(one['fields']).map((field) => div('field', text(field))),
      )
    case 'context':
      return div('context', ...list(one['elements']).map((element) => text(element)))
    case 'divider':
      return '<hr>'
    case 'actions':
      return div('actions', ...list(one['elements']).map(element))
    case 'rich_text':
      return div('rich', ...list(one['elements']).map(rich))
    case 'plan':
      return div('plan', div('plan-title', escape(one['title'] as string)), ...list(one['tasks']).map(task))
    case 'image':
      return div('picture', escape(one['alt_text'] as string))
    case 'input':
      return input(one)
    default:
      throw new Error(`no picture of the block ${String(one['type'])}`)
  }
}

const text = (value: unknown): string => {
  const { type, text: words } = value as { type: string; text: string }
  return type === 'mrkdwn' ? mrkdwn(words) : lines(escape(words))
}

const lines = (html: string) => html.replaceAll('\n', '<br>')

/** Slack's own markup, of the kinds that are sent. */
export const mrkdwn = (words: string): string =>
  lines(
    words
      .replaceAll(/<@(\w+)>/g, (_, id: string) => mention(id))
      .replaceAll(/<(https?:[^|>]+)\|([^>]*)>/g, '<a href="$1">$2</a>')
      .replaceAll(/`([^`\n]+)`/g, '<code>$1</code>')
      .replaceAll(/(?<![\w\u200B])\*([^*\n]+)\*/g, '<b>$1</b>'),
  )

/** Everybody in the pictures. */
const PEOPLE: Readonly<Record<string, string>> = {
  U1: 'Ana Ruiz',
  U0ASKER: 'Ana Ruiz',
  U2: 'Ben Okafor',
  U9: 'Chloé Martin',
  UBOT: 'backend-generator',
}
const mention = (id: string) => span('mention', `@${escape(PEOPLE[id] ?? id)}`)

function rich(one: Json): string {
  const elements = list(one['elements'])
  switch (one['type']) {
    case 'rich_text_section':
      return div('p', ...elements.map(inline))
    case 'rich_text_quote':
      return `<blockquote>${elements.map(inline).join('')}</blockquote>`
    case 'rich_text_preformatted':
      return `<pre>${elements.map((element) => escape(textOf(element))).join('')}</pre>`
    case 'rich_text_list':
      return `<ul>${elements.map((item) => `<li>${list(item['elements']).map(inline).join('')}</li>`).join('')}</ul>`
    default:
      throw new Error(`no picture of ${String(one['type'])}`)
  }
}

function inline(one: Json): string {
  switch (one['type']) {
    case 'text': {
      const { bold, code, italic } = (one['style'] ?? {}) as Record<string, boolean>
      const words = lines(escape(textOf(one)))
      if (code) return `<code>${words}</code>`
      return bold ? `<b>${words}</b>` : italic ? `<i>${words}</i>` : words
    }
    case 'user':
      return mention(one['user_id'] as string)
    case 'usergroup':
      return span('mention', '@admins')
    case 'channel':
      return span('mention', '#backends')
    case 'link':
      return `<a href="${escape(one['url'] as string)}">${escape((one['text'] ?? one['url']) as string)}</a>`
    default:
      throw new Error(`no picture of ${String(one['type'])} in a text`)
  }
}

const TASK_MARK = { pending: '', in_progress: '', complete: '✓', error: '!' } as const

function task(one: Json): string {
  const status = one['status'] as keyof typeof TASK_MARK
  const details = one['details'] as Json | undefined
  return div(
    `task ${status}`,
    span('mark', TASK_MARK[status]),
    div('task-text', escape(one['title'] as string), details === undefined ? '' : block(details)),
  )
}

function element(one: Json): string {
  switch (one['type']) {
    case 'button':
      return `<span class="button ${String(one['style'] ?? '')}">${escape(textOf(one['text']))}</span>`
    case 'static_select':
      return select(textOf((one['initial_option'] as Json | undefined)?.['text'] ?? one['placeholder']))
    default:
      throw new Error(`no picture of ${String(one['type'])} among actions`)
  }
}

const select = (chosen: string) => div('select', span('', escape(chosen)), span('chevron', '▾'))

function input(one: Json): string {
  const field = one['element'] as Json
  const optional = one['optional'] === true ? span('optional', ' (optional)') : ''
  const hint = one['hint'] === undefined ? '' : div('hint', escape(textOf(one['hint'])))
  return div('input', div('label', escape(textOf(one['label'])), optional), inputField(field), hint)
}

function inputField(field: Json): string {
  switch (field['type']) {
    case 'plain_text_input': {
      const value = field['initial_value'] as string | undefined
      const words = value ?? textOf(field['placeholder'])
      const name = `textbox${field['multiline'] === true ? ' tall' : ''}${value === undefined ? ' empty' : ''}`
      return div(name, lines(escape(words)) || '&nbsp;')
    }
    case 'static_select':
      return element(field)
    case 'file_input':
      return div('upload', span('button', 'Add file'))
    case 'radio_buttons':
    case 'checkboxes':
      return div(
        'choices',
        ...list(field['options']).map((one) => div('choice', escape(textOf(one['text'])))),
      )
    default:
      throw new Error(`no picture of the input ${String(field['type'])}`)
  }
}
