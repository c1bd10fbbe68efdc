import type { FieldType } from '#contract'
import { lookUpKind, type PerKind } from '../../../blueprint/per-kind.ts'
import { sqlText } from '../../../codegen/encode/sql.ts'

/** `isTotal`: every value can be converted; otherwise the expression is NULL for some. */
type Conversion = { readonly sql: string; readonly isTotal: boolean }
/** SQL available for the row that gets a value. */
export type RowSql = {
  /** A unique number per row of the statement, from 1. */
  readonly number: string
  /** When the row was created, as ISO 8601. */
  readonly created: string
}
/** `words` describe the value; null if it differs per row. */
export type Fill = { readonly sql: string; readonly words: string }

/** How a column of a kind is migrated between versions. */
type FieldUpgrade = {
  /** SQL for a value as text. */
  asText(value: string): string
  /** Whether the column stores plain text, from which other kinds can be parsed. */
  readonly isTextual: boolean
  /** SQL that converts a value of another type; `value` itself if no conversion is needed. */
  convert(value: string, from: FieldType): Conversion
  /** The value for existing rows; `sample` is a realistic one. */
  fill(row: RowSql, sample: () => unknown): Fill
  /** A different value per row. If there are too few, the constraint stops the migration and nothing is lost. */
  distinct(row: RowSql): string
}

