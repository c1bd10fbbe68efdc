import type { Catalog } from './catalog.ts'
import { copyColumns, copyKeys, sayInherited } from './copy-table.ts'
import { readCollation, readColumn } from './read-column.ts'
import { readConstraint } from './read-constraint.ts'
import { addColumn, makeTable, MAX_COLUMNS, spoken, type Table } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

/** SQLite keeps a virtual table in tables of its own, which a dump quotes like texts. */
const SHADOW = /_(data|idx|content|docsize|config|segments|segdir|stat|node|parent|rowid)$/i

/** Reads what follows CREATE TABLE. */
export function readTable(reader: Reader, catalog: Catalog, { isTemporary = false } = {}): void {
  const isOptional = reader.accept('if', 'not', 'exists')
  const isQuoted = reader.peek()?.kind === 'text'
  const table = makeTable(reader.tableName('a table'))
  if (isQuoted && SHADOW.test(table.name)) {
    catalog.passOver(table, `The table ${table.name} of a virtual table.`)
    return reader.skipStatement()
  }
  if (isTemporary || table.name.startsWith('#')) {
    catalog.passOver(table, `The temporary table ${table.name}.`)
    return reader.skipStatement()
  }
  if (catalog.has(table)) {
    if (isOptional) {
      catalog.others.push(`A second definition of the table ${spoken(table)}, which exists already.`)
      return reader.skipStatement()
    }
    reader.fail(`The table ${spoken(table)} is defined twice.`, 'Keep one of the two definitions.')
  }
  if (reader.accept('partition', 'of')) {
    const whole = catalog.find(reader.tableName('the table that is divided'))
    if (!whole)
      reader.fail(`${table.name} is a part of a table that is not before it.`, 'Put its CREATE TABLE first.')
    catalog.absorb(table, whole!)
    return reader.skipStatement()
  }
  if (reader.accept('as') || isQuery(reader)) {
    catalog.passOver(table, `The table ${table.name}, which is the result of a query.`)
    return reader.skipStatement()
  }
  if (reader.accept('like')) copyOf(reader, table, { catalog, isWhole: true })
  else if (reader.accept('of')) readTyped(reader, table, catalog)
  else reader.expect('(', `after the name of the table ${table.name}`)
  if (table.columns.length === 0) readParts(reader, table, catalog)
  readTail(reader, table, catalog)
}

const isQuery = (reader: Reader): boolean => reader.is('select') || (reader.is('(') && reader.is('select', 1))

function readParts(reader: Reader, table: Table, catalog: Catalog): void {
  if (reader.accept(')')) return
  do {
    // SQL Server allows a comma after the last column.
    if (reader.is(')') && reader.dialect === 'sqlserver') break
    if (reader.is(')'))
      reader.fail(`A comma in the table ${table.name} is followed by nothing.`, 'Take the last comma out.')
    if (reader.accept('like')) copyOf(reader, table, { catalog, isWhole: false })
    else if (!readConstraint(reader, table)) readColumn(reader, table, catalog)
  } while (reader.accept(','))
  if (!reader.accept(')')) {
    const last = table.columns.at(-1)?.name
    reader.fail(
      `Expected "," or ")" in the table ${table.name}${last === undefined ? '' : ` after ${last}`}, found ${reader.found()}.`,
      'Separate columns with commas, and close the parenthesis after the last one.',
    )
  }
}

/** What follows the columns: the parents of a table, its comment, and options that do not matter. */
function readTail(reader: Reader, table: Table, catalog: Catalog): void {
  while (!reader.isEnd() && !reader.isNextStatement()) {
    if (reader.accept('inherits')) {
      reader.expect('(', `before the parents of ${table.name}`)
      do {
        const parent = catalog.find(reader.tableName('a parent'))
        if (!parent)
          reader.fail(
            `${table.name} inherits from a table that is not before it.`,
            'Put its CREATE TABLE first.',
          )
        if (!table.parents.includes(parent!)) table.parents.push(parent!)
      } while (reader.accept(','))
    } else if (reader.accept('collate')) table.collation = readCollation(reader)
    else if (reader.accept('comment')) {
      reader.accept('=')
      table.comment = reader.next()?.text
    } else reader.next()
  }
  const [parent] = table.parents
  if (parent && table.parents.length === 1 && isPart(table, parent)) return catalog.absorb(table, parent)
  for (const one of table.parents.toReversed()) copyColumns(one, table)
  if (table.columns.length > MAX_COLUMNS)
    reader.fail(
      `The table ${table.name} has more than ${MAX_COLUMNS} columns, and at most ${MAX_COLUMNS} are supported.`,
      'Split it.',
    )
  if (parent) sayInherited(table, catalog)
  catalog.add(table)
}

/** Whether a table that inherits has nothing of its own: such tables divide the rows of their parent. */
const isPart = ({ columns }: Table, { byName }: Table): boolean =>
  columns.every(({ name }) => byName.has(name.toLowerCase()))

/** `LIKE other INCLUDING ALL`. */
function copyOf(
  reader: Reader,
  table: Table,
  { catalog, isWhole }: { readonly catalog: Catalog; readonly isWhole: boolean },
): void {
  const source = catalog.find(reader.tableName('the table that is copied'))
  if (!source)
    reader.fail(
      `The table ${table.name} is made LIKE another, which is not before it.`,
      'Write its columns out.',
    )
  copyColumns(source!, table)
  let hasKeys = isWhole
  while (!reader.isEnd() && !reader.is(',') && !reader.is(')'))
    if (reader.accept('including')) hasKeys ||= reader.is('all') || reader.is('indexes')
    else reader.next()
  if (hasKeys) copyKeys(source!, table)
}

/** `OF type`: the columns of a composite type, and rules for them. */
function readTyped(reader: Reader, table: Table, catalog: Catalog): void {
  const name = reader.name('a type')
  const type = catalog.types.get(name.toLowerCase())
  if (!type?.column.parts)
    reader.fail(
      `The table ${table.name} is of the type ${name}, which is not before it.`,
      'Put its CREATE TYPE first.',
    )
  for (const column of type!.column.parts!) addColumn(table, { ...column })
  if (reader.accept('(')) reader.inBrackets()
}
