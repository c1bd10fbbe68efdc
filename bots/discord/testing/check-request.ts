import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { LIMITS } from '../limits.ts'

/*
 * Validates request bodies against Discord's OpenAPI description, and against limits that the description lacks.
 */

const FILE = new URL('../../../test/fixtures/discord/requests.schema.json', import.meta.url)
const SCHEMA = JSON.parse(readFileSync(FILE, 'utf8')) as {
  requests: Record<string, Record<string, { json: object }>>
}
const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false })
ajv.addSchema(SCHEMA, 'discord')
const validators = new Map<string, ValidateFunction>()

function validatorOf(route: string, method: string): ValidateFunction | null {
  const key = `${method} ${route}`
  const known = validators.get(key)
  if (known) return known
  if (SCHEMA.requests[route]?.[method] === undefined) return null
  const escaped = route.replaceAll('~', '~0').replaceAll('/', '~1')
  const compiled = ajv.compile({ $ref: `discord#/requests/${escaped}/${method}/json` })
  validators.set(key, compiled)
  return compiled
}

type Json = Record<string, unknown>
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/**
 * Lists what Discord would refuse; empty when the request is valid.
 *
 * @param route the path, with parameters named as in Discord's description
 */
export function validateRequest(method: string, route: string, body: unknown): string[] {
  const validate = validatorOf(route, method.toLowerCase())
  if (validate === null) return [`${method} ${route} is not in the OpenAPI description`]
  const problems = validate(body) ? [] : [`${method} ${route}: ${ajv.errorsText(validate.errors)}`]
  if (route.endsWith('/callback') && isJson(body)) problems.push(...callbackProblems(body))
  else if (/\/messages(\/|$)/.test(route) && !route.endsWith('/threads') && isJson(body))
    problems.push(...messageProblems(body, method === 'PATCH'))
  return problems
}

function callbackProblems({ type, data }: Json): string[] {
  if (!isJson(data)) return []
  if (type === 9) return modalProblems(data)
  if (type === 8) {
    const choices = list(data['choices'])
    const long = choices.some((one) => isJson(one) && String(one['name']).length > LIMITS.option.choiceName)
    return [
      ...(choices.length > LIMITS.option.choices ? [`${choices.length} choices`] : []),
      ...(long ? ['the name of a choice is too long'] : []),
    ]
  }
  return type === 4 || type === 7 ? messageProblems(data, false) : []
}

const V2 = 1 << 15

function messageProblems(message: Json, isEdit: boolean): string[] {
  const problems: string[] = []
  const components = list(message['components'])
  const v2 = ((message['flags'] as number | undefined) ?? 0) & V2
  const all = flatten(components)
  if (components.length > 0 && !v2 && !isEdit) problems.push('Components V2 without their flag')
  if (v2 && (message['content'] || list(message['embeds']).length > 0))
    problems.push('content or embeds next to Components V2')
  if (!v2 && !isEdit && !message['content'] && list(message['attachments']).length === 0)
    problems.push('an empty message')
  if (all.length > LIMITS.message.components) problems.push(`${all.length} components`)
  const text = all.reduce((sum, one) => sum + String(one['type'] === 10 ? one['content'] : '').length, 0)
  if (text > LIMITS.message.text) problems.push(`${text} characters of text`)
  if (all.some((one) => one['type'] === 10 && String(one['content']).trim() === ''))
    problems.push('an empty text')
  for (const row of all.filter((one) => one['type'] === 1))
    if (list(row['components']).length > LIMITS.message.rowButtons || list(row['components']).length === 0)
      problems.push(`a row of ${list(row['components']).length} buttons`)
  const ids = all.flatMap((one) => (typeof one['custom_id'] === 'string' ? [one['custom_id']] : []))
  if (new Set(ids).size !== ids.length) problems.push('a custom_id is used twice')
  // Text from users must not notify anyone.
  const mentions = message['allowed_mentions']
  if (!isJson(mentions) || list(mentions['parse']).length > 0)
    problems.push('allowed_mentions is open: text could notify everyone')
  const users = isJson(mentions) ? list(mentions['users']) : []
  if (/@(everyone|here)/.test(JSON.stringify(components))) problems.push('a mention of everyone')
  if (users.length > 1) problems.push('more than one user is mentioned')
  return problems
}

function modalProblems(modal: Json): string[] {
  const problems: string[] = []
  const rows = list(modal['components'])
  if (String(modal['title']).length > LIMITS.modal.title) problems.push('the title of a form is too long')
  if (rows.length === 0 || rows.length > 5) problems.push(`a form with ${rows.length} components`)
  for (const row of rows) {
    if (!isJson(row)) continue
    if (String(row['label'] ?? '').length > LIMITS.modal.label) problems.push('a label is too long')
    const component = row['component']
    if (isJson(component) && String(component['value'] ?? '').length > LIMITS.modal.textInput)
      problems.push('a prefilled text is too long')
  }
  return problems
}

/** Includes nested components. */
function flatten(components: readonly unknown[]): Json[] {
  return components.flatMap((one) =>
    isJson(one)
      ? [one, ...flatten(list(one['components'])), ...flatten(one['accessory'] ? [one['accessory']] : [])]
      : [],
  )
}
