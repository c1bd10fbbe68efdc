// Longer than most files: everything that a schema can say, and what becomes of it.
import type { Shape, ShapeProperty } from '#contract'
import { MAX_DEPTH } from '../../lint/shapes.ts'
import { OF_EVERY_OBJECT } from '../../lint/fields.ts'
import type { Node } from './read-document.ts'
import { isNode, listOf, nodeOf, textOf, type Resolve } from './resolve.ts'

/** What could not be said exactly, once each, for the person who reads the report. */
export type Notes = Set<string>

export type ToShape = (schema: unknown, way: Way, about: string) => Shape
/** What is sent may be refused, and does not hold what the server sets; what is answered is as the server has it. */
export type Way = 'in' | 'out'

const PROPERTY = /^[a-zA-Z0-9_$@.:[\]-]{1,80}$/
const MAX_PROPERTIES = 120
const FORMATS = {
  date: 'date',
  'date-time': 'datetime',
  email: 'email',
  uri: 'url',
  url: 'url',
  uuid: 'uuid',
} as const

export function makeToShape({
  resolve,
  notes,
}: {
  readonly resolve: Resolve
  readonly notes: Notes
}): ToShape {
  return function toShape(schema, way, about) {
    return convert(schema, way, about, [], 0)
  }

  function convert(
    schema: unknown,
    way: Way,
    where: string,
    within: readonly string[],
    depth: number,
  ): Shape {
    const any: Shape = { kind: 'any', nullable: true }
    if (!isNode(schema)) return any
    const { node: found, pointer, name } = resolve(schema)
    const about = name ?? where
    if (pointer !== undefined && within.includes(pointer)) {
      notes.add(`${about} holds itself, without end: one level below, any JSON is accepted.`)
      return any
    }
    const inside = pointer === undefined ? within : [...within, pointer]
    const node = merged(found, inside)
    const choice = chosen(node, way, about, inside, depth)
    if (choice) return choice
    const { type, nullable } = typeOf(node)
    if (type === 'any') {
      if (Array.isArray(node['type'])) notes.add(`${about} may be of several types: any JSON is accepted.`)
      return any
    }
    const isContainer = type === 'array' || type === 'object'
    if (isContainer && depth >= MAX_DEPTH) {
      notes.add(`${about} is nested more than ${MAX_DEPTH} deep: below that, any JSON is accepted.`)
      return any
    }
    unsaid(node, about)
    switch (type) {
      case 'string':
        return text(node, nullable, about, way)
      case 'integer':
      case 'number': {
        const step = type === 'integer' ? 1 : 0
        const low = numberOf(node['minimum'], node['exclusiveMinimum'], step)
        const high = numberOf(node['maximum'], node['exclusiveMaximum'], -step)
        return { kind: type, nullable, ...(way === 'in' ? range(low, high) : {}) }
      }
      case 'boolean':
        return { kind: 'boolean', nullable }
      case 'array': {
        const items = convert(node['items'] ?? {}, way, about, inside, depth + 1)
        return {
          kind: 'array',
          items,
          nullable,
          ...(way === 'in' ? sizes(node, 'minItems', 'maxItems') : {}),
        }
      }
      case 'object':
        return object(node, way, about, inside, { nullable, depth })
    }
  }

  function object(
    node: Node,
    way: Way,
    about: string,
    within: readonly string[],
    { nullable, depth }: { nullable: boolean; depth: number },
  ): Shape {
    const declared = Object.entries(nodeOf(node['properties']))
    const others = node['additionalProperties']
    if (declared.length === 0) {
      if (others === false) return { kind: 'object', properties: [], nullable }
      const values: Shape = isNode(others)
        ? convert(others, way, about, within, depth + 1)
        : { kind: 'any', nullable: true }
      return { kind: 'record', values, nullable }
    }
    if (others === true || isNode(others))
      notes.add(`${about} may have properties beyond those that the document names: they are refused.`)
    const required = new Set(listOf(node['required']))
    const properties = declared.flatMap(([name, schema]): ShapeProperty[] => {
      const { node: own } = resolve(schema)
      if (way === 'in' ? own['readOnly'] === true : own['writeOnly'] === true) return []
      if (!PROPERTY.test(name) || OF_EVERY_OBJECT.has(name.toLowerCase())) {
        notes.add(
          `The property ${JSON.stringify(name)} of ${about} has a name that cannot be carried: it is left out.`,
        )
        return []
      }
      const shape = convert(schema, way, `${about}.${name}`, within, depth + 1)
      const value = way === 'in' ? defaultOf(own, shape) : undefined
      const description = textOf(own['description'])?.replace(/\s+/g, ' ').slice(0, 500)
      return [
        {
          name,
          shape,
          required: required.has(name),
          ...(value !== undefined && { default: value }),
          ...(description !== undefined && { description }),
        },
      ]
    })
    if (properties.length > MAX_PROPERTIES)
      notes.add(`${about} has ${properties.length} properties: the first ${MAX_PROPERTIES} are carried.`)
    return { kind: 'object', properties: properties.slice(0, MAX_PROPERTIES), nullable }
  }

  function text(node: Node, nullable: boolean, about: string, way: Way): Shape {
    const values = 'const' in node ? [node['const']] : node['enum']
    if (Array.isArray(values)) {
      const texts = [
        ...new Set(values.filter((value) => typeof value === 'string' && value !== '')),
      ] as string[]
      if (texts.length > 0 && texts.length <= 50 && texts.every((value) => value.length <= 80))
        return { kind: 'enum', values: texts, nullable: nullable || values.includes(null) }
      notes.add(`The values of ${about} are too many or too long for a list: any text is accepted.`)
    }
    const format = textOf(node['format'])
    if (format !== undefined && format in FORMATS)
      return { kind: FORMATS[format as keyof typeof FORMATS], nullable }
    return { kind: 'string', nullable, ...(way === 'in' ? sizes(node, 'minLength', 'maxLength') : {}) }
  }

  /** All parts of an `allOf` as one schema. */
  function merged(node: Node, within: readonly string[]): Node {
    const parts = listOf(node['allOf'])
    if (parts.length === 0) return node
    const { allOf: _, ...own } = node
    const whole = [...parts.map((part) => partOf(part, within)), own]
    const properties: Record<string, unknown> = {}
    for (const part of whole) {
      for (const [name, schema] of Object.entries(nodeOf(part['properties']))) {
        const before = properties[name]
        properties[name] = before === undefined ? schema : { allOf: [before, schema] }
      }
    }
    const required = [...new Set(whole.flatMap((part) => listOf(part['required'])))]
    const rest = Object.assign({}, ...whole) as Node
    return {
      ...rest,
      ...(Object.keys(properties).length > 0 && { properties, type: rest['type'] ?? 'object' }),
      ...(required.length > 0 && { required }),
    }
  }

  function partOf(part: unknown, within: readonly string[]): Node {
    const { node, pointer } = resolve(part)
    if (pointer !== undefined && within.includes(pointer)) return {}
    return merged(node, pointer === undefined ? within : [...within, pointer])
  }

  /** One of several schemas: their common form, or any JSON. */
  function chosen(
    node: Node,
    way: Way,
    about: string,
    within: readonly string[],
    depth: number,
  ): Shape | undefined {
    const given = [...listOf(node['oneOf']), ...listOf(node['anyOf'])]
    if (given.length === 0) return undefined
    const isNull = (one: unknown) => isNode(one) && one['type'] === 'null'
    const kinds = given.filter((one) => !isNull(one))
    const nullable = kinds.length < given.length || node['nullable'] === true
    const shapes = kinds.map((one) => convert(one, way, about, within, depth))
    const [first] = shapes
    if (first && new Set(shapes.map((shape) => JSON.stringify(shape))).size === 1)
      return { ...first, nullable: first.nullable || nullable }
    const lists = shapes.flatMap((shape) => (shape.kind === 'enum' ? [shape.values] : []))
    const values = [...new Set(lists.flat())]
    if (lists.length === shapes.length && values.length > 0 && values.length <= 50)
      return { kind: 'enum', values, nullable: nullable || shapes.some((shape) => shape.nullable) }
    // Nothing but a hint beside properties of its own.
    if (isNode(node['properties'])) {
      notes.add(`${about} has several forms: only what they share is checked.`)
      return undefined
    }
    notes.add(`${about} may have one of several forms: any JSON is accepted.`)
    return { kind: 'any', nullable: true }
  }

  function unsaid(node: Node, about: string): void {
    const names = [
      'pattern',
      'multipleOf',
      'uniqueItems',
      'minProperties',
      'maxProperties',
      'not',
      'contains',
    ]
    const found = names.filter((name) => node[name] !== undefined && node[name] !== false)
    if (found.length > 0)
      notes.add(`${about}: ${found.join(', ')} ${found.length === 1 ? 'is' : 'are'} not enforced.`)
  }
}

