import { CustomOperation, type Json } from '#contract'
import { shortText } from '../short-text.ts'
import { json, toAnswers, toRows, toRowsAfter } from './decode-example.ts'
import { toProperties, toShape } from './decode-shape.ts'
import type { LlmOperation, LlmSuccess } from './llm-schema.ts'
import { toCamel, toKebab, toPascal, toSnake } from '../../blueprint/words.ts'

/** Decodes an operation, not yet validated; `dropped` lists the examples that could not be parsed. */
export function toOperation(operation: LlmOperation, dropped: string[]) {
  const id = camel(operation.id)
  return {
    id,
    ...(operation.entity !== null && { entity: pascal(operation.entity) }),
    method: operation.method,
    path: toPath(operation.path),
    summary: shortText(operation.summary) || id,
    rules: operation.rules.map(shortText).filter(Boolean),
    params: toProperties(operation.params),
    query: toProperties(operation.query),
    ...(operation.headers.length > 0 && {
      headers: toProperties(
        operation.headers.map((part) => ({ ...part, path: part.path.trim().toLowerCase() })),
      ),
    }),
    body: operation.body.length === 0 ? null : toShape(operation.body),
    responses: {
      success: toSuccess(operation),
      ...(operation.otherSuccesses.length > 0 && { others: operation.otherSuccesses.map(toSuccess) }),
      errors: operation.errors.map((error) => ({
        status: error.status,
        code: /^[a-z][a-z0-9_]{0,59}$/.test(error.code) ? error.code : (toSnake(error.code) ?? error.code),
        when: shortText(error.when) || error.code,
      })),
    },
    access: operation.access,
    ...(operation.roles.length > 0 && {
      roles: operation.roles.map((role) =>
        /^[a-z][a-z0-9_-]{0,29}$/.test(role) ? role : (toKebab(role) ?? role),
      ),
    }),
    ...(operation.uses.length > 0 && { uses: operation.uses.map(camel) }),
    examples: operation.examples.flatMap((example) => {
      const read = toExample(example)
      if (read === null) dropped.push(`An example of ${id}: its values are not JSON.`)
      return read === null ? [] : [read]
    }),
  }
}

function toSuccess({ successKind: kind, successStatus: status, mediaType, answer }: LlmSuccess) {
  if (kind === 'json') return { kind, status, shape: toShape(answer) }
  const media = mediaType === null ? {} : { mediaType }
  return { kind, status, ...((kind === 'text' || kind === 'binary') && media) }
}

/** Decodes an example, not yet validated; null if it cannot be parsed. */
export function toExample(example: LlmOperation['examples'][number]) {
  try {
    return {
      title: shortText(example.title) || 'an example',
      rows: toRows(example.rows),
      ...toAnswers(example.answers),
      request: {
        params: json(example.params),
        query: json(example.query),
        ...headersOf(json(example.headers)),
        ...(example.body !== null && { body: json(example.body) }),
      },
      expect: {
        status: example.status,
        ...(example.code !== null && { code: example.code }),
        ...(example.answerHeaders !== null && headersOf(json(example.answerHeaders))),
        ...(example.answer !== null && { body: json(example.answer) }),
      },
      ...toRowsAfter(example.rowsAfter),
    }
  } catch {
    return null
  }
}

/** Names of headers are case-insensitive. */
function headersOf(given: Json): { headers?: Json } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { headers: given }
  const entries = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])
  return entries.length === 0 ? {} : { headers: Object.fromEntries(entries) as Json }
}

/** `/todos/{id}/` → `/todos/:id`. A route that was named exactly fits already and stays as it is. */
export function toPath(path: string): string {
  if (CustomOperation.shape.path.safeParse(path).success) return path
  const segments = path
    .trim()
    .replace(/[?#].*$/s, '')
    .split('/')
    .map((segment) => segment.trim().replace(/^[{<[](\w+)[}>\]]$/, ':$1'))
    .filter((segment) => segment !== '')
  return `/${segments.join('/')}`
}

const camel = (name: string): string =>
  CustomOperation.shape.id.safeParse(name).success ? name : (toCamel(name) ?? name)
const pascal = (name: string): string =>
  /^[A-Z][a-zA-Z0-9]{0,59}$/.test(name) ? name : (toPascal(name) ?? name)
