import type { Node } from './document.ts'
import type { ReadOperation } from './operation.ts'
import { pathName } from './path-name.ts'
import { isNode, listOf, nodeOf, textOf, type Resolve } from './resolve.ts'

/** The rows in a response: their schema and location. */
export type Rows = {
  readonly schema: unknown
  /** The component of the schema. */
  readonly component: string | undefined
  readonly isList: boolean
  readonly at: readonly string[]
}

/** Common property names that wrap a list or a row. */
const WRAPPERS = /^(data|items?|results?|rows|records|list|entries|content|value|values|payload|objects?)$/i

/** Finds the rows in a response schema: the whole response, or one level down. */
export function rowsIn(answered: unknown, resolve: Resolve, noun: string): Rows | undefined {
  if (answered === undefined) return undefined
  const whole = classifySchema(answered, resolve)
  if (whole.kind === 'rows') return { ...whole.rows, at: [] }
  if (whole.kind !== 'object') return undefined
  const { node, name } = resolve(answered)
  const properties = Object.entries(propertiesOf(node, resolve))
  const lists = properties.filter(([, schema]) => classifySchema(schema, resolve).kind === 'rows')
  const isWrapper = (key: string) =>
    WRAPPERS.test(key) || key.toLowerCase().replaceAll(/[_-]/g, '').startsWith(noun)
  const chosen = lists.filter(([key]) => isWrapper(key))
  const [list] = chosen.length > 0 ? chosen : lists
  const isEnvelope = properties.length <= 8 && !properties.some(([key]) => /^_?id$/i.test(key))
  if (list && isEnvelope && (chosen.length === 1 || lists.length === 1) && !(name && isRow(name, noun))) {
    const found = classifySchema(list[1], resolve)
    if (found.kind === 'rows') return { ...found.rows, at: [list[0]] }
  }
  const wrapped = properties.filter(
    ([key, schema]) => isWrapper(key) && classifySchema(schema, resolve).kind === 'object',
  )
  if (wrapped.length === 1 && isEnvelope && properties.length <= 4) {
    const [key, schema] = wrapped[0]!
    return { schema, component: resolve(schema).name, isList: false, at: [key] }
  }
  return { schema: answered, component: name, isList: false, at: [] }
}

const isRow = (name: string, noun: string) => name.toLowerCase() === noun

type SchemaClass = { kind: 'rows'; rows: Omit<Rows, 'at'> } | { kind: 'object' } | { kind: 'other' }

function classifySchema(schema: unknown, resolve: Resolve): SchemaClass {
  const { node } = resolve(schema)
  if (node['type'] === 'array' || (node['type'] === undefined && node['items'] !== undefined)) {
    const items = resolve(node['items'] ?? {})
    const isObject = Object.keys(propertiesOf(items.node, resolve)).length > 0
    return isObject
      ? { kind: 'rows', rows: { schema: node['items'], component: items.name, isList: true } }
      : { kind: 'other' }
  }
  return Object.keys(propertiesOf(node, resolve)).length > 0 ? { kind: 'object' } : { kind: 'other' }
}

/** Keyed by the schema's object, which stays the same while the document is read. */
const knownProperties = new WeakMap<Node, Record<string, unknown>>()
/** The maximum nesting of `allOf`. */
const MAX_PARTS_DEEP = 100

/** The properties of an object, including its parts and alternatives; the result has no prototype. */
export function propertiesOf(node: unknown, resolve: Resolve, depth = 0): Record<string, unknown> {
  const own = resolve(node).node
  const known = knownProperties.get(own)
  if (known) return known
  const found: Record<string, unknown> = Object.create(null)
  // A schema that contains itself adds nothing.
  knownProperties.set(own, found)
  const parts = Array.isArray(own['allOf']) && depth < MAX_PARTS_DEEP ? own['allOf'] : []
  for (const part of parts) Object.assign(found, propertiesOf(part, resolve, depth + 1))
  for (const keyword of ['oneOf', 'anyOf']) {
    const choices =
      depth < MAX_PARTS_DEEP ? listOf(own[keyword]).filter((one) => nodeOf(one)['type'] !== 'null') : []
    const each = choices.map((one) => propertiesOf(one, resolve, depth + 1))
    // Only objects have a common form.
    if (each.every((properties) => Object.keys(properties).length > 0)) Object.assign(found, ...each)
  }
  return Object.assign(found, nodeOf(own['properties']))
}

/** Path segments: literals and parameter names. */
export type Segment = { readonly text: string } | { readonly param: string }

export function segmentsOf({ documentPath }: Pick<ReadOperation, 'documentPath'>): Segment[] {
  return documentPath
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      const param = /^\{([^{}]+)\}(\.json)?$/.exec(part)?.[1]
      return param === undefined ? { text: part } : { param: pathName(param) }
    })
}

/** A schema's example of a plain value. */
export function exampleOf(schema: unknown, resolve: Resolve): string | number | boolean | undefined {
  const { node } = resolve(schema)
  const listed = Array.isArray(node['examples']) ? node['examples'][0] : undefined
  const value: unknown = node['example'] ?? listed
  return ['string', 'number', 'boolean'].includes(typeof value)
    ? (value as string | number | boolean)
    : undefined
}

export const descriptionOf = (schema: unknown, resolve: Resolve): string | undefined =>
  isNode(schema) ? textOf(resolve(schema).node['description'])?.replace(/\s+/g, ' ').slice(0, 500) : undefined
