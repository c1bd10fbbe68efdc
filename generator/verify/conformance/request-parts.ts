import type { Json } from '#contract'
import {
  isJsonType,
  isNode,
  jsonContent,
  listOf,
  nodeOf,
  textOf,
  type Deref,
  type DocumentOperation,
  type Node,
} from './document.ts'
import type { CallBody, Reference, Value } from './plan.ts'
import { merged, sampleSchema, statedValue, type SampleContext } from './sample-schema.ts'

export type Parameters = {
  readonly params: Readonly<Record<string, Value>>
  readonly query: readonly (readonly [string, Value])[]
  readonly headers: Readonly<Record<string, Value>>
  readonly cookies: Readonly<Record<string, Value>>
}

/** What the specification has ignored. */
const NOT_PARAMETERS = new Set(['accept', 'content-type', 'authorization'])

export function parametersFor(
  { parameters }: DocumentOperation,
  given: {
    readonly context: SampleContext
    /** Whether those that are not required are sent, too. */
    readonly isFull: boolean
    readonly pathValue: (name: string, otherwise: Json) => Value
  },
): Parameters {
  const params: Record<string, Value> = {}
  const query: (readonly [string, Value])[] = []
  const headers: Record<string, Value> = {}
  const cookies: Record<string, Value> = {}
  for (const one of parameters) {
    const name = textOf(one['name']) ?? ''
    const place = one['in']
    const isSent =
      place === 'path' || one['required'] === true || (given.isFull && one['deprecated'] !== true)
    if (!isSent) continue
    const value = parameterValue(one, given.context, name)
    if (place === 'path') params[name] = pathValueOf(one, given.pathValue(name, asJson(value)))
    else if (place === 'query') query.push(...queryPairs(one, name, value))
    else if (place === 'cookie') cookies[name] = value
    else if (place === 'header' && !NOT_PARAMETERS.has(name.toLowerCase()))
      headers[name.toLowerCase()] = value
  }
  return { params, query, headers, cookies }
}

function parameterValue(parameter: Node, context: SampleContext, name: string): Value {
  const { example } = parameter
  if (example !== undefined) return context.refer(name, example as Json) ?? (example as Json)
  const shown = firstExample(parameter, context.deref)
  if (shown !== undefined) return context.refer(name, shown) ?? shown
  const media = jsonContent(parameter)
  if (media) return JSON.stringify(asJson(sampleSchema(media.media['schema'], context, name)))
  return sampleSchema(parameter['schema'], context, name)
}

function firstExample(holder: Node, deref: Deref): Json | undefined {
  if (holder['example'] !== undefined) return holder['example'] as Json
  const [first] = Object.values(nodeOf(holder['examples']))
  return first === undefined ? undefined : (deref(first)['value'] as Json | undefined)
}

function pathValueOf(parameter: Node, value: Value): Value {
  if (parameter['style'] === 'label') return { $join: ['.', value] }
  if (parameter['style'] === 'matrix') return { $join: [`;${String(parameter['name'])}=`, value] }
  return value
}

/** By `style` and `explode`. */
function queryPairs(parameter: Node, name: string, value: Value): (readonly [string, Value])[] {
  const style = textOf(parameter['style']) ?? 'form'
  const isExploded = parameter['explode'] ?? style === 'form'
  const between = { spaceDelimited: ' ', pipeDelimited: '|' }[style] ?? ','
  if (Array.isArray(value)) {
    if (isExploded === true) return value.map((one: Value) => [name, one] as const)
    const parts = value.flatMap((one: Value, index): Value[] => (index === 0 ? [one] : [between, one]))
    return [[name, { $join: parts }]]
  }
  if (isNode(value) && !isSpecial(value)) {
    const entries = Object.entries(value) as [string, Value][]
    if (style === 'deepObject') return entries.map(([inner, one]) => [`${name}[${inner}]`, one] as const)
    if (isExploded === true) return entries
    return [
      [
        name,
        { $join: entries.flatMap(([inner, one], at): Value[] => [`${at > 0 ? ',' : ''}${inner},`, one]) },
      ],
    ]
  }
  return [[name, value]]
}

