import type { Catalog } from './catalog.ts'
import { columnsOf, indexParts } from './column-list.ts'
import type { TableIndex } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

/** Reads what follows CREATE INDEX. */
export function readIndex(
  reader: Reader,
  catalog: Catalog,
  { isUnique, kind }: { readonly isUnique: boolean; readonly kind: string | undefined },
): void {
  reader.accept('concurrently')
  reader.accept('if', 'not', 'exists')
  const name = reader.is('on') && !reader.is('on', 1) ? undefined : reader.name('an index')
  if (reader.accept('using')) reader.next()
  if (!reader.accept('on')) return reader.skipStatement()
  reader.accept('only')
  const target = reader.tableName('a table')
  const table = catalog.isPassedOver(target) ? undefined : catalog.find(target)
  const method = reader.accept('using') ? reader.next()?.text.toLowerCase() : kind
  // A columnstore index of SQL Server may cover the whole table.
  if (!table || !reader.is('(')) return reader.skipStatement()
  const parts = indexParts(reader, 'of an index', isUnique)
  reader.skipTo('where')
  let where: TableIndex['where']
  if (reader.accept('where')) {
    const condition = []
    while (!reader.isEnd() && !reader.isNextStatement() && !reader.is('with')) condition.push(reader.next()!)
    where = condition
  }
  reader.skipStatement()
  const columns = columnsOf(parts)
  const isPlain = columns && parts.every((part) => part.column === undefined || !part.ignoresCase)
  if (isUnique && isPlain && where === undefined && method !== 'fulltext') {
    table.uniques.push(columns)
    const drop = () => (table.uniques = table.uniques.filter((one) => one !== columns))
    if (name !== undefined) catalog.indexes.set(name.toLowerCase(), drop)
    return
  }
  const plain = method === 'btree' || method === 'hash' ? undefined : method
  const index: TableIndex = { parts, isUnique, where, method: plain }
  table.indexes.push(index)
  if (name !== undefined)
    catalog.indexes.set(
      name.toLowerCase(),
      () => (table.indexes = table.indexes.filter((one) => one !== index)),
    )
}
