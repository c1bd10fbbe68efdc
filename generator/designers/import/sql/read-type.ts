import type { Catalog, NamedType } from './catalog.ts'
import { affinityOf } from './affinity.ts'
import { integerRange } from './integer-range.ts'
import type { Column, Table } from './table-definition.ts'
import type { Reader } from './token-reader.ts'
import type { Token } from './tokens.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** What may follow a type, and begins no further word of it. */
const AFTER_TYPE = words(
  `not null default primary unique auto_increment autoincrement generated references check collate comment constraint on
   character as virtual stored identity charset encode rowguidcol sparse persisted hidden masked clustered nonclustered
   invisible visible storage compression column_format deferrable initially using key options distkey sortkey srid first
   after for filestream encrypted codec include index`,
)
/** Words that may follow the first word of a type, in any database. */
const TYPE_WORDS = words(
  'varying precision unsigned signed zerofill with without local time zone large object binary array varbinary',
)
/** Further ones, where a type may be any words. */
const FREE_WORDS = words(
  'big int integer character char text varchar sub_type byte ascii unicode segment size native national',
)
const NATIONAL = words('character char varchar varying text')
const INTERVAL = words('year month day hour minute second to')
const SIGNEDNESS = words('unsigned signed zerofill binary')

/** Reads the type of a column, and what a type of its own name brings along. */
export function readType(reader: Reader, column: Column, given: { catalog: Catalog; table: Table }): void {
  const { catalog, table } = given
  const start = reader.position()
  const parts: string[] = []
  let own: NamedType | undefined
  while (isPartOfType(reader, parts)) {
    const { name, schema } = reader.tableName('a type')
    const word = name.toLowerCase()
    own ??= catalog.types.get(`${schema ?? ''}.${word}`.toLowerCase()) ?? catalog.types.get(word)
    parts.push(word)
    if (reader.accept('-', 'defined')) parts.push('-defined')
    if (reader.accept('(')) readSize(reader.inBrackets(), column)
    while (reader.accept('[')) {
      while (!reader.isEnd() && !reader.accept(']')) reader.next()
      column.isArray = true
    }
  }
  column.declared = reader.source(start)
  if (parts.at(-1) === 'array') {
    column.isArray = true
    parts.pop()
    if (parts.length === 0) parts.push('any')
  }
  column.isUnsigned = parts.includes('unsigned') || parts.includes('zerofill')
  const kept = parts.filter((word) => !SIGNEDNESS.has(word) || parts.length === 1)
  if (kept[0] === 'interval') kept.length = 1
  column.type = kept.join(' ').replace(' -', '-')
  if (reader.dialect === 'sqlserver' && column.type === 'timestamp') column.type = 'rowversion'
  // A number that the database sets at each change.
  if (column.type === 'rowversion') column.isComputed = true
  if (/^(small|big)?serial\d?$/.test(column.type)) column.isNumbered = true
  if (column.type === 'citext') column.ignoresCase = true
  if (own) takeNamed(column, own, table)
  else {
    if (reader.dialect === 'sqlite' || reader.dialect === undefined)
      column.type = affinityOf(column.type, reader.dialect)
    column.range = integerRange(column, reader.dialect)
  }
}

function isPartOfType(reader: Reader, parts: readonly string[]): boolean {
  const token = reader.peek()
  if (!token || (token.kind !== 'word' && token.kind !== 'name')) return false
  const word = token.text.toLowerCase()
  const isFirst = parts.length === 0
  if (isFirst && reader.is('.', 1)) return true
  if (isFirst && word === 'character') return !reader.is('set', 1)
  if (token.kind === 'word' && AFTER_TYPE.has(word)) return word === 'character' && isNational(parts, word)
  if (isFirst) return true
  if (token.kind === 'name') return false
  if (word === 'with' || word === 'without') return reader.is('time', 1) || reader.is('local', 1)
  if (TYPE_WORDS.has(word) || isNational(parts, word)) return true
  if (parts[0] === 'interval') return INTERVAL.has(word)
  // A missing comma at the end of a line is far more likely than a type of two lines.
  const isFree = reader.dialect === 'sqlite' || (reader.dialect === undefined && FREE_WORDS.has(word))
  return isFree && reader.isSameLine()
}

const isNational = ([first]: readonly string[], word: string): boolean =>
  (first === 'national' || first === 'native' || first === 'varying') && NATIONAL.has(word)

/** `(10, 2)`, `(max)`, or the values of an enumeration. */
function readSize(inner: readonly Token[], column: Column): void {
  const texts = inner.filter(({ kind }) => kind === 'text').map(({ text }) => text)
  const numbers = inner.filter(({ kind }) => kind === 'number').map(({ text }) => Number(text))
  if (texts.length > 0) column.values = texts
  else if (numbers.length > 0) [column.size, column.scale] = numbers
}

/** A column of a domain has its type, its rules and its default. */
function takeNamed(column: Column, { column: base, checks }: NamedType, table: Table): void {
  const { declared, isArray } = column
  const { name, comment, unique } = column
  column.domain = column.type
  Object.assign(column, { ...base, name, comment, unique, declared, domain: column.domain })
  column.isArray = isArray || base.isArray
  for (const check of checks)
    table.checks.push(
      check.map((token) =>
        token.kind === 'word' && token.text.toLowerCase() === 'value'
          ? { ...token, kind: 'name', text: name }
          : token,
      ),
    )
}