const isSpecial = (value: object): value is Reference =>
  '$from' in value || '$join' in value || '$apiKey' in value || '$file' in value

/** A value without its references. */
export function asJson(value: Value): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one: Value) => asJson(one))
  if (isSpecial(value)) return value.otherwise ?? ''
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asJson(one as Value)]))
}

/** The body of a request; a text says why none can be made. */
export function bodyFor({ node }: DocumentOperation, context: SampleContext): CallBody | null | string {
  const content = Object.entries(nodeOf(context.deref(node['requestBody'])['content']))
  if (content.length === 0) return null
  const find = (isWanted: (type: string) => boolean) => content.find(([type]) => isWanted(type))
  const isBytes = (media: Node) =>
    media['schema'] === undefined ? false : context.deref(media['schema'])['format'] === 'binary'
  const bytes = content.find(
    ([type, media]) => isBytes(nodeOf(media)) || (type === '*/*' && nodeOf(media)['schema'] === undefined),
  )
  const json =
    find((type) => type !== bytes?.[0] && isJsonType(type)) ??
    find((type) => type === '*/*' && type !== bytes?.[0])
  if (json) {
    const [type, media] = json
    const value = mediaValue(nodeOf(media), context)
    return { kind: 'json', type: type === '*/*' ? 'application/json' : type, value }
  }
  const form = find((type) => /^application\/x-www-form-urlencoded\b/i.test(type))
  if (form) return { kind: 'form', fields: fieldsOf(nodeOf(form[1]), context, false) }
  const multipart = find((type) => /^multipart\/form-data\b/i.test(type))
  if (multipart) return { kind: 'multipart', fields: fieldsOf(nodeOf(multipart[1]), context, true) }
  if (bytes)
    return {
      kind: 'bytes',
      type: bytes[0].replace('*/*', 'application/octet-stream').replace('image/*', 'image/png'),
    }
  const text = find((type) => /^(text\/|application\/xml)/i.test(type))
  if (text) {
    const shown = firstExample(nodeOf(text[1]), context.deref)
    return { kind: 'text', type: text[0], text: typeof shown === 'string' ? shown : 'sample' }
  }
  return { kind: 'bytes', type: content[0]![0].replace('/*', '/plain') }
}

function mediaValue(media: Node, context: SampleContext): Value {
  const shown = firstExample(media, context.deref)
  if (shown === undefined) return sampleSchema(media['schema'], context)
  // As an example of its own, so that the ids in it are replaced by those of rows.
  return sampleSchema({ example: shown }, context)
}

function fieldsOf(media: Node, context: SampleContext, takesFiles: boolean): [string, Value][] {
  const schema = merged(context.deref(media['schema']), context.deref)
  const properties = nodeOf(schema['properties'])
  const value = mediaValue(media, context)
  const sent = isNode(value) ? (value as Record<string, Value>) : {}
  const names = new Set([...Object.keys(sent), ...listOf(schema['required']).map(String)])
  return [...names].flatMap((name): [string, Value][] => {
    const part = context.deref(properties[name])
    const inner = context.deref(part['items'])
    const isFile = [part, inner].some((one) => one['format'] === 'binary' || 'contentMediaType' in one)
    if (takesFiles && isFile) {
      const stated =
        textOf(nodeOf(nodeOf(media['encoding'])[name])['contentType']) ?? textOf(part['contentMediaType'])
      return [[name, { $file: stated?.split(',')[0]?.trim() ?? 'image/png' }]]
    }
    const one = sent[name] ?? statedValue(part) ?? 'sample'
    const isFlat = typeof one !== 'object' || one === null || isSpecial(one)
    return [[name, isFlat ? one : JSON.stringify(asJson(one))]]
  })
}
