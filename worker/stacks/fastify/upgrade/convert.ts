import type { FieldType } from '#contract'
import { sqlText } from '../../../generate/render/encode/sql.ts'

/** `isTotal`: every value that there can be has a counterpart; otherwise the expression is NULL for some. */
export type Conversion = { readonly sql: string; readonly isTotal: boolean }

/** What a number of JavaScript can hold without rounding. */
const SAFE = 9_007_199_254_740_991

const isTextual = ({ kind }: FieldType) => !['integer', 'number', 'boolean', 'json'].includes(kind)

/** SQL for a value of one type as a value of another; the text of `value` itself where nothing is to be done. */
export function convert(value: string, from: FieldType, to: FieldType): Conversion {
  const kept: Conversion = { sql: value, isTotal: true }
  switch (to.kind) {
    case 'string':
    case 'text': {
      const whole = asText(value, from)
      const most = to.kind === 'string' ? to.maxLength : undefined
      const fits =
        most === undefined ||
        (from.kind === 'string' && from.maxLength !== undefined && from.maxLength <= most)
      return { sql: fits ? whole : `substr(${whole}, 1, ${most})`, isTotal: true }
    }
    case 'integer':
      if (from.kind === 'boolean') return within(kept, from, to)
      if (from.kind === 'integer') return within(kept, from, to)
      if (from.kind === 'number')
        return within(
          {
            sql: `CASE WHEN abs(${value}) < ${SAFE} THEN CAST(round(${value}) AS INTEGER) END`,
            isTotal: false,
          },
          from,
          to,
        )
      return within(
        {
          sql: `CASE WHEN CAST(CAST(${value} AS INTEGER) AS TEXT) = ${value} AND length(${value}) < 16 THEN CAST(${value} AS INTEGER) END`,
          isTotal: false,
        },
        from,
        to,
      )
    case 'number':
      if (from.kind === 'integer' || from.kind === 'number') return within(kept, from, to)
      if (from.kind === 'boolean') return within(kept, from, to)
      return within(
        {
          sql: `CASE WHEN ${value} = CAST(CAST(${value} AS INTEGER) AS TEXT) OR ${value} = CAST(CAST(${value} AS REAL) AS TEXT) THEN CAST(${value} AS REAL) END`,
          isTotal: false,
        },
        from,
        to,
      )
    case 'boolean':
      if (from.kind === 'boolean') return kept
      if (from.kind === 'integer' || from.kind === 'number')
        return { sql: `CASE ${value} WHEN 0 THEN 0 WHEN 1 THEN 1 END`, isTotal: false }
      return {
        sql: `CASE lower(${value}) WHEN 'true' THEN 1 WHEN 'yes' THEN 1 WHEN '1' THEN 1 WHEN 'false' THEN 0 WHEN 'no' THEN 0 WHEN '0' THEN 0 END`,
        isTotal: false,
      }
    case 'date':
      if (from.kind === 'date') return kept
      if (!isTextual(from)) return nothing
      if (from.kind === 'datetime') return { sql: `substr(${value}, 1, 10)`, isTotal: true }
      return { sql: `CASE WHEN date(${value}) = ${value} THEN ${value} END`, isTotal: false }
    case 'datetime':
      if (from.kind === 'datetime') return kept
      if (!isTextual(from)) return nothing
      if (from.kind === 'date') return { sql: `${value} || 'T00:00:00.000Z'`, isTotal: true }
      return {
        sql: `CASE WHEN ${value} GLOB '????-??-??T??:??*Z' AND julianday(${value}) IS NOT NULL THEN ${value} END`,
        isTotal: false,
      }
    case 'email':
      if (from.kind === 'email') return kept
      if (!isTextual(from)) return nothing
      // Stricter than it need be: an address that the API would refuse must not be answered by it.
      return {
        sql: `CASE WHEN ${value} GLOB '[a-zA-Z0-9]*@[a-zA-Z0-9]*.[a-zA-Z][a-zA-Z]*' AND ${value} NOT GLOB '*[^a-zA-Z0-9@._+-]*' AND ${value} NOT GLOB '*@*@*' AND ${value} NOT GLOB '*[._+-][@._+-]*' AND ${value} NOT GLOB '*[^a-zA-Z]' THEN ${value} END`,
        isTotal: false,
      }
    case 'url':
      if (from.kind === 'url') return kept
      if (!isTextual(from)) return nothing
      return {
        sql: `CASE WHEN (${value} GLOB 'https://[a-zA-Z0-9]*' OR ${value} GLOB 'http://[a-zA-Z0-9]*') AND ${value} NOT GLOB '*[^a-zA-Z0-9:/._~?&=#-]*' AND ${value} NOT GLOB '*://*:*' THEN ${value} END`,
        isTotal: false,
      }
    case 'uuid':
      return from.kind === 'uuid' ? kept : nothing
    case 'enum': {
      if (from.kind === 'enum' && from.values.every((one) => to.values.includes(one))) return kept
      if (from.kind === 'json') return nothing
      const text = asText(value, from)
      return {
        sql: `CASE WHEN ${text} IN (${to.values.map(sqlText).join(', ')}) THEN ${text} END`,
        isTotal: false,
      }
    }
    case 'json':
      if (from.kind === 'json' && JSON.stringify(from.shape) === JSON.stringify(to.shape)) return kept
      return nothing
  }
}

const nothing: Conversion = { sql: 'NULL', isTotal: false }

function asText(value: string, from: FieldType): string {
  switch (from.kind) {
    case 'integer':
    case 'number':
      return `CAST(${value} AS TEXT)`
    case 'boolean':
      return `CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`
    default:
      return value
  }
}

/** Bounds that were not there before move what lies outside to the nearest value inside. */
function within(
  inner: Conversion,
  from: FieldType,
  to: Extract<FieldType, { kind: 'integer' | 'number' }>,
): Conversion {
  const known =
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
