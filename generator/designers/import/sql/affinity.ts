import type { Dialect } from './dialect.ts'

/** Types that say more than their affinity. */
const MEANINGFUL =
  /^(bool|boolean|bit|(tiny|small|medium|big)?int(eger)?\d?|(small|big)?serial\d?|year|numeric|decimal|dec|number|fixed|real|float\d?|double|double precision|(small)?money|date|(timestamp|timestamptz|datetime\d?|smalldatetime|datetimeoffset)( with(out)? time zone)?|uuid|uniqueidentifier|jsonb?|n?(var)?char\d?|character( varying)?|varying|bpchar|string|citext|n?text|(tiny|medium|long)text|clob|name|any|user-defined)$/

/** SQLite takes any words as a type, and looks for these. */
const AFFINITIES = [
  [/int/, 'integer'],
  [/char|clob/, 'varchar'],
  [/text/, 'text'],
  [/blob/, 'blob'],
  [/real|floa|doub/, 'real'],
] as const

/** What SQLite takes a type for that no database names so. Where the database is unknown, only types of several words. */
export function affinityOf(type: string, dialect: Dialect): string {
  if (type === '' || MEANINGFUL.test(type) || (dialect === undefined && !type.includes(' '))) return type
  return AFFINITIES.find(([sign]) => sign.test(type))?.[1] ?? type
}
