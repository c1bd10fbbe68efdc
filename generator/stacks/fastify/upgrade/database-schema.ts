import type { DatabaseSync } from 'node:sqlite'
import { collapse, parseTable, type TableShape } from './parse-table.ts'

export type Table = TableShape & { readonly sql: string }
export type Index = { readonly table: string; readonly sql: string }
/** The tables and indexes of a database by name, without SQLite's own. */
export type Schema = {
  readonly tables: ReadonlyMap<string, Table>
  readonly indexes: ReadonlyMap<string, Index>
}

/** Reads the schema of a database. Our migrations create no views or triggers. */
export function readSchema(database: DatabaseSync): Schema {
  const rows = database
    .prepare(
      `SELECT "type", "name", "tbl_name", "sql" FROM "sqlite_schema" WHERE "sql" IS NOT NULL AND "name" NOT LIKE 'sqlite!_%' ESCAPE '!'`,
    )
    .all()
  const tables = new Map<string, Table>()
  const indexes = new Map<string, Index>()
  for (const row of rows) {
    const sql = String(row['sql'])
    const name = String(row['name'])
    if (row['type'] === 'table') tables.set(name, { ...parseTable(sql), sql })
    else indexes.set(name, { table: String(row['tbl_name']), sql: collapse(sql) })
  }
  return { tables, indexes }
}

/** Whether two tables are equal, ignoring the order of columns. */
export function isSameTable(a: TableShape | undefined, b: TableShape | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.options === b.options &&
    a.constraints.join() === b.constraints.join() &&
    a.columns.size === b.columns.size &&
    [...a.columns].every(([name, definition]) => b.columns.get(name) === definition)
  )
}

/** Describes the differences of two databases; empty if equal. */
export function differences(a: Schema, b: Schema): string[] {
  const names = new Set([...a.tables.keys(), ...b.tables.keys()])
  const indexes = new Set([...a.indexes.keys(), ...b.indexes.keys()])
  return [
    ...[...names].filter((name) => !isSameTable(a.tables.get(name), b.tables.get(name))),
    ...[...indexes].filter((name) => a.indexes.get(name)?.sql !== b.indexes.get(name)?.sql),
  ]
}
