export type JsonSchema = Record<string, unknown>

/** Values beyond these add nothing to a schema. */
const MAX_EXAMPLES = 20
const MAX_ITEMS = 20
const MAX_DEPTH = 20

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const FORMATS: readonly (readonly [string, RegExp])[] = [
  ['date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['uuid', /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i],
  ['email', /^[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,5}$/],
  ['uri', /^https?:\/\/[^\s]{1,2000}$/],
]

/** The schema that all of the values have: what occurs in each is required. */
export function schemaOfExamples(values: readonly unknown[], depth = 0): JsonSchema {
  const given = values.slice(0, MAX_EXAMPLES).filter((value) => value !== null && value !== undefined)
  const nullable = values.includes(null) ? { nullable: true } : {}
  if (given.length === 0 || depth > MAX_DEPTH) return { ...nullable }
  if (given.every(isObject)) {
    const names = [...new Set(given.flatMap((value) => Object.keys(value)))]
    const required = names.filter((name) => given.every((value) => Object.hasOwn(value, name)))
    const properties = names.map((name) => {
      const inner = given.filter((value) => Object.hasOwn(value, name)).map((value) => value[name])
      return [name, schemaOfExamples(inner, depth + 1)] as const
    })
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length > 0 && { required }),
      ...nullable,
    }
  }
  if (given.every((value) => Array.isArray(value))) {
    const items = given.flat().slice(0, MAX_ITEMS)
    return { type: 'array', items: items.length > 0 ? schemaOfExamples(items, depth + 1) : {}, ...nullable }
  }
  if (given.every((value) => typeof value === 'boolean')) return { type: 'boolean', ...nullable }
  if (given.every((value) => typeof value === 'number')) {
    const isWhole = given.every((value) => Number.isSafeInteger(value))
    return { type: isWhole ? 'integer' : 'number', ...nullable }
  }
  if (given.every((value) => typeof value === 'string')) {
    const format = FORMATS.find(([, pattern]) => given.every((value) => pattern.test(value)))?.[0]
    return { type: 'string', ...(format !== undefined && { format }), ...nullable }
  }
  return { ...nullable }
}
