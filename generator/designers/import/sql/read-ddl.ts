import { SpecError } from '../spec-error.ts'
import { readAlter, readComment, readIndex, readTable, type Into } from './read-table.ts'
import type { Ddl, Table } from './table-definition.ts'
import { makeReader, type Reader } from './token-reader.ts'
import { tokensOf } from './tokens.ts'

const MAX_TABLES = 120

/** Parses CREATE TABLE, ALTER TABLE, CREATE INDEX, CREATE TYPE and COMMENT of PostgreSQL, MySQL and SQLite. */
export function readDdl(sql: string): Ddl {
  const reader = makeReader(tokensOf(sql), sql)
  const tables = new Map<string, Table>()
  const enums = new Map<string, string[]>()
  const others: string[] = []
  let name: string | undefined
  while (!reader.isDone()) {
    if (reader.accept(';')) continue
    const statement = readStatement(reader, { tables, enums })
    if (typeof statement === 'string') name ??= statement
    else if (statement) others.push(statement.other)
  }
  if (tables.size > MAX_TABLES) {
    throw new SpecError(`It defines ${tables.size} tables, and at most ${MAX_TABLES} are supported.`, {
      code: 'spec_unsupported',
      hint: 'Attach only the tables of one service.',
    })
  }
  if (tables.size === 0)
    throw new SpecError('It defines no tables.', { hint: 'Attach the CREATE TABLE statements.' })
  return { name, tables: [...tables.values()], byName: tables, enums, others }
}

function readStatement(reader: Reader, into: Into): string | { other: string } | undefined {
  if (reader.accept('create')) return readCreate(reader, into)
  if (reader.accept('alter', 'table')) {
    readAlter(reader, into)
    return undefined
  }
  if (reader.accept('comment', 'on')) {
    readComment(reader, into)
    return undefined
  }
  if (reader.accept('use')) {
    const name = reader.name('a database')
    reader.skipStatement()
    return name
  }
  reader.skipStatement()
  return undefined
}

function readCreate(reader: Reader, into: Into): string | { other: string } | undefined {
  reader.accept('or', 'replace')
  for (const word of ['global', 'local', 'temporary', 'temp', 'unlogged']) reader.accept(word)
  const isUnique = reader.accept('unique')
  if (reader.accept('table')) {
    readTable(reader, into)
    return undefined
  }
  if (reader.accept('index')) {
    readIndex(reader, into, isUnique)
    return undefined
  }
  if (reader.accept('type')) {
    const name = reader.name('a type')
    if (reader.accept('as', 'enum')) {
      reader.expect('(', 'before the values of an enumeration')
      const values = reader.inBrackets().filter(({ kind }) => kind === 'text')
      into.enums.set(
        name.toLowerCase(),
        values.map(({ text }) => text),
      )
      reader.skipStatement()
      return undefined
    }
    reader.skipStatement()
    return { other: `The type ${name}.` }
  }
  const kind = reader.next()?.text.toLowerCase() ?? 'thing'
  if (kind === 'database' || kind === 'schema') {
    reader.accept('if', 'not', 'exists')
    const name = reader.name('a database')
    reader.skipStatement()
    return kind === 'database' ? name : undefined
  }
  const word = kind === 'materialized' ? 'view' : kind
  if (kind === 'materialized') reader.accept('view')
  reader.accept('if', 'not', 'exists')
  const name = ['word', 'name'].includes(reader.peek()?.kind ?? '') ? reader.name(`a ${word}`) : ''
  // The body of a function or trigger has its own statements.
  if (['trigger', 'function', 'procedure'].includes(word)) skipBody(reader)
  else reader.skipStatement()
  return ['extension', 'sequence', 'domain', 'user', 'role'].includes(word)
    ? word === 'domain'
      ? { other: `The domain ${name}.` }
      : undefined
    : { other: `The ${word} ${name}.` }
}

function skipBody(reader: Reader): void {
  let depth = 0
  while (!reader.isDone()) {
    if (reader.is(';') && depth === 0) return
    if (reader.is('begin') || reader.is('case')) depth += 1
    if (reader.is('end')) {
      depth -= 1
      if (depth <= 0) {
        reader.skipStatement()
        return
      }
    }
    reader.next()
  }
}
