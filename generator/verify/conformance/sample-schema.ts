import type { Json } from '#contract'
import { isNode, listOf, nodeOf, textOf, type Deref, type Node } from './document.ts'
import type { Reference, Value } from './plan.ts'
import { samplePattern } from '../../regexp/sample-pattern.ts'

/** Deeper optional parts are left out, so that a schema which contains itself ends. */
const MAX_DEPTH = 6
const MAX_PARTS = 400

export type SampleContext = {
  readonly deref: Deref
  /** A value from an earlier call for a property, such as `ownerId`. */
  readonly refer: (property: string, otherwise: Json) => Reference | null
}

/** A value that fits a schema of a request: the document's own example, else one made of its keywords. Deterministic. */
export function sampleSchema(schema: unknown, context: SampleContext, name = ''): Value {
  let parts = 0
  return make(schema, name, 0)

  function make(given: unknown, property: string, depth: number): Value {
    parts += 1
    // Parts that need themselves have no value at all.
    if (parts > MAX_PARTS * 2) return null
    const node = merged(context.deref(given), context.deref)
    const stated = statedValue(node)
    if (stated !== undefined) return linked(stated, property)
    const branch =
      listOf(node['oneOf'])[0] ?? listOf(node['anyOf']).find((one) => !isNull(context.deref(one)))
    const type = typeOf(node)
    if (branch !== undefined && depth < MAX_DEPTH * 2) {
      const made = make(branch, property, depth + 1)
      const own = type === 'object' || isNode(node['properties']) ? objectOf(node, depth) : {}
      return isPlainObject(made) ? { ...own, ...made, ...discriminated(node, branch) } : made
    }
    if (type === 'object') return objectOf(node, depth)
    if (type === 'array') {
      const count = Math.min(Math.max(Number(node['minItems'] ?? 1), depth > MAX_DEPTH ? 0 : 1), 20)
      if (parts > MAX_PARTS && Number(node['minItems'] ?? 0) === 0) return []
      return Array.from({ length: count }, () => make(node['items'] ?? {}, property, depth + 1))
    }
    return linked(scalarOf(node, type, property), property)
  }

  function objectOf(node: Node, depth: number): { readonly [name: string]: Value } {
    const required = new Set(listOf(node['required']))
    const made: [string, Value][] = []
    for (const [property, given] of Object.entries(nodeOf(node['properties']))) {
      const part = context.deref(given)
      const isNeeded = required.has(property)
      if (part['readOnly'] === true || (!isNeeded && (depth >= MAX_DEPTH || parts > MAX_PARTS))) continue
      if (depth > MAX_DEPTH * 2) continue
      made.push([property, make(given, property, depth + 1)])
    }
    if (made.length === 0 && isNode(node['additionalProperties']) && depth < MAX_DEPTH)
      made.push(['sample', make(node['additionalProperties'], 'sample', depth + 1)])
    return Object.fromEntries(made)
  }

  function linked(value: Json, property: string): Value {
    if (typeof value === 'object' && value !== null) return linkedWithin(value, property, 0)
    return context.refer(property, value) ?? value
  }

  function linkedWithin(value: Json, property: string, depth: number): Value {
    if (depth > 20) return value
    if (Array.isArray(value)) return value.map((one) => linkedWithin(one, property, depth + 1))
    if (typeof value !== 'object' || value === null) return context.refer(property, value) ?? value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, linkedWithin(inner, name, depth + 1)]),
    )
  }

  /** The value of the discriminator that names the branch. */
  function discriminated(node: Node, branch: unknown): Record<string, Json> {
    const { propertyName, mapping } = nodeOf(node['discriminator']) as {
      propertyName?: string
      mapping?: Node
    }
    const ref = textOf(nodeOf(branch)['$ref'])
    if (propertyName === undefined || ref === undefined) return {}
    const own = nodeOf(nodeOf(context.deref(branch)['properties'])[propertyName])
    if (listOf(own['enum']).length > 0 || 'const' in own) return {}
    const mapped = Object.entries(nodeOf(mapping)).find(([, target]) => target === ref)?.[0]
    return { [propertyName]: mapped ?? ref.split('/').at(-1)! }
  }
}

