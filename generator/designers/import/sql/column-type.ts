import type { FieldType } from '#contract'
import type { Column } from './table-definition.ts'

/** The field type of a column, and what it does not cover. */
export function typeOfColumn(column: Column): { readonly type: FieldType; readonly note?: string } {
  const one = elementType(column)
  if (!column.isArray && !isSet(column)) return one
  const items = isSet(column)
    ? { kind: 'enum' as const, values: column.values ?? ['?'], nullable: false }
    : shapeOf(one.type)
  return { ...one, type: { kind: 'json', shape: { kind: 'array', items, nullable: false } } }
}

const isSet = ({ type }: Column): boolean => type === 'set'

const shapeOf = (type: FieldType) => {
  switch (type.kind) {
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'uuid':
      return { kind: type.kind, nullable: false }
    default:
      return { kind: 'string' as const, nullable: false }
  }
}

const LONG_TEXT =
  /^(body|content|contents|text|description|notes?|comments?|bio|summary|message|details|remarks?)$/

function elementType(column: Column): { type: FieldType; note?: string } {
  const { type, size, scale, values } = column
  if (values !== undefined && values.length > 0 && values.length <= 50 && values.every(isSayable))
    return { type: { kind: 'enum', values: [...new Set(values)] } }
  if (
    /^(bool|boolean)$/.test(type) ||
    (type === 'tinyint' && size === 1) ||
    (type === 'bit' && (size ?? 1) === 1)
  )
    return { type: { kind: 'boolean' } }
  if (/^(tiny|small|medium|big)?int(eger)?\d?$|^(small|big)?serial\d?$|^year$|^int\d$/.test(type))
    return { type: { kind: 'integer' } }
  if (/^(numeric|decimal|dec|number|fixed)$/.test(type))
    return { type: { kind: size !== undefined && !scale ? 'integer' : 'number' } }
  if (/^(real|float\d?|double|double precision|money|smallmoney)$/.test(type))
    return { type: { kind: 'number' } }
  if (type === 'date') return { type: { kind: 'date' } }
  if (/^(timestamp|timestamptz|datetime\d?|smalldatetime|datetimeoffset)( with(out)? time zone)?$/.test(type))
    return { type: { kind: 'datetime' } }
  if (/^(uuid|uniqueidentifier)$/.test(type)) return { type: { kind: 'uuid' } }
  if (/^jsonb?$/.test(type)) return { type: { kind: 'json', shape: { kind: 'any', nullable: false } } }
  if (
    /^(n?(var)?char\d?|character( varying)?|varying|bpchar|string|citext|n?text|(tiny|medium|long)text|clob|name)$/.test(
      type,
    ) ||
    type === ''
  ) {
    const isLong = /text|clob/.test(type) && LONG_TEXT.test(column.name.toLowerCase())
    if (isLong) return { type: { kind: 'text' } }
    const isBounded = size !== undefined && size >= 1 && size <= 100_000 && !/text|clob/.test(type)
    return { type: { kind: 'string', ...(isBounded && { maxLength: size }) } }
  }
  return { type: { kind: 'string' }, note: `is ${type}, and is kept as text` }
}

const isSayable = (value: string): boolean => value !== '' && value.length <= 80
