import type { Catalog } from './catalog.ts'
import { listed } from './listed.ts'
import { makeNamesStorable } from './storable-names.ts'
import { columnNamed, spoken, type ForeignKey, type IndexPart, type Table } from './table-definition.ts'
import type { Token } from './tokens.ts'

/** What the statements leave open: names of columns that were changed, parts that were dropped, tables that are divided. */
export function finishTables(catalog: Catalog): Table[] {
  const tables = [...catalog.tables.values()].filter((table) => {
    if (table.columns.length > 0) return true
    catalog.others.push(`The table ${spoken(table)}, which has no columns.`)
    return false
  })
  makeNamesStorable(tables, catalog.notes)
  for (const table of tables) {
    table.primaryKey = renamed(table, table.primaryKey)
    table.uniques = table.uniques.filter(stays(table)).map((columns) => renamed(table, columns))
    table.indexes = table.indexes
      .filter(({ parts, where }) => !parts.some(isDropped(table)) && !namesDropped(table, where ?? []))
      .map((index) => ({
        ...index,
        parts: index.parts.map((part) =>
          part.column === undefined
            ? { tokens: renamedTokens(table, part.tokens) }
            : { ...part, column: columnNamed(table, part.column)?.name ?? part.column },
        ),
        where: index.where && renamedTokens(table, index.where),
      }))
    table.checks = table.checks
      .filter((check) => !namesDropped(table, check))
      .map((check) => renamedTokens(table, check))
    table.foreignKeys = table.foreignKeys
      .filter(({ columns }) => stays(table)(columns))
      .map((key): ForeignKey => {
        const target = catalog.find(key.table)
        return {
          ...key,
          columns: renamed(table, key.columns),
          targets: target ? renamed(target, key.targets) : key.targets,
        }
      })
  }
  for (const [table, { first, count }] of catalog.partitions)
    catalog.notes.push(
      `${first}${count > 1 ? ` and ${count - 1} other ${count === 2 ? 'table divides' : 'tables divide'}` : ' divides'} the rows of ${table.name}: they are kept in one table.`,
    )
  const schemas = new Set(tables.flatMap(({ schema }) => schema ?? []))
  if (schemas.size > 0)
    catalog.notes.push(
      `The tables of ${schemas.size > 1 ? 'the schemas' : 'the schema'} ${listed([...schemas])} are kept under their names alone.`,
    )
  if (catalog.filled.size > 0)
    catalog.others.push(`The data of ${listed([...catalog.filled])}: only definitions are read.`)
  for (const { name, leftOut } of tables)
    for (const words of leftOut) catalog.others.push(`The constraint of ${name}: ${words}.`)
  return tables
}

const isGone = ({ byName, dropped }: Table, name: string): boolean =>
  dropped.has(name.toLowerCase()) && !byName.has(name.toLowerCase())

const stays =
  (table: Table) =>
  (columns: readonly string[]): boolean =>
    !columns.some((name) => isGone(table, name))

const renamed = (table: Table, columns: readonly string[]): string[] =>
  columns.filter((name) => !isGone(table, name)).map((name) => columnNamed(table, name)?.name ?? name)

const isDropped =
  (table: Table) =>
  (part: IndexPart): boolean =>
    part.column === undefined ? namesDropped(table, part.tokens) : isGone(table, part.column)

const isName = ({ kind }: Token): boolean => kind === 'word' || kind === 'name'

const namesDropped = (table: Table, tokens: readonly Token[]): boolean =>
  table.dropped.size > 0 && tokens.some((token) => isName(token) && isGone(table, token.text))

const renamedTokens = (table: Table, tokens: readonly Token[]): readonly Token[] =>
  tokens.map((token) => {
    const column = isName(token) ? columnNamed(table, token.text) : undefined
    return column === undefined || column.name === token.text ? token : { ...token, text: column.name }
  })
