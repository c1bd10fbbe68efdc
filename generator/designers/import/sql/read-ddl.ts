import { DOCUMENT_LIMITS, type DocumentLimits } from '../document-limits.ts'
import { SpecError } from '../spec-error.ts'
import { makeCatalog, type Catalog } from './catalog.ts'
import { dialectOf, type Dialect } from './dialect.ts'
import { finishTables } from './finish-tables.ts'
import { readAlter } from './read-alter.ts'
import { readComment } from './read-comment.ts'
import { readCreate } from './read-create.ts'
import { alterType } from './read-named-type.ts'
import type { Ddl } from './table-definition.ts'
import { makeReader, type Reader } from './token-reader.ts'
import { tokensOf, type Token } from './tokens.ts'

/** Reads the definitions of a PostgreSQL, MySQL, SQLite or SQL Server script: the tables as they are in the end. */
export function readDdl(sql: string, { maxTables }: DocumentLimits = DOCUMENT_LIMITS): Ddl {
  const dialect = dialectOf(sql)
  const reader = makeReader(tokensIn(sql, dialect), sql, dialect)
  const catalog = makeCatalog(dialect)
  let name: string | undefined
  while (!reader.isDone()) {
    if (reader.isEnd()) {
      reader.next()
      continue
    }
    const start = reader.position()
    const named = readStatement(reader, catalog)
    name ??= named
    if (reader.position() === start) reader.next()
  }
  const tables = finishTables(catalog)
  if (tables.length > maxTables) {
    throw new SpecError(`It defines ${tables.length} tables, and at most ${maxTables} are supported.`, {
      code: 'spec_unsupported',
      hint: 'Attach only the tables of one service, or raise MAX_DOCUMENT_TABLES on the worker.',
    })
  }
  if (tables.length === 0)
    throw new SpecError('It defines no tables.', { hint: 'Attach the CREATE TABLE statements.' })
  return { name, dialect, tables, find: catalog.find, notes: catalog.notes, others: catalog.others }
}

/** Only MySQL knows `\\'` in a text: a document of an unknown database whose texts do not end otherwise is read so, too. */
function tokensIn(sql: string, dialect: Dialect): Token[] {
  try {
    return tokensOf(sql, dialect)
  } catch (error) {
    if (dialect !== undefined || !sql.includes("\\'")) throw error
    try {
      return tokensOf(sql, 'mysql')
    } catch {
      throw error
    }
  }
}

/** Reads a statement; returns the name of the database if it states one. */
function readStatement(reader: Reader, catalog: Catalog): string | undefined {
  if (reader.accept('create')) return readCreate(reader, catalog)
  if (reader.accept('alter')) {
    if (reader.accept('table') || reader.accept('foreign', 'table')) readAlter(reader, catalog)
    else if (reader.accept('type')) alterType(reader, catalog)
    else reader.skipStatement()
  } else if (reader.accept('drop')) readDrop(reader, catalog)
  else if (reader.accept('rename', 'table')) {
    do {
      const table = catalog.find(reader.tableName('a table'))
      reader.accept('to')
      const { name } = reader.tableName('a table')
      if (table) catalog.rename(table, name)
    } while (reader.accept(','))
  } else if (reader.accept('comment', 'on')) readComment(reader, catalog)
  else if (reader.accept('use')) {
    const name = reader.isName() ? reader.name('a database') : undefined
    reader.skipStatement()
    return name
  } else {
    if (reader.accept('insert', 'into') || reader.accept('copy') || reader.accept('replace', 'into')) {
      const table = reader.isName() ? catalog.find(reader.tableName('a table')) : undefined
      if (table) catalog.filled.add(table.name)
    }
    reader.skipStatement()
  }
  return undefined
}

/** Reads what follows DROP. */
function readDrop(reader: Reader, catalog: Catalog): void {
  const kind = reader.next()?.text.toLowerCase()
  reader.accept('concurrently')
  reader.accept('if', 'exists')
  if (kind === 'table' || kind === 'index') {
    do {
      if (!reader.isName()) break
      const name = reader.tableName(`a ${kind}`)
      const table = kind === 'table' ? catalog.find(name) : undefined
      if (table && !catalog.isPassedOver(name)) catalog.remove(table)
      if (kind === 'index') {
        // MySQL names the table: an index of ALTER TABLE is known by it.
        const of = reader.accept('on') ? catalog.find(reader.tableName('a table')) : undefined
        const drop = of?.drop.get(name.name.toLowerCase()) ?? catalog.indexes.get(name.name.toLowerCase())
        drop?.()
      }
    } while (reader.accept(','))
  }
  reader.skipStatement()
}
