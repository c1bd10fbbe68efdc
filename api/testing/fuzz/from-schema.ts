import * as fc from 'fast-check'

/** A JSON Schema, as far as the document of this API uses them. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}
export type Schemas = Readonly<Record<string, Schema>>

/** Values that fit a schema. */
export function valid(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => valid(one, schemas)
  if (schema.$ref !== undefined) return inner(schemas[schema.$ref.replace(/^.*\//, '')] ?? {})
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const kinds = schema.anyOf ?? schema.oneOf
  if (kinds !== undefined) return fc.oneof(...kinds.map(inner))
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {})
      return fc.record(Object.fromEntries(properties.map(([name, one]) => [name, inner(one)])), {
        requiredKeys: [...(schema.required ?? [])],
      })
    }
    case 'array':
      return fc.array(inner(schema.items ?? {}), { maxLength: 3 })
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.ceil(schema.minimum ?? -1000),
        max: Math.min(schema.maximum ?? 1000, 1e9),
      })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern))
      return fc.oneof(
        fc.constantFrom('A to-do API', 'a library with books'),
        fc.string({
          minLength: schema.minLength ?? 0,
          maxLength: Math.min(schema.maxLength ?? 40, 40),
          unit: 'grapheme',
        }),
      )
    default:
      return fc.jsonValue()
  }
}

/** Values that fit, and of an object only what it must have. */
export function minimal(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const { required = [], properties = {} } = schema
  const needed = required.map((name) => [name, valid(properties[name] ?? {}, schemas)])
  return fc.record(Object.fromEntries(needed))
}

/** What programs stumble over, whatever was asked of them. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\u0000',
    '\uD800',
    '\u202E\u200B',
    '٣',
    'İ',
    '💥'.repeat(50),
    '../../etc/passwd',
    '%00',
    "' OR 1=1 --",
    '<script>',
    '__proto__',
    'constructor',
    -0,
    1e308,
    -1,
    2 ** 53,
    true,
    [],
    {},
    [[[[[]]]]],
    { toString: null, valueOf: 1, length: 1e9 },
    'x'.repeat(30_000),
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
)

/** Values that fit, but for one or two places. */
export function nearlyValid(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const broken = fc
    .tuple(valid(schema, schemas), anything, fc.nat(), fc.boolean())
    .map(([value, other, at, adds]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return other
      const names = Object.keys(value)
      const name = adds ? `other${at % 7}` : names[at % Math.max(names.length, 1)]
      return name === undefined ? other : { ...value, [name]: other }
    })
  return fc.oneof(
    { weight: 2, arbitrary: valid(schema, schemas) },
    { weight: 3, arbitrary: broken },
    anything,
  )
}