type Type = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'any'

function typeOf(node: Node): { type: Type; nullable: boolean } {
  const given = Array.isArray(node['type']) ? node['type'] : [node['type'] ?? impliedType(node)]
  const kinds = given.filter((kind) => kind !== 'null')
  const nullable = kinds.length < given.length || node['nullable'] === true
  const [kind] = kinds
  const isWholeOrNot = kinds.length === 2 && kinds.includes('integer') && kinds.includes('number')
  if (isWholeOrNot) return { type: 'number', nullable }
  if (kinds.length !== 1 || typeof kind !== 'string') return { type: 'any', nullable }
  return {
    type: ['string', 'integer', 'number', 'boolean', 'array', 'object'].includes(kind)
      ? (kind as Type)
      : 'any',
    nullable,
  }
}

function impliedType(node: Node): string | undefined {
  if (isNode(node['properties']) || node['additionalProperties'] !== undefined) return 'object'
  if (node['items'] !== undefined) return 'array'
  const values = 'const' in node ? [node['const']] : listOf(node['enum'])
  return values.length > 0 && values.every((value) => typeof value === 'string') ? 'string' : undefined
}

/** In 3.0 `exclusiveMinimum` is a yes to `minimum`; in 3.1 it is the number. */
function numberOf(bound: unknown, exclusive: unknown, step: number): number | undefined {
  if (typeof exclusive === 'number') return exclusive + step
  if (typeof bound !== 'number') return undefined
  return exclusive === true ? bound + step : bound
}

const range = (min: number | undefined, max: number | undefined) => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
})

const sizes = (node: Node, least: string, most: string) =>
  range(numberOf(node[least], undefined, 0) || undefined, numberOf(node[most], undefined, 0))

function defaultOf(node: Node, shape: Shape): string | number | boolean | undefined {
  const value = node['default']
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'enum':
      return typeof value === 'string' && shape.values.includes(value) ? value : undefined
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
    case 'number':
      return typeof value === 'number' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    default:
      return undefined
  }
}
