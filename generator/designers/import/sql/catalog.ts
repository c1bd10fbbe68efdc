import type { Dialect } from './dialect.ts'
import type { Column, Table, TableName } from './table-definition.ts'
import type { Token } from './tokens.ts'

/** A domain, an alias or a composite type, as the column that it makes. */
export type NamedType = { readonly column: Column; readonly checks: readonly (readonly Token[])[] }

type Partitions = { readonly first: string; readonly count: number }

/** What the statements so far define. */
export type Catalog = ReturnType<typeof makeCatalog>

export function makeCatalog(dialect: Dialect) {
  /** By lower-case name, with the schema where it is not the usual one. */
  const tables = new Map<string, Table>()
  /** The first table of each name, in any schema. */
  const byBareName = new Map<string, Table>()
  const types = new Map<string, NamedType>()
  /** Definitions that are no tables of the project: views, temporary tables, partitions. */
  const passedOver = new Set<string>()
  const partitions = new Map<Table, Partitions>()
  const others: string[] = []
  const keyOf = ({ name, schema }: TableName) =>
    (schema === undefined ? name : `${schema}.${name}`).toLowerCase()
  const find = (name: TableName): Table | undefined => {
    const exact = tables.get(keyOf(name))
    if (exact !== undefined || name.schema !== undefined) return exact
    const known = byBareName.get(name.name.toLowerCase())
    // It may have been dropped under another name.
    return known !== undefined && tables.get(keyOf(known)) === known ? known : undefined
  }
  const remove = (table: Table): void => {
    tables.delete(keyOf(table))
    const bare = table.name.toLowerCase()
    if (byBareName.get(bare) === table) byBareName.delete(bare)
  }
  const passOver = (name: TableName, words?: string): void => {
    passedOver.add(keyOf(name))
    if (words !== undefined) others.push(words)
  }
  return {
    dialect,
    tables,
    types,
    others,
    /** What is read differently from what it says. */
    notes: [] as string[],
    partitions,
    /** The tables whose rows the document has. */
    filled: new Set<string>(),
    /** Indexes by name, to drop them. */
    indexes: new Map<string, () => void>(),
    find,
    has: (name: TableName): boolean => tables.has(keyOf(name)),
    add(table: Table): void {
      tables.set(keyOf(table), table)
      const bare = table.name.toLowerCase()
      if (!byBareName.has(bare)) byBareName.set(bare, table)
    },
    remove,
    /** What refers to the former name still finds it. */
    rename(table: Table, name: string): void {
      tables.delete(keyOf(table))
      table.name = name
      tables.set(keyOf(table), table)
      byBareName.set(name.toLowerCase(), table)
    },
    passOver,
    isPassedOver: (name: TableName): boolean => passedOver.has(keyOf(name)),
    /** Rows of the part are rows of the whole. */
    absorb(part: TableName, whole: Table): void {
      const known = find(part)
      let own = 0
      if (known !== undefined) {
        remove(known)
        own = partitions.get(known)?.count ?? 0
        partitions.delete(known)
      }
      const { first, count } = partitions.get(whole) ?? { first: part.name, count: 0 }
      partitions.set(whole, { first, count: count + own + 1 })
      passOver(part)
      // A part of a part is a part of the whole.
      byBareName.set(part.name.toLowerCase(), whole)
    },
  }
}
