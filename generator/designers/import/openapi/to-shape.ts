import { PROPERTY_NAME, type Shape, type ShapeProperty } from '#contract'
import { MAX_DEPTH } from '../../../blueprint/lint/shapes.ts'
import { OBJECT_PROTOTYPE_KEYS } from '../../../blueprint/lint/fields.ts'
import { dropUnsatisfiable } from '../../../blueprint/drop-unsatisfiable.ts'
import { commonForm } from './common-form.ts'
import { makeConversionCache } from './conversion-cache.ts'
import { makeMergeAllOf, MAX_REFERENCES } from './merge-all-of.ts'
import type { Notes } from './notes.ts'
import { boundsOfValues } from './number-values.ts'
import type { Node } from './document.ts'
import { isNode, listOf, nodeOf, textOf, type Resolve } from './resolve.ts'
import { patternOf } from './pattern.ts'
import { boundOf, defaultOf, range, sizes, typeOf, unsaid } from './schema-keywords.ts'

export type ToShape = (schema: unknown, way: Direction, about: string) => Shape
/** `in` is validated and has no read-only properties; `out` is a response. */
export type Direction = 'in' | 'out'

const MAX_PROPERTIES = 120
/** Limits of schemas in one schema and in total; the largest public documents have about 300 and 60,000. */
const MAX_PARTS = 3_000
const TOO_LARGE = '(too large)'
const MAX_PARTS_IN_ALL = 200_000
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
  const remembered = makeConversionCache<Shape>()
  const merged = makeMergeAllOf({ resolve, notes })
  let parts = 0
  /** The remaining budget of parts of the current shape. */
  let left = 0

  return function toShape(schema, way, about) {
    left = Math.min(MAX_PARTS, MAX_PARTS_IN_ALL - parts)
    const before = left
    const shape = convert(schema, way, about, [], 0)
    parts += before - left
    return way === 'out'
      ? shape
      : dropUnsatisfiable(shape, about, (place, what) => notes.add(`${place}: ${what}: not enforced.`))
  }

  function convert(
    schema: unknown,
    way: Direction,
    where: string,
    within: readonly string[],
    depth: number,
  ): Shape {
    const any: Shape = { kind: 'any', nullable: true }
    if (!isNode(schema)) return any
    const { node: found, pointer, name } = resolve(schema)
    const about = name ?? where
    if (pointer !== undefined && within.includes(pointer)) {
      remembered.cut(pointer)
      notes.add(`${about} is recursive: any JSON is accepted one level down.`)
      return any
    }
    left -= 1
    if (left < 0 || within.length >= MAX_REFERENCES) {
      // It may fit elsewhere.
      remembered.cut(TOO_LARGE)
      notes.add(`${about} has too many parts: any JSON is accepted there.`)
      return any
    }
    if (pointer === undefined) return convertNode(found, way, about, within, depth)
    const before = left
    const { value, isKnown, size } = remembered.of(found, `${way} ${depth}`, pointer, within, () => {
      const made = convertNode(found, way, about, [...within, pointer], depth)
      return { value: made, size: before - left }
    })
    if (!isKnown) return value
    left -= size
    // A shape is a tree: changing one node must not change another.
    return structuredClone(value)
  }

  function convertNode(
    found: Node,
    way: Direction,
    about: string,
    inside: readonly string[],
    depth: number,
  ): Shape {
    const any: Shape = { kind: 'any', nullable: true }
    const node = merged(found, inside)
    const choice = chosen(node, way, about, inside, depth)
    if (choice) return choice
    const { type, nullable } = typeOf(node)
    if (type === 'any') {
      if (Array.isArray(node['type'])) notes.add(`${about} has several types: any JSON is accepted.`)
      return any
    }
    const isContainer = type === 'array' || type === 'object'
    if (isContainer && depth >= MAX_DEPTH) {
      notes.add(`${about} is nested more than ${MAX_DEPTH} deep: below that, any JSON is accepted.`)
      return any
    }
    unsaid(node, about, notes)
    switch (type) {
      case 'string':
        return text(node, nullable, about, way)
      case 'integer':
      case 'number': {
        const isWhole = type === 'integer'
        const values = boundsOfValues(node, about, isWhole, notes)
        const least = { direction: 1, isWhole } as const
        const low = values?.min ?? boundOf(node['minimum'], node['exclusiveMinimum'], least)
        const most = { direction: -1, isWhole } as const
        const high = values?.max ?? boundOf(node['maximum'], node['exclusiveMaximum'], most)
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
    way: Direction,
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
    if (isNode(others) && way === 'in')
      notes.add(`Additional properties of ${about} are accepted and ignored.`)
    const required = new Set(listOf(node['required']))
    const carried = declared.filter(([name, schema]) => {
      const { node: own } = resolve(schema)
      if (way === 'in' ? own['readOnly'] === true : own['writeOnly'] === true) return false
      if (PROPERTY_NAME.test(name) && !OBJECT_PROTOTYPE_KEYS.has(name.toLowerCase())) return true
      notes.add(`The property ${JSON.stringify(name)} of ${about} has an unsupported name: it is omitted.`)
      return false
    })
    if (carried.length > MAX_PROPERTIES)
      notes.add(`${about} has ${carried.length} properties: only the first ${MAX_PROPERTIES} are supported.`)
    const properties = carried.slice(0, MAX_PROPERTIES).map(([name, schema]): ShapeProperty => {
      const { node: own } = resolve(schema)
      const shape = convert(schema, way, `${about}.${name}`, within, depth + 1)
      const value = way === 'in' ? defaultOf(own, shape) : undefined
      const description = textOf(own['description'])?.replace(/\s+/g, ' ').slice(0, 500)
      return {
        name,
        shape,
        required: required.has(name),
        ...(value !== undefined && { default: value }),
        ...(description !== undefined && { description }),
      }
    })
    return { kind: 'object', properties, nullable, ...(way === 'in' && others !== false && { open: true }) }
  }

  function text(node: Node, nullable: boolean, about: string, way: Direction): Shape {
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
    if (format !== undefined && Object.hasOwn(FORMATS, format))
      return { kind: FORMATS[format as keyof typeof FORMATS], nullable }
    if (way === 'out') return { kind: 'string', nullable }
    const lengths = sizes(node, 'minLength', 'maxLength')
    return { kind: 'string', nullable, ...lengths, ...patternOf(node, lengths, about, notes) }
  }

  /** A union of schemas: their common form, or any JSON. */
  function chosen(
    node: Node,
    way: Direction,
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
    if (first && shapes.every(({ kind }) => kind === 'string')) {
      notes.add(`${about} is one of several forms of text: lengths and patterns are not enforced.`)
      return { kind: 'string', nullable: nullable || shapes.some((shape) => shape.nullable) }
    }
    const lists = shapes.flatMap((shape) => (shape.kind === 'enum' ? [shape.values] : []))
    const values = [...new Set(lists.flat())]
    if (lists.length === shapes.length && values.length > 0 && values.length <= 50)
      return { kind: 'enum', values, nullable: nullable || shapes.some((shape) => shape.nullable) }
    // Only a hint if there are also properties.
    if (isNode(node['properties'])) {
      notes.add(`${about} is a union: only the common properties are checked.`)
      return undefined
    }
    const common = commonForm(shapes)
    if (common && common.properties.length <= MAX_PROPERTIES) {
      notes.add(
        `${about} is one of ${shapes.length} schemas: it is read as their common form, with the properties of each.`,
      )
      return { ...common, nullable: common.nullable || nullable }
    }
    notes.add(`${about} is a union: any JSON is accepted.`)
    return { kind: 'any', nullable: true }
  }
}
