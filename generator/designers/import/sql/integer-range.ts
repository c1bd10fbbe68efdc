import type { Dialect } from './dialect.ts'
import type { Column } from './table-definition.ts'

const BITS: Record<string, number> = {
  tinyint: 8,
  int1: 8,
  smallint: 16,
  int2: 16,
  smallserial: 16,
  serial2: 16,
  mediumint: 24,
  int3: 24,
  int: 32,
  integer: 32,
  int4: 32,
  serial: 32,
  serial4: 32,
}

/** The range of an integer type. SQLite has none: its types are recommendations. */
export function integerRange({ type, isUnsigned }: Column, dialect: Dialect): Column['range'] {
  if (dialect === undefined || dialect === 'sqlite') return undefined
  if (type === 'year' && dialect === 'mysql') return { min: 1901, max: 2155 }
  const bits = BITS[type]
  const isPositive = isUnsigned || (type === 'tinyint' && dialect === 'sqlserver')
  if (bits === undefined) return isPositive && /int/.test(type) ? { min: 0 } : undefined
  return isPositive ? { min: 0, max: 2 ** bits - 1 } : { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }
}
