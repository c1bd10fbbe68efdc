import type { Catalog } from './catalog.ts'
import { readReference } from './read-constraint.ts'
import { readExpression } from './read-expression.ts'
import { readType } from './read-type.ts'
import {
  addColumn,
  columnNamed,
  makeColumn,
  MAX_COLUMNS,
  type Column,
  type Table,
} from './table-definition.ts'
import type { Reader } from './token-reader.ts'

export function readColumn(reader: Reader, table: Table, catalog: Catalog): Column {
  const name = reader.name(`a column of ${table.name}`)
  if (columnNamed(table, name)?.name.toLowerCase() === name.toLowerCase())
    reader.fail(`The column ${name} of ${table.name} is defined twice.`, 'Keep one of the two.')
  if (table.columns.length >= MAX_COLUMNS)
    reader.fail(
      `The table ${table.name} has more than ${MAX_COLUMNS} columns, and at most ${MAX_COLUMNS} are supported.`,
      'Split it.',
    )
  const column = makeColumn(name)
  addColumn(table, column)
  readDefinition(reader, column, { catalog, table })
  return column
}

/** The type of a column and its rules. */
export function readDefinition(
  reader: Reader,
  column: Column,
  given: { readonly catalog: Catalog; readonly table: Table },
): void {
  readType(reader, column, given)
  while (!reader.isEnd() && !reader.is(',') && !reader.is(')') && !reader.isNextStatement())
    readRule(reader, column, given.table)
}

/** Column options that do not matter: with a value, and without. */
const OPTIONS =
  `charset column_format storage compression initially encode encoding srid after codec using`.split(' ')
const FLAGS =
  `asc desc visible invisible stored virtual persisted deferrable inherit valid clustered nonclustered rowguidcol
  sparse hidden first enforced ascii unicode key distkey sortkey filestream not_null_enforced local`.split(
    /\s+/,
  )

function readRule(reader: Reader, column: Column, table: Table): void {
  const constraint = reader.accept('constraint') ? reader.name('a constraint').toLowerCase() : undefined
  const onDrop = (drop: () => void) => constraint !== undefined && table.drop.set(constraint, drop)
  if (reader.accept('not', 'null')) column.notNull = true
  else if (reader.accept('null')) return
  else if (reader.accept('primary', 'key')) {
    table.primaryKey = [column.name]
    onDrop(() => (table.primaryKey = []))
  } else if (reader.accept('unique')) {
    reader.accept('key')
    reader.accept('nulls', 'not', 'distinct')
    column.unique = true
    const drop = () => (column.unique = false)
    onDrop(drop)
    table.drop.set(`${table.name}_${column.name}_key`.toLowerCase(), drop)
  } else if (reader.accept('auto_increment') || reader.accept('autoincrement')) column.isNumbered = true
  else if (reader.accept('default')) {
    column.default = readExpression(reader)
    onDrop(() => (column.default = undefined))
  } else if (reader.accept('identity')) {
    column.isNumbered = true
    if (reader.accept('(')) reader.inBrackets()
  } else if (reader.accept('generated')) readGenerated(reader, column)
  else if (reader.accept('as')) {
    column.isComputed = true
    if (reader.accept('(')) reader.inBrackets()
  } else if (reader.accept('references')) {
    const key = readReference(reader, [column.name])
    table.foreignKeys.push(key)
    onDrop(() => (table.foreignKeys = table.foreignKeys.filter((one) => one !== key)))
  } else if (reader.accept('check')) {
    reader.expect('(', `after CHECK of ${column.name}`)
    const check = reader.inBrackets()
    if (reader.accept('not', 'enforced')) return
    table.checks.push(check)
    onDrop(() => (table.checks = table.checks.filter((one) => one !== check)))
  } else if (reader.accept('comment')) column.comment = reader.next()?.text
  else if (reader.accept('on', 'update')) {
    readExpression(reader)
    column.isTouched = true
  } else if (reader.accept('on', 'conflict')) reader.next()
  else if (reader.accept('on')) reader.name('a file group')
  else if (reader.accept('not', 'deferrable') || reader.accept('not', 'enforced')) return
  else if (reader.accept('no', 'inherit') || reader.accept('not', 'valid')) return
  else if (reader.accept('not', 'for', 'replication') || reader.accept('masked')) return
  else if (reader.accept('with')) {
    if (reader.accept('(')) reader.inBrackets()
    else reader.skipTo(',', ')', 'on')
  } else if (reader.accept('(')) reader.inBrackets()
  else if (reader.accept('collate', 'nocase')) column.ignoresCase = true
  else if (reader.accept('collate')) column.collation = readCollation(reader)
  else if (reader.accept('character', 'set') || OPTIONS.some((word) => reader.accept(word))) {
    reader.accept('=')
    reader.next()
    while (reader.accept('.')) reader.next()
  } else if (constraint === undefined && !FLAGS.some((word) => reader.accept(word))) {
    reader.fail(
      `Expected "," or ")" in the table ${table.name} after ${column.name}, found ${reader.found()}.`,
      'Separate columns with commas, and close the parenthesis after the last one.',
    )
  }
}

/** `utf8mb4_bin`, `= utf8mb4_bin`, `pg_catalog."default"`. */
export function readCollation(reader: Reader): string | undefined {
  reader.accept('=')
  let name = reader.next()?.text
  while (reader.accept('.')) name = reader.next()?.text
  return name
}

function readGenerated(reader: Reader, column: Column): void {
  if (!reader.accept('always')) reader.accept('by', 'default')
  reader.accept('on', 'null')
  reader.accept('as')
  if (reader.accept('identity')) column.isNumbered = true
  // The columns of a period of SQL Server are set by the database, too.
  else column.isComputed = true
  reader.accept('row', 'start')
  reader.accept('row', 'end')
  if (reader.accept('(')) reader.inBrackets()
}
