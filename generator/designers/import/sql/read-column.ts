import { readReference } from './read-constraint.ts'
import { readExpression } from './read-expression.ts'
import type { Column, Table } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

const MAX_COLUMNS = 120

const CONSTRAINTS = new Set(
  `not null default primary unique auto_increment autoincrement generated references check collate comment constraint on
   character as virtual stored identity charset encode`.split(/\s+/),
)

export function readColumn(reader: Reader, table: Table, enums: ReadonlyMap<string, string[]>): void {
  const name = reader.name(`a column of ${table.name}`)
  const column: Column = {
    name,
    type: '',
    size: undefined,
    scale: undefined,
    isArray: false,
    values: undefined,
    notNull: false,
    unique: false,
    isNumbered: false,
    isComputed: false,
    default: undefined,
    comment: undefined,
  }
  if (table.byName.has(name.toLowerCase()))
    reader.fail(`The column ${name} of ${table.name} is defined twice.`, 'Keep one of the two.')
  readType(reader, column, enums)
  if (table.columns.length >= MAX_COLUMNS)
    reader.fail(
      `The table ${table.name} has more than ${MAX_COLUMNS} columns, and at most ${MAX_COLUMNS} are supported.`,
      'Split it.',
    )
  table.columns.push(column)
  table.byName.set(name.toLowerCase(), column)
  while (!reader.isDone() && !reader.is(',') && !reader.is(')') && !reader.is(';'))
    readRule(reader, column, table)
}

/** Words that may follow the first word of a type. */
const TYPE_WORDS = new Set(
  'varying precision unsigned signed zerofill with without local time zone large object binary array'.split(
    ' ',
  ),
)

function readType(reader: Reader, column: Column, enums: ReadonlyMap<string, string[]>): void {
  const words: string[] = []
  for (;;) {
    const token = reader.peek()
    if (!token || token.kind === 'sign' || token.kind === 'text' || token.kind === 'number') break
    const word = token.text.toLowerCase()
    const isVarying = word === 'character' && reader.is('varying', 1)
    if (
      token.kind === 'word' &&
      CONSTRAINTS.has(word) &&
      !isVarying &&
      !(word === 'character' && words.length === 0)
    )
      break
    if (words.length > 0 && !TYPE_WORDS.has(word)) break
    words.push(reader.name('a type').toLowerCase())
    if (reader.accept('(')) {
      const inner = reader.inBrackets()
      const texts = inner.filter(({ kind }) => kind === 'text').map(({ text }) => text)
      const numbers = inner.filter(({ kind }) => kind === 'number').map(({ text }) => Number(text))
      if (texts.length > 0) column.values = texts
      else [column.size, column.scale] = numbers
    }
    while (reader.accept('[')) {
      while (!reader.isDone() && !reader.accept(']')) reader.next()
      column.isArray = true
    }
  }
  if (reader.accept('array')) column.isArray = true
  const kept = words.filter(
    (word) => !['unsigned', 'signed', 'zerofill', 'binary'].includes(word) || words.length === 1,
  )
  column.type = kept.join(' ')
  if (column.type.endsWith(' array')) {
    column.isArray = true
    column.type = column.type.replace(/ array$/, '')
  }
  column.values ??= enums.get(column.type)
  if (/^(small|big)?serial\d?$/.test(column.type)) column.isNumbered = true
}

/** Column options that do not matter: with a value, and without. */
const OPTIONS = ['collate', 'charset', 'column_format', 'storage', 'compression', 'initially', 'encode']
const FLAGS = [
  'asc',
  'desc',
  'visible',
  'invisible',
  'stored',
  'virtual',
  'persisted',
  'deferrable',
  'no',
  'inherit',
  'valid',
]

function readRule(reader: Reader, column: Column, table: Table): void {
  if (reader.accept('constraint')) reader.name('a constraint')
  else if (reader.accept('not', 'null')) column.notNull = true
  else if (reader.accept('null')) column.notNull = false
  else if (reader.accept('primary', 'key')) {
    table.primaryKey = [column.name]
    if (!reader.accept('asc')) reader.accept('desc')
  } else if (reader.accept('unique')) {
    reader.accept('key')
    column.unique = true
  } else if (reader.accept('auto_increment') || reader.accept('autoincrement')) column.isNumbered = true
  else if (reader.accept('default')) column.default = readExpression(reader)
  else if (reader.accept('generated')) {
    if (!reader.accept('always')) reader.accept('by', 'default')
    reader.accept('as')
    if (reader.accept('identity')) {
      column.isNumbered = true
      if (reader.accept('(')) reader.inBrackets()
    } else {
      column.isComputed = true
      if (reader.accept('(')) reader.inBrackets()
    }
  } else if (reader.accept('as')) {
    column.isComputed = true
    if (reader.accept('(')) reader.inBrackets()
  } else if (reader.accept('references')) table.foreignKeys.push(readReference(reader, [column.name]))
  else if (reader.accept('check')) {
    reader.expect('(', `after CHECK of ${column.name}`)
    table.checks.push(reader.inBrackets())
  } else if (reader.accept('comment')) column.comment = reader.next()?.text
  else if (reader.accept('on', 'update')) readExpression(reader)
  else if (reader.accept('on', 'conflict')) reader.next()
  else if (reader.accept('not', 'deferrable') || reader.accept('not', 'enforced')) return
  else if (reader.accept('(')) reader.inBrackets()
  else if (reader.accept('character', 'set') || OPTIONS.some((word) => reader.accept(word))) reader.next()
  else if (!FLAGS.some((word) => reader.accept(word))) {
    reader.fail(
      `Expected "," or ")" in the table ${table.name} after ${column.name}, found ${reader.found()}.`,
      'Separate columns with commas, and close the parenthesis after the last one.',
    )
  }
}
