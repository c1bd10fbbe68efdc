import { isDeepStrictEqual } from 'node:util'
import type { Node } from './document.ts'
import { isNode, listOf, nodeOf, textOf, type Resolve } from './resolve.ts'

const MAX_DEPTH = 20
const FORMATS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/i,
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  email: /^[^@\s]+@[^@\s]+$/,
}

/**
 * Where and how a value contradicts a schema: `price must be number`. Null if it does not, as far as the usual keywords say;
 * of a union, and beyond references in a circle, any value fits.
 */
export function contradiction(value: unknown, schema: unknown, resolve: Resolve): string | null {
  return check(value, schema, [], 0)

  function check(given: unknown, part: unknown, at: readonly string[], depth: number): string | null {
    if (!isNode(part) || depth > MAX_DEPTH) return null
    const { node } = resolve(part)
    for (const one of listOf(node['allOf'])) {
      const found = check(given, one, at, depth + 1)
      if (found !== null) return found
    }
    if (node['oneOf'] !== undefined || node['anyOf'] !== undefined) return null
    if (given === null && (node['nullable'] === true || node['type'] === undefined)) return null
    const types = listOf(Array.isArray(node['type']) ? node['type'] : [node['type']]).filter(
      (type) => typeof type === 'string',
    )
    if (types.length > 0 && !types.some((type) => isOf(given, type)))
      return say(at, `must be ${types.join(' or ')}`)
    if (Array.isArray(node['enum']) && !node['enum'].some((one) => isDeepStrictEqual(one, given)))
      return say(at, 'must be one of the enumeration')
    if (typeof given === 'number') return numberFault(given, node, at)
    if (typeof given === 'string') return textFault(given, node, at)
    if (Array.isArray(given)) {
      for (const [index, item] of given.slice(0, 20).entries()) {
        const found = check(item, node['items'], [...at, String(index)], depth + 1)
        if (found !== null) return found
      }
      return null
    }
    return isNode(given) ? objectFault(given, node, at, depth) : null
  }

  function objectFault(given: Node, node: Node, at: readonly string[], depth: number): string | null {
    const properties = nodeOf(node['properties'])
    // A property that one direction has not may be missing from an example of the other.
    const isOneWay = (name: string) => {
      const { node: own } = resolve(properties[name])
      return own['readOnly'] === true || own['writeOnly'] === true
    }
    for (const name of listOf(node['required']))
      if (typeof name === 'string' && !Object.hasOwn(given, name) && !isOneWay(name))
        return say([...at, name], 'is required')
    for (const [name, inner] of Object.entries(given)) {
      const found = Object.hasOwn(properties, name)
        ? check(inner, properties[name], [...at, name], depth + 1)
        : null
      if (found !== null) return found
    }
    return null
  }
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'string':
      // YAML reads an unquoted day as text in one version and as a date in another.
      return typeof value === 'string' || value instanceof Date
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    case 'number':
    case 'boolean':
      return typeof value === type
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isNode(value)
    case 'null':
      return value === null
    default:
      return true
  }
}

function numberFault(value: number, { minimum, maximum }: Node, at: readonly string[]): string | null {
  if (typeof minimum === 'number' && value < minimum) return say(at, `must be at least ${minimum}`)
  return typeof maximum === 'number' && value > maximum ? say(at, `must be at most ${maximum}`) : null
}

function textFault(value: string, node: Node, at: readonly string[]): string | null {
  const { minLength, maxLength } = node
  if (typeof minLength === 'number' && value.length < minLength)
    return say(at, `must have at least ${minLength} characters`)
  if (typeof maxLength === 'number' && [...value].length > maxLength)
    return say(at, `must have at most ${maxLength} characters`)
  const format = textOf(node['format']) ?? ''
  const pattern = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  return pattern === undefined || pattern.test(value) ? null : say(at, `must have the format ${format}`)
}

const say = (at: readonly string[], what: string): string =>
  at.length === 0 ? what : `${at.join('.').slice(0, 80)} ${what}`
