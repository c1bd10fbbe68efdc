import { ROW_NAME, type FieldType, type Shape } from '#contract'
import { shapeOfField } from '../../../blueprint/lint/shape-compat.ts'
import { decimalType } from './decimal-type.ts'
import type { Column } from './table-definition.ts'

type Found = { readonly type: FieldType; readonly note?: string }

const ANY: Shape = { kind: 'any', nullable: false }

/** The field type of a column, and what it does not cover. */
export function typeOfColumn(column: Column): Found {
  const one = elementType(column)
  if (!column.isArray && !isSet(column)) return one
  const items = isSet(column)
    ? { kind: 'enum' as const, values: column.values ?? ['?'], nullable: false }
    : column.type === 'any'
      ? ANY
      : shapeOf(one.type)
  const note =
    column.type === 'any' ? 'is an array of a type that is not named: it takes any values' : one.note
  return {
    type: { kind: 'json', shape: { kind: 'array', items, nullable: false } },
    ...(note !== undefined && { note }),
  }
}

const isSet = ({ type, values = [] }: Column): boolean => type === 'set' && values.every(isSayable)

const shapeOf = (type: FieldType): Shape => {
  switch (type.kind) {
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'uuid':
    case 'enum':
      return shapeOfField(type, false)
    case 'json':
      return type.shape
    default:
      return { kind: 'string' as const, nullable: false }
  }
}

const LONG_TEXT =
  /^(body|content|contents|text|description|notes?|comments?|bio|summary|message|details|remarks?)$/
const MOST_VALUES = 50

function elementType(column: Column): Found {
  const { type, size, values, range, parts } = column
  if (parts !== undefined) return compositeType(parts)
  if (values !== undefined && values.length > 0) {
    const distinct = [...new Set(values)]
    if (distinct.length <= MOST_VALUES && distinct.every(isSayable))
      return { type: { kind: 'enum', values: distinct } }
    const why =
      distinct.length > MOST_VALUES ? `has ${distinct.length} values` : 'has an empty or a long value'
    return { type: { kind: 'string' }, note: `${why}: any text is accepted` }
  }
  if (
    /^(bool|boolean)$/.test(type) ||
    (type === 'tinyint' && size === 1) ||
    (/^bit( varying)?$/.test(type) && (size ?? 1) === 1 && type === 'bit')
  )
    return { type: { kind: 'boolean' } }
  if (/^(tiny|small|medium|big)?int(eger)?\d?$|^(small|big)?serial\d?$|^year$|^int\d$/.test(type))
    return { type: { kind: 'integer', ...range } }
  if (/^(numeric|decimal|dec|number|fixed)$/.test(type)) return { type: decimalType(column) }
  if (/^(real|float\d?|double|double precision|money|smallmoney)$/.test(type))
    return { type: { kind: 'number', ...(column.isUnsigned && { min: 0 }) } }
  if (type === 'date') return { type: { kind: 'date' } }
  if (/^(timestamp|timestamptz|datetime\d?|smalldatetime|datetimeoffset)( with(out)? time zone)?$/.test(type))
    return { type: { kind: 'datetime' } }
  if (/^(uuid|uniqueidentifier)$/.test(type)) return { type: { kind: 'uuid' } }
  if (/^jsonb?$/.test(type)) return { type: { kind: 'json', shape: ANY } }
  if (
    /^(n?(var)?char\d?|((national|native) )?character( varying)?|(national )?(var)?char( varying)?|varying|bpchar|string|citext|n?text|(tiny|medium|long)text|clob|name|sysname|any)$/.test(
      type,
    ) ||
    type === ''
  ) {
    const isLong = /text|clob/.test(type) && LONG_TEXT.test(column.name.toLowerCase())
    if (isLong) return { type: { kind: 'text' } }
    const isBounded = size !== undefined && size >= 1 && size <= 100_000 && !/text|clob/.test(type)
    return { type: { kind: 'string', ...(isBounded && { maxLength: size }) } }
  }
  const said = type === 'user-defined' ? 'of a type that is not named' : column.declared.toLowerCase() || type
  return { type: { kind: 'string' }, note: `is ${said}, and is kept as text` }
}

/** A composite type is an object; one within another is any JSON. */
function compositeType(parts: readonly Column[]): Found {
  if (!parts.every(({ name }) => ROW_NAME.test(name)) || parts.length === 0)
    return { type: { kind: 'json', shape: ANY } }
  const properties = parts.map((part) => ({
    name: part.name,
    shape: part.parts === undefined ? nullable(shapeOf(typeOfColumn(part).type)) : { ...ANY, nullable: true },
    required: false,
  }))
  return { type: { kind: 'json', shape: { kind: 'object', properties, nullable: false } } }
}

const nullable = (shape: Shape): Shape => ({ ...shape, nullable: true })

const isSayable = (value: string): boolean => value !== '' && value.length <= 80
