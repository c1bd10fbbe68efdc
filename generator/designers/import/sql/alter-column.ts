import type { Catalog } from './catalog.ts'
import { readDefinition } from './read-column.ts'
import { readExpression } from './read-expression.ts'
import { readType } from './read-type.ts'
import { columnNamed, makeColumn, same, type Column, type Table } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

type Given = { readonly catalog: Catalog; readonly table: Table }

/** What follows ALTER COLUMN. */
export function alterColumn(reader: Reader, table: Table, catalog: Catalog): void {
  const column = columnNamed(table, reader.name('a column'))
  if (!column) return
  if (reader.accept('set', 'default')) column.default = readExpression(reader)
  else if (reader.accept('drop', 'default')) column.default = undefined
  else if (reader.accept('set', 'not', 'null')) column.notNull = true
  else if (reader.accept('drop', 'not', 'null')) column.notNull = false
  else if (reader.accept('drop', 'identity')) column.isNumbered = false
  else if (reader.accept('drop', 'expression')) column.isComputed = false
  else if (reader.accept('add', 'generated')) column.isNumbered = true
  else if (reader.accept('set', 'data', 'type') || reader.accept('type')) {
    retype(reader, column, { catalog, table })
    if (reader.accept('using')) readExpression(reader)
  } else if (reader.dialect === 'sqlserver' && reader.isName()) {
    // SQL Server states the whole column again, but for its default.
    column.notNull = false
    retype(reader, column, { catalog, table })
    if (reader.accept('not', 'null')) column.notNull = true
  }
}

const RULES = ['name', 'notNull', 'unique', 'isNumbered', 'isComputed', 'default', 'comment'] as const

/** Another type for a column, which keeps its rules. */
function retype(reader: Reader, column: Column, given: Given): void {
  const fresh = makeColumn(column.name)
  readType(reader, fresh, given)
  for (const rule of RULES) Object.assign(fresh, { [rule]: column[rule] })
  Object.assign(column, fresh)
}

/** MODIFY and CHANGE of MySQL state the whole column; its keys stay. */
export function changeColumn(
  reader: Reader,
  table: Table,
  { catalog, isRenamed }: { readonly catalog: Catalog; readonly isRenamed: boolean },
): void {
  const column = columnNamed(table, reader.name('a column'))
  if (!column) return
  if (isRenamed) renameColumn(reader, column, { table, to: reader.name('a column') })
  const fresh = makeColumn(column.name)
  readDefinition(reader, fresh, { catalog, table })
  Object.assign(column, {
    ...fresh,
    unique: column.unique || fresh.unique,
    comment: fresh.comment ?? column.comment,
  })
}

/** Keys and rules find it by its former name, too. */
export function renameColumn(
  reader: Reader,
  column: Column | undefined,
  { table, to }: { readonly table: Table; readonly to: string },
): void {
  if (!column) return
  const other = columnNamed(table, to)
  if (other && other !== column && same(other.name, to))
    reader.fail(`The column ${to} of ${table.name} exists already.`, 'Choose another name.')
  column.name = to
  table.byName.set(to.toLowerCase(), column)
}

/** What names it goes with it, as in a database. */
export function dropColumn(table: Table, name: string): void {
  const column = columnNamed(table, name)
  if (!column) return
  table.columns.splice(table.columns.indexOf(column), 1)
  for (const [known, one] of table.byName) if (one === column) table.byName.delete(known)
  table.dropped.add(name.toLowerCase())
}
