import { DATA } from './references.ts'
import type { Overlook } from './overlooked.ts'
import type { Node } from './document.ts'
import { isNode, listOf, nodeOf } from './resolve.ts'

type Meaning = { readonly type?: string; readonly format?: string }

/** Names of types in other languages, and formats that are written as types. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...['int', 'int32', 'int16', 'short', 'byte', 'whole'].map((name) => [name, { type: 'integer' }] as const),
  ...['long', 'int64', 'bigint', 'biginteger'].map(
    (name) => [name, { type: 'integer', format: 'int64' }] as const,
  ),
  ...['float', 'double', 'decimal', 'bigdecimal', 'numeric', 'real', 'money'].map(
    (name) => [name, { type: 'number' }] as const,
  ),
  ...['bool'].map((name) => [name, { type: 'boolean' }] as const),
  ...['str', 'text', 'char', 'varchar', 'password', 'enum'].map(
    (name) => [name, { type: 'string' }] as const,
  ),
  ...['datetime', 'date-time', 'timestamp'].map(
    (name) => [name, { type: 'string', format: 'date-time' }] as const,
  ),
  ...['date', 'uuid', 'email', 'uri', 'url'].map(
    (name) => [name, { type: 'string', format: name === 'url' ? 'uri' : name }] as const,
  ),
  ...['guid'].map((name) => [name, { type: 'string', format: 'uuid' }] as const),
  ...['file', 'binary', 'blob', 'bytes'].map((name) => [name, { type: 'string', format: 'binary' }] as const),
  ...['list', 'set', 'collection'].map((name) => [name, { type: 'array' }] as const),
  ...['map', 'dict', 'hash', 'record', 'json'].map((name) => [name, { type: 'object' }] as const),
  ...['any', 'mixed', 'unknown'].map((name) => [name, {}] as const),
])

const TYPES = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object', 'null'])

/** Places whose `type` is not that of a schema. */
const OTHER_TYPES = new Set(['securitySchemes', 'securityDefinitions', 'mapping', 'info', 'links'])

/** Reads what schemas mean where they do not follow the specification. Changes them. */
export function mendSchemas(root: Node, isSwagger: boolean, overlook: Overlook): void {
  const known = nodeOf(isSwagger ? root['definitions'] : nodeOf(root['components'])['schemas'])
  const base = isSwagger ? '#/definitions/' : '#/components/schemas/'
  const stack: { value: unknown; path: (string | number)[] }[] = [{ value: root, path: [] }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, path } = top
    if (typeof value !== 'object' || value === null) continue
    const isNamed = path.at(-1) === 'properties'
    if (isNode(value) && !isNamed) {
      mendType(value, path)
      mendRequired(value, path, overlook)
    }
    for (const [name, inner] of Object.entries(value).toReversed()) {
      const isOther = !isNamed && (DATA.has(name) || OTHER_TYPES.has(name) || name.startsWith('x-'))
      if (!isOther) stack.push({ value: inner, path: [...path, name] })
    }
  }

  function mendType(node: Node, path: (string | number)[]): void {
    const given = node['type']
    if (typeof given !== 'string' || TYPES.has(given) || (isSwagger && given === 'file')) return
    // What a security scheme or an object of another kind calls its type is its own.
    if (path.length < 3) return
    const lower = given.toLowerCase()
    const meaning = TYPES.has(lower) ? { type: lower } : MEANINGS.get(lower)
    const at = [...path, 'type']
    const kind = `type ${given}`
    const said = `the type ${JSON.stringify(given.slice(0, 60))} does not exist`
    if (meaning) {
      delete node['type']
      if (meaning.type) node['type'] = meaning.type
      if (meaning.format) node['format'] ??= meaning.format
      const format = meaning.format ? ` with the format ${meaning.format}` : ''
      overlook(
        at,
        meaning.type ? `${said}: it is read as ${meaning.type}${format}` : `${said}: it is read as any JSON`,
        kind,
      )
    } else if (Object.hasOwn(known, given)) {
      delete node['type']
      node['$ref'] = `${base}${given}`
      overlook(at, `${said}: it is read as the schema of that name`, kind)
    } else {
      delete node['type']
      overlook(at, `${said}: it is read as any JSON`, kind)
    }
  }
}

/** `required: true` on a property is a name in the list of its object. */
function mendRequired(node: Node, path: (string | number)[], overlook: Overlook): void {
  const properties = node['properties']
  if (isNode(properties)) {
    const stated = Object.entries(properties).filter(([, one]) => isNode(one) && one['required'] === true)
    if (stated.length > 0) {
      const before = listOf(node['required'])
      node['required'] = [...new Set([...before, ...stated.map(([name]) => name)])]
      overlook(
        [...path, 'properties', stated[0]![0], 'required'],
        '`required: true` on a property is read as an entry in the list `required` of its object',
        'required on a property',
      )
    }
    for (const one of Object.values(properties))
      if (isNode(one) && typeof one['required'] === 'boolean') delete one['required']
  }
  if (Array.isArray(node['required']) && node['required'].length === 0) delete node['required']
}
