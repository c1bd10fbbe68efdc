import type { FieldType } from '#contract'
import type { Column } from './table-definition.ts'

const DECIMAL = /^(numeric|decimal|dec|number|fixed)$/

/** Digits that a JSON number keeps in any case. */
const EXACT_DIGITS = 15

/** `numeric(5, 2)`: at most 999.99. */
export function decimalType({ size, scale = 0, isUnsigned }: Column): FieldType {
  if (size === undefined || scale < 0 || scale > size)
    return { kind: size !== undefined && scale === 0 ? 'integer' : 'number', ...(isUnsigned && { min: 0 }) }
  const most =
    size <= EXACT_DIGITS ? Number(`${'9'.repeat(size - scale) || '0'}.${'9'.repeat(scale)}`) : undefined
  const bounds =
    most === undefined ? (isUnsigned ? { min: 0 } : {}) : { min: isUnsigned ? 0 : -most, max: most }
  return scale === 0 ? { kind: 'integer', ...bounds } : { kind: 'number', ...bounds }
}

/** Whether it has more digits than JSON numbers keep. */
export const isLargerThanJson = ({ type, size = 0 }: Column): boolean =>
  /^(bigint|int8|bigserial|serial8)$/.test(type) || (DECIMAL.test(type) && size > EXACT_DIGITS)

/** The number of decimals, where the type fixes it. */
export const scaleOf = (column: Column | undefined): number | undefined =>
  column && column.size !== undefined && DECIMAL.test(column.type) ? (column.scale ?? 0) : undefined
