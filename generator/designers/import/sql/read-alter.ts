import { alterColumn, changeColumn, dropColumn, renameColumn } from './alter-column.ts'
import type { Catalog } from './catalog.ts'
import { skipWords } from './column-list.ts'
import { readColumn } from './read-column.ts'
import { readConstraint } from './read-constraint.ts'
import { readExpression } from './read-expression.ts'
import { columnNamed, spoken, type Table } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

/** Reads what follows ALTER TABLE. */
export function readAlter(reader: Reader, catalog: Catalog): void {
  reader.accept('if', 'exists')
  reader.accept('only')
  const name = reader.tableName('a table')
  reader.accept('*')
  if (catalog.isPassedOver(name)) return reader.skipStatement()
  const table = catalog.find(name)
  if (!table) {
    // A table of another schema may be another service's.
    if (!reader.is('add') || name.schema !== undefined) {
      if (reader.is('add')) catalog.others.push(`The change of ${spoken(name)}, which is not defined.`)
      return reader.skipStatement()
    }
    // A script that also updates an earlier version of its database.
    if (reader.createsLater(name.name)) {
      catalog.others.push(`The change of ${spoken(name)} before its CREATE TABLE.`)
      return reader.skipStatement()
    }
    return reader.fail(
      `ALTER TABLE ${name.name}: there is no such table before it.`,
      'Put its CREATE TABLE first.',
    )
  }
  while (reader.accept('with')) {
    // `WITH CHECK ADD CONSTRAINT` of SQL Server.
    if (!reader.accept('check')) reader.accept('nocheck')
  }
  let verb = ''
  do {
    const word = reader.peek()?.text.toLowerCase() ?? ''
    // SQL Server names the verb once: `ADD a int, b int`.
    const isVerb = reader.peek()?.kind === 'word' && VERBS.has(word)
    if (isVerb) {
      verb = word
      reader.next()
    }
    if (reader.accept('enable', 'row', 'level', 'security')) table.hasRowSecurity = true
    else if (reader.accept('disable', 'row', 'level', 'security')) table.hasRowSecurity = false
    change(reader, table, { catalog, verb: isVerb || reader.dialect === 'sqlserver' ? verb : '' })
    skipWords(reader)
  } while (reader.accept(','))
  reader.skipStatement()
}

const VERBS = new Set(['add', 'drop', 'alter', 'modify', 'change', 'rename', 'attach', 'inherit'])

function change(
  reader: Reader,
  table: Table,
  { catalog, verb }: { readonly catalog: Catalog; readonly verb: string },
): void {
  switch (verb) {
    case 'add':
      return add(reader, table, catalog)
    case 'drop':
      return drop(reader, table)
    case 'alter':
      reader.accept('column')
      return alterColumn(reader, table, catalog)
    case 'modify':
    case 'change':
      reader.accept('column')
      return changeColumn(reader, table, { catalog, isRenamed: verb === 'change' })
    case 'rename':
      return rename(reader, table, catalog)
    case 'attach':
      if (reader.accept('partition')) catalog.absorb(reader.tableName('a partition'), table)
      return
    case 'inherit': {
      const parent = catalog.find(reader.tableName('a parent'))
      if (parent && table.columns.every(({ name }) => columnNamed(parent, name)))
        catalog.absorb(table, parent)
    }
  }
}

function add(reader: Reader, table: Table, catalog: Catalog): void {
  if (reader.is('partition') && reader.is('(', 1)) return
  if (reader.is('constraint') && reader.is('default', 2)) {
    // `ADD CONSTRAINT name DEFAULT value FOR column` of SQL Server.
    reader.next()
    const name = reader.name('a constraint')
    addDefault(reader, table, name)
  } else if (reader.is('default')) addDefault(reader, table, undefined)
  else if (!readConstraint(reader, table)) {
    reader.accept('column')
    const isOptional = reader.accept('if', 'not', 'exists')
    const known = reader.peek() && columnNamed(table, reader.peek()!.text)
    if (isOptional && known) return
    if (!reader.accept('(')) {
      readColumn(reader, table, catalog)
      return
    }
    // `ADD (a int, b int)` of MySQL.
    do if (!readConstraint(reader, table)) readColumn(reader, table, catalog)
    while (reader.accept(','))
    reader.expect(')', `after the columns of ${table.name}`)
  }
}

function addDefault(reader: Reader, table: Table, name: string | undefined): void {
  reader.accept('default')
  const value = readExpression(reader)
  const column = reader.accept('for') ? columnNamed(table, reader.name('a column')) : undefined
  if (!column) return
  column.default = value
  if (name !== undefined) table.drop.set(name.toLowerCase(), () => (column.default = undefined))
}

function drop(reader: Reader, table: Table): void {
  if (reader.accept('primary', 'key')) {
    table.primaryKey = []
    return
  }
  const isConstraint = ['constraint', 'index', 'key', 'check'].some((word) => reader.accept(word))
  const isForeign = !isConstraint && reader.accept('foreign', 'key')
  if (!isConstraint && !isForeign) reader.accept('column')
  reader.accept('if', 'exists')
  if (!reader.isName()) return
  const name = reader.name('what is dropped')
  if (isConstraint || isForeign) table.drop.get(name.toLowerCase())?.()
  else dropColumn(table, name)
}

function rename(reader: Reader, table: Table, catalog: Catalog): void {
  if (reader.accept('to') || reader.accept('as')) catalog.rename(table, reader.name('a table'))
  else if (reader.accept('constraint') || reader.accept('index') || reader.accept('key')) {
    const name = reader.name('a constraint').toLowerCase()
    reader.accept('to')
    const drops = table.drop.get(name)
    if (drops) table.drop.set(reader.name('a constraint').toLowerCase(), drops)
  } else {
    reader.accept('column')
    const name = reader.name('a column')
    if (reader.accept('to'))
      renameColumn(reader, columnNamed(table, name), { table, to: reader.name('a column') })
  }
}
