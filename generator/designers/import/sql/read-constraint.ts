import { columnList, skipIndexWords, skipWords } from './column-list.ts'
import type { ForeignKey, Table } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

/** Reads a table constraint; returns whether there was one. */
export function readConstraint(reader: Reader, table: Table): boolean {
  if (reader.is('constraint') && !isColumnStart(reader)) {
    reader.accept('constraint')
    const isNamed = !['primary', 'unique', 'foreign', 'check', 'exclude'].some((word) => reader.is(word))
    if (isNamed) reader.name('a constraint')
  }
  if (reader.accept('primary', 'key')) {
    skipIndexWords(reader)
    table.primaryKey = columnList(reader, `of the primary key of ${table.name}`)
  } else if (reader.is('unique') && !isTyped(reader)) {
    reader.accept('unique')
    if (!reader.accept('key')) reader.accept('index')
    if (!reader.is('(')) reader.name('an index')
    skipIndexWords(reader)
    table.uniques.push(columnList(reader, `of a unique constraint of ${table.name}`))
  } else if (reader.accept('foreign', 'key')) {
    if (!reader.is('(')) reader.name('a key')
    const columns = columnList(reader, `of a foreign key of ${table.name}`)
    if (!reader.accept('references'))
      reader.fail(
        `Expected REFERENCES in the foreign key of ${table.name}, found ${reader.found()}.`,
        'Add the table that it refers to.',
      )
    table.foreignKeys.push(readReference(reader, columns))
  } else if (reader.is('check') && reader.is('(', 1)) {
    reader.accept('check')
    reader.expect('(', 'after CHECK')
    table.checks.push(reader.inBrackets())
    skipWords(reader)
  } else if (
    (reader.is('key') || reader.is('index') || reader.is('fulltext') || reader.is('spatial')) &&
    !isTyped(reader)
  ) {
    const isPlain = reader.accept('key') || reader.accept('index')
    if (!isPlain) {
      reader.next()
      if (!reader.accept('key')) reader.accept('index')
    }
    if (!reader.is('(')) reader.name('an index')
    skipIndexWords(reader)
    const columns = columnList(reader, `of an index of ${table.name}`)
    if (isPlain) table.indexes.push(columns)
  } else if (reader.accept('exclude')) {
    while (!reader.isDone() && !reader.is(',') && !reader.is(')'))
      if (reader.next()?.text === '(') reader.inBrackets()
  } else if (reader.accept('like')) {
    reader.fail(`The table ${table.name} is made LIKE another.`, 'Write its columns out.')
  } else return false
  skipWords(reader)
  return true
}

/** Whether a column with that name follows: `key varchar(20)`. */
const isTyped = (reader: Reader): boolean =>
  reader.peek(1)?.kind === 'word' &&
  !reader.is('(', 1) &&
  !reader.is('(', 2) &&
  !reader.is('key', 1) &&
  !reader.is('index', 1) &&
  !reader.is('using', 1)
const isColumnStart = (reader: Reader): boolean => reader.is('text', 1) || reader.is('varchar', 1)

export function readReference(reader: Reader, columns: string[]): ForeignKey {
  const table = reader.name('the table that is referred to')
  const targets = reader.is('(') ? columnList(reader, `that ${table} is referred to by`) : []
  let onDelete: ForeignKey['onDelete'] = 'restrict'
  for (;;) {
    if (reader.accept('on', 'delete')) {
      if (reader.accept('cascade')) onDelete = 'cascade'
      else if (reader.accept('set', 'null')) onDelete = 'setNull'
      else if (reader.accept('set', 'default')) onDelete = 'setDefault'
      else if (!reader.accept('no', 'action')) reader.accept('restrict')
    } else if (reader.accept('on', 'update')) {
      if (!(reader.accept('set', 'null') || reader.accept('set', 'default') || reader.accept('no', 'action')))
        reader.next()
    } else if (reader.accept('match')) reader.next()
    else if (reader.accept('not', 'deferrable') || reader.accept('deferrable')) continue
    else if (reader.accept('initially')) reader.next()
    else return { columns, table, targets, onDelete }
  }
}
