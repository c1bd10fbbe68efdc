import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { LIMITS } from '../limits.ts'

/*
 * Checks whether Slack would accept a message or a view: its blocks against the Block Kit schema, which covers only the
 * structure, and every text against the limits. Long because it covers every block that is sent.
 */

const SCHEMA = new URL('../../../test/fixtures/slack/knownblock.schema.json', import.meta.url)
const ajv = new Ajv({ strict: false, allErrors: false })
ajv.addSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')), 'slack')

/** Blocks by their `type`, so that a problem is reported for the right block only. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  actions: 'ActionsBlock',
  alert: 'AlertBlock',
  card: 'CardBlock',
  carousel: 'CarouselBlock',
  container: 'ContainerBlock',
  context: 'ContextBlock',
  context_actions: 'ContextActionsBlock',
  data_table: 'DataTableBlock',
  divider: 'DividerBlock',
  file: 'FileBlock',
  header: 'HeaderBlock',
  image: 'ImageBlock',
  input: 'InputBlock',
  markdown: 'MarkdownBlock',
  plan: 'PlanBlock',
  rich_text: 'RichTextBlock',
  section: 'SectionBlock',
  table: 'TableBlock',
  task_card: 'TaskCardBlock',
  video: 'VideoBlock',
}
const validators = new Map<string, ValidateFunction>()
function validatorOf(type: string): ValidateFunction | null {
  const definition = DEFINITIONS[type]
  if (definition === undefined) return null
  const known = validators.get(type) ?? ajv.compile({ $ref: `slack#/definitions/${definition}` })
  validators.set(type, known)
  return known
}

type Json = Record<string, unknown>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** What Slack would reject or truncate in a message, one per line; empty if it is valid. */
export function messageProblems(message: { text?: unknown; blocks?: unknown }): string[] {
  const blocks = message.blocks ?? []
  if (!Array.isArray(blocks)) return ['blocks is not a list']
  const problems = blocksProblems(blocks, LIMITS.message.blocks)
  const text = typeof message.text === 'string' ? message.text : ''
  if (text.trim() === '') problems.push('text is empty: notifications would say nothing')
  problems.push(...tooLong('text', text, LIMITS.message.text), ...broadcasts('text', text))
  const all = lengthOf(blocks)
  if (all > LIMITS.message.allBlocks) problems.push(`all blocks together have ${all} characters`)
  return problems
}

/** The same for a modal or App Home. */
export function viewProblems(view: unknown): string[] {
  if (!isJson(view) || !Array.isArray(view['blocks'])) return ['a view has a list of blocks']
  const max = view['type'] === 'home' ? LIMITS.home.blocks : LIMITS.modal.blocks
  const problems = blocksProblems(view['blocks'], max)
  for (const key of ['title', 'submit', 'close'] as const) {
    const element = view[key]
    if (isJson(element)) problems.push(...tooLong(key, element['text'], LIMITS.modal[key]))
  }
  if (view['type'] === 'modal' && !isJson(view['title'])) problems.push('a modal has a title')
  problems.push(
    ...tooLong('private_metadata', view['private_metadata'] ?? '', LIMITS.modal.privateMetadata),
    ...tooLong('callback_id', view['callback_id'] ?? '', LIMITS.modal.callbackId),
  )
  return problems
}

/** Throws what `messageProblems` finds. */
export function checkMessage(message: { text?: unknown; blocks?: unknown }): void {
  const problems = messageProblems(message)
  if (problems.length > 0) throw new Error(`Slack would not take this message:\n${problems.join('\n')}`)
}

/** Throws what `viewProblems` finds. */
export function checkView(view: unknown): void {
  const problems = viewProblems(view)
  if (problems.length > 0) throw new Error(`Slack would not take this view:\n${problems.join('\n')}`)
}

function blocksProblems(blocks: readonly unknown[], max: number): string[] {
  const problems: string[] = []
  if (blocks.length > max) problems.push(`${blocks.length} blocks, but ${max} are taken`)
  const ids = blocks.flatMap((block) => (isJson(block) && block['block_id'] ? [block['block_id']] : []))
  if (new Set(ids).size !== ids.length) problems.push('a block_id is used twice')
  blocks.forEach((block, index) => problems.push(...blockProblems(block, `blocks[${index}]`)))
  return problems
}

