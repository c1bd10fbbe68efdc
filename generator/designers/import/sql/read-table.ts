import { columnList, skipIndexWords, skipWords } from './column-list.ts'
import { readColumn } from './read-column.ts'
import { readConstraint } from './read-constraint.ts'
import { readExpression } from './read-expression.ts'
import type { Table } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

export type Into = { readonly tables: Map<string, Table>; readonly enums: Map<string, string[]> }

const tableKey = (name: string): string => name.toLowerCase()

export function readTable(reader: Reader, { tables, enums }: Into): void {
  reader.accept('if', 'not', 'exists')
  const name = reader.name('a table')
  if (tables.has(tableKey(name)))
    reader.fail(`The table ${name} is defined twice.`, 'Keep one of the two definitions.')
  const table: Table = {
    name,
    columns: [],
    byName: new Map(),
    primaryKey: [],
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    comment: undefined,
  }
  reader.expect('(', `after the name of the table ${name}`)
  do readPart(reader, table, enums)
  while (reader.accept(','))
  if (!reader.accept(')')) {
    const last = table.columns.at(-1)?.name
    reader.fail(
      `Expected "," or ")" in the table ${name}${last === undefined ? '' : ` after ${last}`}, found ${reader.found()}.`,
      'Separate columns with commas, and close the parenthesis after the last one.',
    )
  }
  while (!reader.isDone() && !reader.is(';')) {
    if (reader.accept('comment')) {
      reader.accept('=')
      table.comment = reader.next()?.text
    } else reader.next()
  }
  if (table.columns.length === 0) reader.fail(`The table ${name} has no column.`, 'Add its columns.')
  tables.set(tableKey(name), table)
}

function readPart(reader: Reader, table: Table, enums: ReadonlyMap<string, string[]>): void {
  if (reader.is(')'))
    reader.fail(`A comma in the table ${table.name} is followed by nothing.`, 'Take the last comma out.')
  if (readConstraint(reader, table)) return
  readColumn(reader, table, enums)
}

export function readAlter(reader: Reader, { tables, enums }: Into): void {
  reader.accept('if', 'exists')
  reader.accept('only')
  const name = reader.name('a table')
  const table = tables.get(tableKey(name))
  if (!table) {
    if (!reader.is('add')) return reader.skipStatement()
    reader.fail(`ALTER TABLE ${name}: there is no such table before it.`, 'Put its CREATE TABLE first.')
  }
  do {
    if (!reader.accept('add')) {
      const isRelevant = reader.is('drop') || reader.is('rename')
      if (isRelevant)
        reader.fail(
          `ALTER TABLE ${name}: ${reader.found()} is not supported.`,
          'Write the final form of the tables.',
        )
      if (reader.accept('alter')) {
        reader.accept('column')
        const altered = reader.name('a column')
        const column = table!.byName.get(altered.toLowerCase())
        if (column && reader.accept('set', 'default')) {
          column.default = readExpression(reader)
          if (column.default[0]?.text.toLowerCase() === 'nextval') column.isNumbered = true
        } else if (column && reader.accept('set', 'not', 'null')) column.notNull = true
        else if (column && reader.accept('add', 'generated')) {
          column.isNumbered = true
          skipWords(reader)
        }
      }
      while (!reader.isDone() && !reader.is(',') && !reader.is(';')) {
        if (reader.accept('(')) reader.inBrackets()
        else reader.next()
      }
      continue
    }
    if (readConstraint(reader, table!)) continue
    reader.accept('column')
    reader.accept('if', 'not', 'exists')
    readColumn(reader, table!, enums)
  } while (reader.accept(','))
  reader.skipStatement()
}

export function readIndex(reader: Reader, { tables }: Into, isUnique: boolean): void {
  reader.accept('concurrently')
  reader.accept('if', 'not', 'exists')
  if (!reader.is('on')) reader.name('an index')
  if (!reader.accept('on')) return reader.skipStatement()
  reader.accept('only')
  const table = tables.get(tableKey(reader.name('a table')))
  skipIndexWords(reader)
  const columns = columnList(reader, 'of an index')
  const isPartial = reader.is('where')
  reader.skipStatement()
  // Partial and expression indexes are not indexes over columns.
  const isPlain = table && columns.every((column) => table.byName.has(column.toLowerCase()))
  if (!isPlain || isPartial) return
  ;(isUnique ? table.uniques : table.indexes).push(columns)
}

export function readComment(reader: Reader, { tables }: Into): void {
  const kind = reader.next()?.text.toLowerCase()
  const parts: string[] = []
  do {
    const part = reader.next()
    if (part) parts.push(part.text)
  } while (reader.accept('.'))
  const text = reader.accept('is') && reader.peek()?.kind === 'text' ? reader.peek()!.text : undefined
  reader.skipStatement()
  if (kind === 'table') {
    const table = tables.get(tableKey(parts.at(-1) ?? ''))
    if (table) table.comment = text
  } else if (kind === 'column') {
    const column = tables.get(tableKey(parts.at(-2) ?? ''))?.byName.get(tableKey(parts.at(-1) ?? ''))
    if (column) column.comment = text
  }
}
