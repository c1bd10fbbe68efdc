import type { Dialect } from './dialect.ts'
import type { Token } from './tokens.ts'

/** The maximum of a table. */
export const MAX_COLUMNS = 120

/** The schema is undefined where it is the usual one. */
export type TableName = { readonly name: string; readonly schema: string | undefined }

export type Column = {
  name: string
  /** Lower case, without size: `character varying`. */
  type: string
  /** The type as it is written. */
  declared: string
  size: number | undefined
  scale: number | undefined
  isUnsigned: boolean
  /** The whole numbers that the type holds, where the database has a limit below that of JSON. */
  range: { readonly min?: number; readonly max?: number } | undefined
  isArray: boolean
  /** The values of an ENUM or SET. */
  values: string[] | undefined
  /** The columns of a composite type. */
  parts: readonly Column[] | undefined
  /** The name of the domain or the type of its own, if it has one. */
  domain: string | undefined
  notNull: boolean
  unique: boolean
  isNumbered: boolean
  isComputed: boolean
  /** Whether the database sets it at each change. */
  isTouched: boolean
  /** Whether its texts are compared without case. */
  ignoresCase: boolean
  /** As its definition names it. */
  collation: string | undefined
  /** The tokens of its default, if any. */
  default: readonly Token[] | undefined
  comment: string | undefined
}

export type ForeignKey = {
  readonly columns: string[]
  readonly table: TableName
  /** Empty for the primary key. */
  readonly targets: string[]
  readonly onDelete: 'cascade' | 'restrict' | 'setNull' | 'setDefault'
}

/** A unique constraint, or an index. */
export type TableIndex = {
  readonly parts: IndexPart[]
  readonly isUnique: boolean
  /** The condition of a partial index. */
  readonly where: readonly Token[] | undefined
  /** `gin`, `fulltext`: undefined for an ordinary one. */
  readonly method: string | undefined
}

/** A column, or the tokens of an expression. */
export type IndexPart =
  | { readonly column: string; readonly ignoresCase?: boolean }
  | { readonly column?: undefined; readonly tokens: readonly Token[] }

/** Who may see and change which rows, in PostgreSQL. */
export type RowPolicy = {
  readonly name: string
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  /** Whether it lets everyone do that with every row. */
  readonly isOpen: boolean
}

export type Table = {
  name: string
  /** Its name in the project, where that is another. */
  stored: string | undefined
  schema: string | undefined
  readonly columns: Column[]
  /** Columns by lower-case name, also those before they were renamed. */
  readonly byName: Map<string, Column>
  primaryKey: string[]
  uniques: string[][]
  indexes: TableIndex[]
  foreignKeys: ForeignKey[]
  checks: (readonly Token[])[]
  /** Whether only policies let anyone see and change rows. */
  hasRowSecurity: boolean
  readonly policies: RowPolicy[]
  /** Constraints that are not built. */
  readonly leftOut: string[]
  /** Takes a named constraint or index away. */
  readonly drop: Map<string, () => void>
  /** The lower-case names of columns that are gone. */
  readonly dropped: Set<string>
  /** The tables whose columns it has. */
  readonly parents: Table[]
  comment: string | undefined
  /** Of columns that name no other. */
  collation: string | undefined
}

export type Ddl = {
  readonly name: string | undefined
  readonly dialect: Dialect
  readonly tables: readonly Table[]
  readonly find: (name: TableName) => Table | undefined
  /** What was read differently from what it says. */
  readonly notes: readonly string[]
  /** Unsupported definitions: views, functions and others. */
  readonly others: readonly string[]
}

export const makeTable = ({ name, schema }: TableName): Table => ({
  name,
  schema,
  stored: undefined,
  columns: [],
  byName: new Map(),
  primaryKey: [],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  hasRowSecurity: false,
  policies: [],
  leftOut: [],
  drop: new Map(),
  dropped: new Set(),
  parents: [],
  comment: undefined,
  collation: undefined,
})

export const makeColumn = (name: string): Column => ({
  name,
  type: '',
  declared: '',
  size: undefined,
  scale: undefined,
  isUnsigned: false,
  range: undefined,
  isArray: false,
  values: undefined,
  parts: undefined,
  domain: undefined,
  notNull: false,
  unique: false,
  isNumbered: false,
  isComputed: false,
  isTouched: false,
  ignoresCase: false,
  collation: undefined,
  default: undefined,
  comment: undefined,
})

export function addColumn(table: Table, column: Column): void {
  table.columns.push(column)
  table.byName.set(column.name.toLowerCase(), column)
}

export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
export const columnNamed = ({ byName }: Table, name: string): Column | undefined =>
  byName.get(name.toLowerCase())
/** As a message names it. */
export const spoken = ({ name, schema }: TableName): string =>
  schema === undefined ? name : `${schema}.${name}`
