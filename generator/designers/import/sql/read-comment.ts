import type { Catalog } from './catalog.ts'
import { columnNamed, type TableName } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

/** Reads what follows COMMENT ON. */
export function readComment(reader: Reader, { find }: Catalog): void {
  const kind = reader.next()?.text.toLowerCase()
  const parts: string[] = []
  do {
    const part = reader.next()
    if (part) parts.push(part.text)
  } while (reader.accept('.'))
  const text = reader.accept('is') && reader.peek()?.kind === 'text' ? reader.peek()!.text : undefined
  reader.skipStatement()
  const column = kind === 'column' ? parts.pop() : undefined
  const [name = '', schema] = parts.toReversed()
  const named: TableName = { name, schema }
  const table = find(named) ?? find({ name, schema: undefined })
  if (kind === 'table' && table) table.comment = text
  const commented = column !== undefined && table ? columnNamed(table, column) : undefined
  if (commented) commented.comment = text
}
