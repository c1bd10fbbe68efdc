import type { Json, Shape } from '#contract'
import { z } from 'zod'
import { rangeOf, SPREAD, spreadOf } from './number-range.ts'
import { lookUpKind, type PerKind } from './per-kind.ts'
import { MANY_SAMPLES, patternRegExp, patternSamples } from './text-pattern.ts'

type Value = string | number | boolean
export type Coerced = { ok: true; value: Value; expected: string } | { ok: false; expected: string }

/** What the linter knows about a kind of field. */
type BlueprintKind = {
  /** The shape of a stored value in requests and responses. */
  shape(nullable: boolean): Shape
  /** Whether its values are strings, and so valid wherever any string is. */
  readonly isText: boolean
  /** Coerces a value to the type if that loses nothing (`"3"` → 3, `"Draft"` → `draft`), and says what was expected. */
  coerce(value: Value): Coerced
  /** Whether a JSON value of a request or response is valid. */
  holds(value: Json): boolean
  /** Number of distinct values; Infinity unless it is small. */
  countValues(): number
  /** Whether the number of values is unlimited. */
  readonly isEndless: boolean
}

const EMAIL = z.email()
const DATE = z.iso.date()
const UUID = z.uuid()
const DATETIME = z.iso.datetime({ offset: true })
const WEB_ADDRESS = z.url({ protocol: /^https?$/ })

/** A string in the format of a schema. */
const format = (
  kind: 'date' | 'datetime' | 'email' | 'uuid',
  schema: z.ZodType,
  expected: string,
): BlueprintKind => ({
  shape: (nullable) => ({ kind, nullable }),
  isText: true,
  coerce: (value) => text(value, expected, schema.safeParse(value).success),
  holds: (value) => schema.safeParse(value).success,
  countValues: () => Infinity,
  isEndless: true,
})

const KINDS: PerKind<BlueprintKind> = {
  string: (type) => ({
    // What is stored already may not match a pattern.
    shape: (nullable) => ({ kind: 'string', nullable, ...(type.max !== undefined && { max: type.max }) }),
    isText: true,
    coerce: (value) => {
      const expected = type.max === undefined ? 'a line of text' : `at most ${type.max} characters`
      if (typeof value === 'string' && /[\r\n]/.test(value))
        return { ok: false, expected: `${expected} without line breaks` }
      if (!matches(String(value), type)) return { ok: false, expected: `text that matches ${type.pattern}` }
      return text(value, expected, String(value).length <= (type.max ?? Infinity))
    },
    holds: (value) => typeof value === 'string' && isBetween(value.length, type) && matches(value, type),
    countValues: () => {
      if (type.pattern === undefined) return type.max === 1 ? 26 : Infinity
      const count = patternSamples({ ...type, pattern: type.pattern }, MANY_SAMPLES).length
      return count < MANY_SAMPLES ? count : Infinity
    },
    isEndless: type.max === undefined && type.pattern === undefined,
  }),
  text: (type) => ({
    shape: (nullable) => ({ kind: 'string', nullable, ...(type.max !== undefined && { max: type.max }) }),
    isText: true,
    coerce: (value) => {
      const expected = type.max === undefined ? 'text' : `at most ${type.max} characters`
      return text(value, expected, String(value).length <= (type.max ?? Infinity))
    },
    holds: (value) => typeof value === 'string' && isBetween(value.length, type),
    countValues: () => (type.max === 1 ? 26 : Infinity),
    isEndless: type.max === undefined,
  }),
  integer: (type) => ({
    shape: (nullable) => ({ kind: 'integer', nullable, ...boundsOf(type) }),
    isText: false,
    coerce: (value) => number(value, `a whole number${range(type)}`, type, Number.isSafeInteger),
    holds: (value) => Number.isSafeInteger(value) && isBetween(Number(value), type),
    countValues: () => {
      const { low, high } = rangeOf(type)
      return high - low + 1
    },
    isEndless: false,
  }),
  number: (type) => ({
    shape: (nullable) => ({ kind: 'number', nullable, ...boundsOf(type) }),
    isText: false,
    coerce: (value) => number(value, `a number${range(type)}`, type, Number.isFinite),
    holds: (value) => typeof value === 'number' && isBetween(value, type),
    countValues: () => {
      const { length } = spreadOf(type)
      return length < SPREAD ? length : Infinity
    },
    isEndless: false,
  }),
  boolean: () => ({
    shape: (nullable) => ({ kind: 'boolean', nullable }),
    isText: false,
    coerce: (value) => {
      const expected = 'true or false'
      if (typeof value === 'boolean') return { ok: true, value, expected }
      const word = String(value).toLowerCase()
      return ['true', 'false'].includes(word)
        ? { ok: true, value: word === 'true', expected }
        : { ok: false, expected }
    },
    holds: (value) => typeof value === 'boolean',
    countValues: () => 2,
    isEndless: false,
  }),
  date: () => format('date', DATE, 'a day such as 2026-05-31'),
  datetime: () => format('datetime', DATETIME, 'an instant such as 2026-05-31T09:00:00Z'),
  email: () => format('email', EMAIL, 'an e-mail address'),
  url: () => ({
    shape: (nullable) => ({ kind: 'url', nullable }),
    isText: true,
    coerce: (value) => text(value, 'a web address', typeof value === 'string' && isWebAddress(value)),
    holds: (value) => WEB_ADDRESS.safeParse(value).success,
    countValues: () => Infinity,
    isEndless: true,
  }),
  uuid: () => format('uuid', UUID, 'a UUID'),
  enum: ({ values }) => ({
    shape: (nullable) => ({ kind: 'enum', values, nullable }),
    isText: true,
    coerce: (value) => {
      const expected = `one of ${values.slice(0, 8).join(', ')}${values.length > 8 ? ', …' : ''}`
      const same = values.find((option) => option === String(value))
      const alike = values.filter((option) => option.toLowerCase() === String(value).toLowerCase())
      const found = same ?? (alike.length === 1 ? alike[0] : undefined)
      return found === undefined ? { ok: false, expected } : { ok: true, value: found, expected }
    },
    holds: (value) => typeof value === 'string' && values.includes(value),
    countValues: () => values.length,
    isEndless: false,
  }),
  json: ({ shape }) => ({
    shape: (nullable) => ({ ...shape, nullable }),
    isText: false,
    coerce: () => ({ ok: false, expected: 'JSON, which cannot have a default or an example' }),
    holds: () => true,
    countValues: () => Infinity,
    isEndless: false,
  }),
}

export const blueprintKind = lookUpKind(KINDS)

function isWebAddress(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && ['http:', 'https:'].includes(url.protocol)
}

function text(value: Value, expected: string, fits: boolean): Coerced {
  return fits ? { ok: true, value: String(value), expected } : { ok: false, expected }
}

const matches = (value: string, { pattern }: { readonly pattern?: string | undefined }): boolean =>
  pattern === undefined || patternRegExp(pattern).test(value)

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }

const boundsOf = ({ min, max }: Bounds) => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
})

const isBetween = (measure: number, { min = -Infinity, max = Infinity }: Bounds) =>
  measure >= min && measure <= max

function number(value: Value, expected: string, bounds: Bounds, isKind: (value: number) => boolean): Coerced {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const fits = typeof parsed === 'number' && isKind(parsed) && isBetween(parsed, bounds)
  return fits ? { ok: true, value: parsed, expected } : { ok: false, expected }
}

function range({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of at least ${min}`
  return max === undefined ? '' : ` of at most ${max}`
}