function blockProblems(block: unknown, at: string): string[] {
  if (!isJson(block) || typeof block['type'] !== 'string') return [`${at} is not a block`]
  const validate = validatorOf(block['type'])
  if (validate === null) return [`${at} is of an unknown type: ${block['type']}`]
  const problems = validate(block)
    ? []
    : [`${at} (${block['type']}): ${ajv.errorsText(validate.errors, { dataVar: at })}`]
  const { message: MESSAGE, plan: PLAN } = LIMITS
  const list = (key: string): unknown[] => (Array.isArray(block[key]) ? (block[key] as unknown[]) : [])

  problems.push(...tooLong(`${at}.block_id`, block['block_id'] ?? '', LIMITS.blockId))
  switch (block['type']) {
    case 'header':
      problems.push(...textProblems(`${at}.text`, block['text'], MESSAGE.header))
      break
    case 'section':
      if (block['text'] !== undefined)
        problems.push(...textProblems(`${at}.text`, block['text'], MESSAGE.section))
      list('fields').forEach((field, i) => problems.push(...textProblems(`${at}.fields[${i}]`, field, 2_000)))
      problems.push(...elementProblems(block['accessory'], `${at}.accessory`))
      break
    case 'context':
      if (list('elements').length > MESSAGE.contextElements) problems.push(`${at} has too many elements`)
      list('elements').forEach((element, i) => {
        if (isJson(element) && element['type'] !== 'image')
          problems.push(...textProblems(`${at}.elements[${i}]`, element, MESSAGE.section))
      })
      break
    case 'actions': {
      if (list('elements').length === 0 || list('elements').length > MESSAGE.actions)
        problems.push(`${at} has ${list('elements').length} elements`)
      const actions = list('elements').map((element) => (isJson(element) ? element['action_id'] : undefined))
      if (new Set(actions).size !== actions.length) problems.push(`${at} uses an action_id twice`)
      list('elements').forEach((element, i) =>
        problems.push(...elementProblems(element, `${at}.elements[${i}]`)),
      )
      break
    }
    case 'input':
      problems.push(...textProblems(`${at}.label`, block['label'], LIMITS.input.label))
      if (block['hint'] !== undefined)
        problems.push(...textProblems(`${at}.hint`, block['hint'], LIMITS.input.hint))
      problems.push(...elementProblems(block['element'], `${at}.element`))
      break
    case 'plan':
      problems.push(...tooLong(`${at}.title`, block['title'], PLAN.title))
      if (list('tasks').length > PLAN.tasks) problems.push(`${at} has too many tasks`)
      // The schema lets any object pass as a task.
      list('tasks').forEach((task, i) => problems.push(...blockProblems(task, `${at}.tasks[${i}]`)))
      break
    case 'task_card':
      problems.push(...tooLong(`${at}.title`, block['title'], PLAN.taskTitle))
      if (block['details'] !== undefined) problems.push(...blockProblems(block['details'], `${at}.details`))
      break
    case 'markdown':
      problems.push(...tooLong(`${at}.text`, block['text'], 12_000))
      break
    case 'rich_text':
      problems.push(...richTextProblems(block, at))
      break
  }
  return problems
}

/** Every text is present and fits, and nothing notifies a whole channel. */
function richTextProblems(block: Json, at: string): string[] {
  const problems: string[] = []
  const visit = (element: unknown, path: string): void => {
    if (!isJson(element)) return
    if (element['type'] === 'broadcast') problems.push(`${path} calls everybody`)
    if (element['type'] === 'text' && element['text'] === '') problems.push(`${path} has an empty text`)
    if (Array.isArray(element['elements']))
      element['elements'].forEach((inner, i) => visit(inner, `${path}.elements[${i}]`))
  }
  visit(block, at)
  const length = lengthOf(block)
  if (length > LIMITS.message.richText) problems.push(`${at} has ${length} characters`)
  return problems
}

function elementProblems(element: unknown, at: string): string[] {
  if (!isJson(element)) return []
  const { button: BUTTON, confirm: CONFIRM, option: OPTION } = LIMITS
  const problems = tooLong(`${at}.action_id`, element['action_id'] ?? '', BUTTON.actionId)
  if (element['type'] === 'button') {
    problems.push(
      ...textProblems(`${at}.text`, element['text'], BUTTON.text),
      ...tooLong(`${at}.value`, element['value'] ?? '', BUTTON.value),
      ...tooLong(`${at}.url`, element['url'] ?? '', BUTTON.url),
    )
  }
  if (element['placeholder'] !== undefined)
    problems.push(...textProblems(`${at}.placeholder`, element['placeholder'], LIMITS.input.placeholder))
  const confirm = element['confirm']
  if (isJson(confirm)) {
    for (const key of ['title', 'text', 'confirm', 'deny'] as const)
      problems.push(...textProblems(`${at}.confirm.${key}`, confirm[key], CONFIRM[key]))
  }
  const options = Array.isArray(element['options']) ? (element['options'] as unknown[]) : []
  if (options.length > LIMITS.options) problems.push(`${at} has ${options.length} options`)
  options.filter(isJson).forEach((option, i) => {
    problems.push(...textProblems(`${at}.options[${i}].text`, option['text'], OPTION.text))
    problems.push(...tooLong(`${at}.options[${i}].value`, option['value'] ?? '', OPTION.value))
  })
  return problems
}

function textProblems(at: string, element: unknown, max: number): string[] {
  const text = isJson(element) ? element['text'] : undefined
  if (typeof text !== 'string' || text === '') return [`${at} has no text`]
  const marked = isJson(element) && element['type'] === 'mrkdwn'
  return [...tooLong(at, text, max), ...(marked ? broadcasts(at, text) : [])]
}

function tooLong(at: string, text: unknown, max: number): string[] {
  if (typeof text !== 'string') return [`${at} is not a text`]
  return text.length > max ? [`${at} has ${text.length} characters, but ${max} are taken`] : []
}

function broadcasts(at: string, text: string): string[] {
  return /<!(channel|here|everyone|subteam)/.test(text) ? [`${at} calls everybody`] : []
}

/** The total length of all nested texts. */
function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + lengthOf(inner), 0)
  if (!isJson(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum +
      (typeof inner === 'string' ? (key === 'text' || key === 'title' ? inner.length : 0) : lengthOf(inner)),
    0,
  )
}
