import type { Token } from './tokens.ts'

export type Column = {
  readonly name: string
  /** Lower case, without size: `character varying`. */
  type: string
  size: number | undefined
  scale: number | undefined
  isArray: boolean
  /** The values of an ENUM or SET. */
  values: string[] | undefined
  notNull: boolean
  unique: boolean
  isNumbered: boolean
  isComputed: boolean
  /** The tokens of its default, if any. */
  default: readonly Token[] | undefined
  comment: string | undefined
}

export type ForeignKey = {
  readonly columns: string[]
  readonly table: string
  /** Empty for the primary key. */
  readonly targets: string[]
  readonly onDelete: 'cascade' | 'restrict' | 'setNull' | 'setDefault'
}

export type Table = {
  readonly name: string
  readonly columns: Column[]
  /** Columns by lower-case name. */
  readonly byName: Map<string, Column>
  primaryKey: string[]
  readonly uniques: string[][]
  readonly indexes: string[][]
  readonly foreignKeys: ForeignKey[]
  readonly checks: (readonly Token[])[]
  comment: string | undefined
}

export type Ddl = {
  readonly name: string | undefined
  readonly tables: Table[]
  /** The same by lower-case name. */
  readonly byName: ReadonlyMap<string, Table>
  /** Named enumerations. */
  readonly enums: ReadonlyMap<string, string[]>
  /** Unsupported definitions: views, functions and others. */
  readonly others: string[]
}

export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
export const tableNamed = ({ byName }: Ddl, name: string): Table | undefined => byName.get(name.toLowerCase())
export const columnNamed = ({ byName }: Table, name: string): Column | undefined =>
  byName.get(name.toLowerCase())