/** What an example, a default or a constant states; undefined for none. */
export function statedValue(node: Node): Json | undefined {
  if ('const' in node) return node['const'] as Json
  if (node['example'] !== undefined) return node['example'] as Json
  const [example] = listOf(node['examples'])
  if (example !== undefined) return example as Json
  const first = listOf(node['enum']).find((one) => one !== null)
  if (first !== undefined) return first as Json
  return node['default'] === null ? undefined : (node['default'] as Json | undefined)
}

const known = new WeakMap<Node, Node>()

/** A schema with the parts of its `allOf`, at most so many of them. */
export function merged(schema: Node, deref: Deref): Node {
  let left = MAX_PARTS
  return merge(schema, 0)

  function merge(node: Node, depth: number): Node {
    const parts = listOf(node['allOf'])
    if (parts.length === 0 || depth > MAX_DEPTH) return node
    const earlier = known.get(node)
    if (earlier) return earlier
    const inner = parts.flatMap((one) => (left-- > 0 ? [merge(deref(one), depth + 1)] : []))
    const all = [...inner, { ...node, allOf: [] }]
    const made: Node = {
      ...Object.assign({}, ...all),
      properties: Object.assign({}, ...all.map((one: Node) => nodeOf(one['properties']))),
      required: [...new Set(all.flatMap((one: Node) => listOf(one['required'])))],
    }
    known.set(node, made)
    return made
  }
}

export function typeOf(node: Node): string | undefined {
  const given = node['type']
  const type = Array.isArray(given) ? given.find((one) => one !== 'null') : given
  if (typeof type === 'string') return type
  if (isNode(node['properties']) || isNode(node['additionalProperties'])) return 'object'
  return 'items' in node ? 'array' : undefined
}

const isNull = (node: Node): boolean => node['type'] === 'null'
const isPlainObject = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('$from' in value)

const FORMATS: Readonly<Record<string, string>> = {
  date: '2030-01-15',
  'date-time': '2030-01-15T10:30:00Z',
  time: '10:30:00Z',
  duration: 'PT15M',
  email: 'grace@example.com',
  'idn-email': 'grace@example.com',
  uuid: '8f14e45f-ceea-4e7b-9a3c-2f6d1b0a5c11',
  uri: 'https://example.com/sample',
  url: 'https://example.com/sample',
  'uri-reference': '/sample',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'c2FtcGxl',
  password: 'correct horse battery staple',
  binary: 'sample',
}

function scalarOf(node: Node, type: string | undefined, property: string): Json {
  switch (type) {
    case 'boolean':
      return true
    case 'null':
      return null
    case 'integer':
    case 'number':
      return numberOf(node, type === 'integer')
    case 'string':
      return stringOf(node, property)
    default:
      return 'sample'
  }
}

function numberOf(node: Node, isWhole: boolean): number {
  const bound = (name: string): number | undefined =>
    typeof node[name] === 'number' ? (node[name] as number) : undefined
  const unit = bound('multipleOf') ?? (isWhole ? 1 : 0.5)
  // In OpenAPI 3.0 `exclusiveMinimum` is a switch.
  const above =
    bound('exclusiveMinimum') ?? (node['exclusiveMinimum'] === true ? bound('minimum') : undefined)
  const below =
    bound('exclusiveMaximum') ?? (node['exclusiveMaximum'] === true ? bound('maximum') : undefined)
  const least = above === undefined ? bound('minimum') : above + unit
  const most = below === undefined ? bound('maximum') : below - unit
  const wanted = least !== undefined && least > 1 ? least : most !== undefined && most < 1 ? most : 1
  const fitted = Math.ceil(wanted / unit) * unit
  return most !== undefined && fitted > most ? Math.floor(most / unit) * unit : fitted
}

function stringOf(node: Node, property: string): string {
  const pattern = textOf(node['pattern'])
  const byPattern = pattern === undefined ? null : samplePattern(pattern)
  if (byPattern !== null) return sized(byPattern, node)
  const format = textOf(node['format']) ?? ''
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (known !== undefined) return known
  if (/e-?mail/i.test(property)) return 'grace@example.com'
  if (/password/i.test(property)) return sized('correct horse battery staple', node)
  if (/url$/i.test(property)) return 'https://example.com/sample'
  return sized('sample', node)
}

function sized(text: string, node: Node): string {
  const least = Math.min(Number(node['minLength'] ?? 0), 20_000)
  const most = Number(node['maxLength'] ?? Infinity)
  return text.padEnd(least, text === '' ? 'a' : text).slice(0, most)
}