/** A random version 4 UUID per row. */
export const RANDOM_UUID = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`

/** The safe integer range of JavaScript. */
const SAFE = 9_007_199_254_740_991
/** The number of values in a range of fractions. */
const MANY_STEPS = 1_000_000

const TEXTUAL = { asText: (value: string) => value, isTextual: true }
const NUMERIC = { asText: (value: string) => `CAST(${value} AS TEXT)`, isTextual: false }
const nothing: Conversion = { sql: 'NULL', isTotal: false }
const kept = (sql: string): Conversion => ({ sql, isTotal: true })
const whereIt = (value: string, fits: string): Conversion => ({
  sql: `CASE WHEN ${fits} THEN ${value} END`,
  isTotal: false,
})

/** Parses a kind of text from other kinds: unchanged if equal, NULL if not text. */
const fromTexts =
  (kind: FieldType['kind'], read: (value: string, from: FieldType) => Conversion): FieldUpgrade['convert'] =>
  (value, from) => {
    if (from.kind === kind) return kept(value)
    return fieldUpgrade(from).isTextual ? read(value, from) : nothing
  }

/** As text, without what is beyond the limit. */
function cutTo(max: number | undefined, value: string, from: FieldType): string {
  const whole = fieldUpgrade(from).asText(value)
  const most = 'maxLength' in from ? from.maxLength : undefined
  return max === undefined || (most !== undefined && most <= max) ? whole : `substr(${whole}, 1, ${max})`
}

const KINDS: PerKind<FieldUpgrade> = {
  string: ({ max }) => ({
    ...TEXTUAL,
    convert: (value, from) => {
      return kept(cutTo(max, value, from))
    },
    fill: () => ({ sql: "''", words: 'an empty text' }),
    distinct: ({ number }) => `CAST(${number} AS TEXT)`,
  }),
  text: ({ max }) => ({
    ...TEXTUAL,
    convert: (value, from) => kept(cutTo(max, value, from)),
    fill: () => ({ sql: "''", words: 'an empty text' }),
    distinct: ({ number }) => `CAST(${number} AS TEXT)`,
  }),
  integer: (type) => ({
    ...NUMERIC,
    convert: (value, from) => within(toInteger(value, from), from, type),
    fill: () => fillNumber(type),
    distinct: ({ number }) => distinctNumber(number, type, (min, max) => [max - min, number]),
  }),
  number: (type) => ({
    ...NUMERIC,
    convert: (value, from) => within(toNumber(value, from), from, type),
    fill: () => fillNumber(type),
    distinct: ({ number }) =>
      distinctNumber(number, type, (min, max) => [MANY_STEPS, `${number} * ${(max - min) / MANY_STEPS}`]),
  }),
  boolean: () => ({
    asText: (value) => `CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`,
    isTextual: false,
    convert: (value, from) => {
      if (from.kind === 'boolean') return kept(value)
      const sql =
        from.kind === 'integer' || from.kind === 'number'
          ? `CASE ${value} WHEN 0 THEN 0 WHEN 1 THEN 1 END`
          : `CASE lower(${value}) WHEN 'true' THEN 1 WHEN 'yes' THEN 1 WHEN '1' THEN 1 WHEN 'false' THEN 0 WHEN 'no' THEN 0 WHEN '0' THEN 0 END`
      return { sql, isTotal: false }
    },
    fill: () => ({ sql: '0', words: 'false' }),
    distinct: ({ number }) => `${number} - 1`,
  }),
  date: () => ({
    ...TEXTUAL,
    convert: fromTexts('date', (value, from) =>
      from.kind === 'datetime'
        ? kept(`substr(${value}, 1, 10)`)
        : whereIt(value, `date(${value}) = ${value}`),
    ),
    fill: ({ created }) => ({
      sql: `substr(${created}, 1, 10)`,
      words: 'the day on which the row was made',
    }),
    distinct: ({ number }) => `date('2000-01-01', '+' || ${number} || ' days')`,
  }),
  datetime: () => ({
    ...TEXTUAL,
    convert: fromTexts('datetime', (value, from) =>
      from.kind === 'date'
        ? kept(`${value} || 'T00:00:00.000Z'`)
        : whereIt(value, `${value} GLOB '????-??-??T??:??*Z' AND julianday(${value}) IS NOT NULL`),
    ),
    fill: ({ created }) => ({ sql: created, words: 'the time at which the row was made' }),
    distinct: ({ number }) => `strftime('%Y-%m-%dT%H:%M:%fZ', '2000-01-01', '+' || ${number} || ' seconds')`,
  }),
  email: () => ({
    ...TEXTUAL,
    // Stricter than necessary: the API must not return an address that it would reject.
    convert: fromTexts('email', (value) =>
      whereIt(
        value,
        `${value} GLOB '[a-zA-Z0-9]*@[a-zA-Z0-9]*.[a-zA-Z][a-zA-Z]*' AND ${value} NOT GLOB '*[^a-zA-Z0-9@._+-]*' AND ${value} NOT GLOB '*@*@*' AND ${value} NOT GLOB '*[._+-][@._+-]*' AND ${value} NOT GLOB '*[^a-zA-Z]'`,
      ),
    ),
    fill: () => ({ sql: "'unknown@example.invalid'", words: 'unknown@example.invalid' }),
    distinct: ({ number }) => `'unknown-' || ${number} || '@example.invalid'`,
  }),
  url: () => ({
    ...TEXTUAL,
    convert: fromTexts('url', (value) =>
      whereIt(
        value,
        `(${value} GLOB 'https://[a-zA-Z0-9]*' OR ${value} GLOB 'http://[a-zA-Z0-9]*') AND ${value} NOT GLOB '*[^a-zA-Z0-9:/._~?&=#-]*' AND ${value} NOT GLOB '*://*:*'`,
      ),
    ),
    fill: () => ({ sql: "'https://example.invalid/'", words: 'https://example.invalid/' }),
    distinct: ({ number }) => `'https://example.invalid/' || ${number}`,
  }),
  uuid: () => ({
    ...TEXTUAL,
    convert: fromTexts('uuid', () => nothing),
    fill: () => ({ sql: RANDOM_UUID, words: 'a random UUID' }),
    distinct: () => RANDOM_UUID,
  }),
  enum: ({ values }) => ({
    ...TEXTUAL,
    convert: (value, from) => {
      if (from.kind === 'enum' && from.values.every((one) => values.includes(one))) return kept(value)
      if (from.kind === 'json') return nothing
      const text = fieldUpgrade(from).asText(value)
      return whereIt(text, `${text} IN (${values.map(sqlText).join(', ')})`)
    },
    fill: () => ({ sql: sqlText(values[0]!), words: JSON.stringify(values[0]) }),
    distinct: ({ number }) =>
      `CASE ${number} ${values.map((value, index) => `WHEN ${index + 1} THEN ${sqlText(value)}`).join(' ')} END`,
  }),
  json: ({ shape }) => ({
    asText: (value) => value,
    isTextual: false,
    convert: (value, from) =>
      from.kind === 'json' && JSON.stringify(from.shape) === JSON.stringify(shape) ? kept(value) : nothing,
    fill: (_row, sample) => {
      const text = JSON.stringify(sample())
      return { sql: sqlText(text), words: text }
    },
    distinct: ({ number }) => `json_quote(${number})`,
  }),
}

export const fieldUpgrade = lookUpKind(KINDS)

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }

function toInteger(value: string, { kind }: FieldType): Conversion {
  if (kind === 'boolean' || kind === 'integer') return kept(value)
  return kind === 'number'
    ? whereIt(`CAST(round(${value}) AS INTEGER)`, `abs(${value}) < ${SAFE}`)
    : whereIt(
        `CAST(${value} AS INTEGER)`,
        `CAST(CAST(${value} AS INTEGER) AS TEXT) = ${value} AND length(${value}) < 16`,
      )
}

function toNumber(value: string, { kind }: FieldType): Conversion {
  if (kind === 'integer' || kind === 'number' || kind === 'boolean') return kept(value)
  return whereIt(
    `CAST(${value} AS REAL)`,
    `${value} = CAST(CAST(${value} AS INTEGER) AS TEXT) OR ${value} = CAST(CAST(${value} AS REAL) AS TEXT)`,
  )
}

/** New bounds clamp existing values. */
function within(inner: Conversion, from: FieldType, to: Bounds): Conversion {
  const known: Bounds =
    from.kind === 'boolean'
      ? { min: 0, max: 1 }
      : from.kind === 'integer' || from.kind === 'number'
        ? from
        : {}
  const low = to.min !== undefined && !(known.min !== undefined && known.min >= to.min) ? to.min : undefined
  const high = to.max !== undefined && !(known.max !== undefined && known.max <= to.max) ? to.max : undefined
  if (low === undefined && high === undefined) return inner
  const raised = low === undefined ? inner.sql : `max(${inner.sql}, ${low})`
  return { sql: high === undefined ? raised : `min(${raised}, ${high})`, isTotal: inner.isTotal }
}

function fillNumber({ min, max }: Bounds): Fill {
  const least = Math.min(Math.max(0, min ?? 0), max ?? Infinity)
  return { sql: String(least), words: String(least) }
}

function distinctNumber(
  number: string,
  { min, max }: Bounds,
  steps: (min: number, max: number) => [count: number, step: string],
): string {
  if (min === undefined) return max === undefined ? number : `${Math.floor(max)} - ${number}`
  if (max === undefined) return `${Math.ceil(min)} + ${number}`
  const [count, step] = steps(min, max)
  return `CASE WHEN ${number} <= ${count} THEN ${min} + ${step} END`
}
