import { columnList, columnsOf, indexParts, skipIndexWords, skipWords } from './column-list.ts'
import type { ForeignKey, Table, TableIndex } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

const KINDS = ['primary', 'unique', 'foreign', 'check', 'exclude', 'not', 'default']

/** Reads a table constraint; returns whether there was one. */
export function readConstraint(reader: Reader, table: Table): boolean {
  let name: string | undefined
  if (reader.is('constraint') && !isConstraintColumn(reader)) {
    reader.accept('constraint')
    if (!KINDS.some((word) => reader.is(word))) name = reader.name('a constraint')
  }
  const onDrop = (drop: () => void, usual = '') => {
    table.drop.set((name ?? usual).toLowerCase(), drop)
  }
  if (reader.areNext('primary', 'key', 'using', 'index') || reader.areNext('unique', 'using', 'index')) {
    const start = reader.position()
    skipWords(reader)
    table.leftOut.push(reader.source(start))
    return true
  }
  if (reader.accept('primary', 'key')) {
    skipIndexWords(reader)
    table.primaryKey = columnList(reader, `of the primary key of ${table.name}`)
    onDrop(() => (table.primaryKey = []), `${table.name}_pkey`)
  } else if (reader.is('unique') && !isTyped(reader)) {
    reader.accept('unique')
    if (!reader.accept('key')) reader.accept('index')
    reader.accept('nulls', 'not', 'distinct')
    skipIndexWords(reader)
    if (!reader.is('(')) name ??= reader.name('an index')
    skipIndexWords(reader)
    addIndex(reader, table, { isUnique: true, method: undefined, onDrop })
  } else if (reader.is('foreign') && reader.is('key', 1)) {
    reader.accept('foreign', 'key')
    if (!reader.is('(')) name ??= reader.name('a key')
    const columns = columnList(reader, `of a foreign key of ${table.name}`)
    if (!reader.accept('references'))
      reader.fail(
        `Expected REFERENCES in the foreign key of ${table.name}, found ${reader.found()}.`,
        'Add the table that it refers to.',
      )
    const key = readReference(reader, columns)
    table.foreignKeys.push(key)
    onDrop(
      () => (table.foreignKeys = table.foreignKeys.filter((one) => one !== key)),
      `${table.name}_${columns.join('_')}_fkey`,
    )
  } else if (reader.is('check') && reader.is('(', 1)) {
    reader.accept('check')
    reader.expect('(', 'after CHECK')
    const check = reader.inBrackets()
    if (reader.accept('not', 'enforced')) return true
    table.checks.push(check)
    onDrop(() => (table.checks = table.checks.filter((one) => one !== check)))
    skipWords(reader)
  } else if (
    (reader.is('key') || reader.is('index') || reader.is('fulltext') || reader.is('spatial')) &&
    !isTyped(reader)
  ) {
    const isPlain = reader.accept('key') || reader.accept('index')
    const method = isPlain ? undefined : reader.next()?.text.toLowerCase()
    if (!isPlain && !reader.accept('key')) reader.accept('index')
    const isUnique = reader.accept('unique')
    if (!reader.is('(')) name ??= reader.name('an index')
    skipIndexWords(reader)
    addIndex(reader, table, { isUnique, method, onDrop })
  } else if (reader.is('exclude') && !isTyped(reader)) {
    reader.accept('exclude')
    const start = reader.position()
    while (!reader.isEnd() && !reader.is(',') && !reader.is(')'))
      if (reader.next()?.text === '(') reader.inBrackets()
    table.leftOut.push(`EXCLUDE ${reader.source(start).replaceAll(/\s+/g, ' ').slice(0, 120)}`)
  } else if (reader.accept('period', 'for')) reader.name('a period')
  else if (name !== undefined && reader.accept('not', 'null')) {
    const column = table.byName.get(reader.name('a column').toLowerCase())
    if (column) column.notNull = true
  } else return false
  skipWords(reader)
  return true
}

function addIndex(
  reader: Reader,
  table: Table,
  given: {
    isUnique: boolean
    method: string | undefined
    onDrop: (drop: () => void, usual?: string) => void
  },
): void {
  const { isUnique, method, onDrop } = given
  const parts = indexParts(reader, `of an index of ${table.name}`, isUnique)
  const columns = columnsOf(parts)
  if (isUnique && columns && !parts.some((part) => part.column !== undefined && part.ignoresCase)) {
    table.uniques.push(columns)
    onDrop(
      () => (table.uniques = table.uniques.filter((one) => one !== columns)),
      `${table.name}_${columns.join('_')}_key`,
    )
    return
  }
  const index: TableIndex = { parts, isUnique, where: undefined, method }
  table.indexes.push(index)
  onDrop(() => (table.indexes = table.indexes.filter((one) => one !== index)))
}

/** Whether a column with that name follows: `key varchar(20)`, not `KEY code (code)`. */
function isTyped(reader: Reader): boolean {
  if (reader.is(',', 1) || reader.is(')', 1)) return true
  if (reader.peek(1)?.kind !== 'word' || AFTER_CONSTRAINT.some((word) => reader.is(word, 1))) return false
  if (AFTER_NAME.some((word) => reader.is(word, 2))) return false
  if (reader.is('(', 2)) return reader.peek(3)?.kind === 'number'
  return !(reader.is('unique', 2) && (reader.is('(', 3) || AFTER_NAME.some((word) => reader.is(word, 3))))
}

const AFTER_CONSTRAINT = ['key', 'index', 'using', 'clustered', 'nonclustered', 'nulls']
const AFTER_NAME = ['using', 'clustered', 'nonclustered']
/** A column that is named `constraint`. */
const isConstraintColumn = (reader: Reader): boolean =>
  ['text', 'varchar', 'int', 'integer'].some((word) => reader.is(word, 1)) &&
  !KINDS.some((word) => reader.is(word, 2))

export function readReference(reader: Reader, columns: string[]): ForeignKey {
  const table = reader.tableName('the table that is referred to')
  const targets = reader.is('(') ? columnList(reader, `that ${table.name} is referred to by`) : []
  let onDelete: ForeignKey['onDelete'] = 'restrict'
  for (;;) {
    if (reader.accept('on', 'delete')) {
      if (reader.accept('cascade')) onDelete = 'cascade'
      else if (reader.accept('set', 'null')) onDelete = 'setNull'
      else if (reader.accept('set', 'default')) onDelete = 'setDefault'
      else if (!reader.accept('no', 'action')) reader.accept('restrict')
      if (reader.accept('(')) reader.inBrackets()
    } else if (reader.accept('on', 'update')) {
      if (!(reader.accept('set', 'null') || reader.accept('set', 'default') || reader.accept('no', 'action')))
        reader.next()
    } else if (reader.accept('match')) reader.next()
    else if (reader.accept('not', 'deferrable') || reader.accept('deferrable')) continue
    else if (reader.accept('initially')) reader.next()
    else if (reader.accept('not', 'for', 'replication') || reader.accept('not', 'valid')) continue
    else return { columns, table, targets, onDelete }
  }
}
