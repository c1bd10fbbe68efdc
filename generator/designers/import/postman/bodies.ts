import { parse, type ParseError } from 'jsonc-parser'
import { isNode, listOf, nodeOf, textOf } from '../openapi/resolve.ts'
import type { PostmanRequest } from './collection.ts'
import type { Found } from './found.ts'
import { schemaOfExamples, type JsonSchema } from './schema-of-examples.ts'
import { filled, filledJson, type Variables } from './variables.ts'

export type Body = { readonly type: string; readonly value: unknown; readonly name: string }

/** Each kind of a body: with its examples under the names of the responses that they belong to. */
export function mediaOf(type: string, bodies: readonly Body[], method: string): Record<string, unknown> {
  const schema: JsonSchema =
    type === 'multipart/form-data' || type === 'application/x-www-form-urlencoded'
      ? formSchema(bodies.map(({ value }) => nodeOf(value)))
      : schemaOfExamples(bodies.map(({ value }) => value))
  const examples = Object.fromEntries(bodies.map(({ name, value }) => [name, { value }]))
  // A change may leave out what it does not change.
  if (method === 'PATCH') delete schema['required']
  return { schema, ...(type === 'application/json' && { examples }) }
}

const formSchema = (forms: readonly Record<string, unknown>[]): JsonSchema => {
  const names = [...new Set(forms.flatMap((form) => Object.keys(form)))]
  return {
    type: 'object',
    required: names.filter((name) => forms.every((form) => Object.hasOwn(form, name))),
    properties: Object.fromEntries(
      names.map((name) => {
        const isFile = forms.some((form) => form[name] === null)
        return [name, isFile ? { type: 'string', format: 'binary' } : { type: 'string' }]
      }),
    ),
  }
}

export function bodiesOf({ one }: Found, variables: Variables): Body[] {
  const main = bodyIn(one.request, variables)
  const saved = one.responses.flatMap((response) => {
    const sent = bodyIn(nodeOf(response['originalRequest']), variables)
    const isGood = Number(response['code'] ?? 200) < 300
    return sent && isGood ? [{ ...sent, name: nameOf(response, one) }] : []
  })
  if (saved.length > 0) return saved
  return main ? [{ ...main, name: one.name || 'example' }] : []
}

export const nameOf = (response: Record<string, unknown>, one: PostmanRequest): string =>
  textOf(response['name']) ?? (one.name || 'example')

function bodyIn(request: Record<string, unknown>, variables: Variables): Omit<Body, 'name'> | undefined {
  const body = nodeOf(request['body'])
  const mode = body['mode']
  if (mode === 'urlencoded' || mode === 'formdata') {
    const fields = listOf(body[mode])
      .filter((one) => isNode(one) && one['disabled'] !== true)
      .map(nodeOf)
    if (fields.length === 0) return undefined
    const type = mode === 'formdata' ? 'multipart/form-data' : 'application/x-www-form-urlencoded'
    const value = fields.map(({ key, value, type: kind }) => [
      String(key),
      kind === 'file' ? null : filled(String(value ?? ''), variables),
    ])
    return { type, value: Object.fromEntries(value) as unknown }
  }
  if (mode === 'graphql') return { type: 'application/json', value: nodeOf(body['graphql']) }
  const raw = textOf(body['raw'])
  if (raw === undefined) return undefined
  const value = jsonIn(raw, variables)
  return value === undefined ? { type: 'text/plain', value: raw } : { type: 'application/json', value }
}

/** JSON with comments and variables; undefined for any other text. */
export function jsonIn(text: string, variables: Variables): unknown {
  const errors: ParseError[] = []
  try {
    const value: unknown = parse(filledJson(text, variables), errors, { allowTrailingComma: true })
    return errors.length === 0 ? value : undefined
  } catch {
    return undefined
  }
}
