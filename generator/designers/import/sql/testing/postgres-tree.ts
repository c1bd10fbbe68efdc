import type { ComparableTable } from './comparable.ts'

type Name = { readonly String?: { readonly sval?: string } }
type Range = { readonly relname: string }
type Constraint = {
  readonly contype: string
  readonly keys?: readonly Name[]
  readonly pktable?: Range
  readonly fk_attrs?: readonly Name[]
  readonly pk_attrs?: readonly Name[]
  readonly fk_del_action?: string
}
type TypeName = {
  readonly names: readonly Name[]
  readonly typmods?: readonly { readonly A_Const?: { readonly ival?: { readonly ival?: number } } }[]
  readonly arrayBounds?: readonly unknown[]
}
type ColumnDef = {
  readonly colname: string
  readonly typeName: TypeName
  readonly constraints?: readonly { readonly Constraint: Constraint }[]
}
type Element = { readonly ColumnDef?: ColumnDef; readonly Constraint?: Constraint }
type Command = {
  readonly subtype: string
  readonly name?: string
  readonly def?: Element & { PartitionCmd?: { name: Range } }
}

/** The statements that change tables, as `libpg-query` states them. */
export type Statement = {
  readonly CreateStmt?: {
    readonly relation: Range
    readonly tableElts?: readonly Element[]
    readonly inhRelations?: readonly { readonly RangeVar: Range }[]
    readonly partbound?: unknown
  }
  readonly AlterTableStmt?: {
    readonly relation: Range
    readonly cmds: readonly { readonly AlterTableCmd: Command }[]
  }
  readonly IndexStmt?: {
    readonly relation: Range
    readonly unique?: boolean
    readonly whereClause?: unknown
    readonly indexParams: readonly { readonly IndexElem: { readonly name?: string } }[]
  }
  readonly RenameStmt?: {
    readonly renameType: string
    readonly relation?: Range
    readonly subname?: string
    readonly newname: string
  }
  readonly DropStmt?: {
    readonly removeType: string
    readonly objects: readonly { readonly List?: { readonly items: readonly Name[] } }[]
  }
  readonly CreateDomainStmt?: { readonly domainname: readonly Name[] }
}

type Column = { name: string; type: string; notNull: boolean }
type Draft = {
  columns: Column[]
  primaryKey: string[]
  uniques: string[][]
  foreignKeys: { columns: string[]; table: string; targets: string[]; action: string }[]
  inherits: boolean
}

const text = (name: Name): string => name.String?.sval ?? ''
const DELETE: Record<string, string> = { c: 'cascade', n: 'setNull', d: 'setDefault' }

/** The tables that a parse tree defines in the end. */
export function tablesOfTree(statements: readonly Statement[]): Record<string, ComparableTable> {
  const tables = new Map<string, Draft>()
  for (const statement of statements) {
    if (statement.CreateStmt) create(tables, statement.CreateStmt)
    if (statement.AlterTableStmt) {
      const { relation, cmds } = statement.AlterTableStmt
      const table = tables.get(relation.relname)
      if (table) for (const { AlterTableCmd } of cmds) alter(tables, table, AlterTableCmd)
    }
    if (statement.IndexStmt?.unique && !statement.IndexStmt.whereClause) {
      const names = statement.IndexStmt.indexParams.map(({ IndexElem }) => IndexElem.name)
      if (names.every((name) => name !== undefined))
        tables.get(statement.IndexStmt.relation.relname)?.uniques.push(names)
    }
    if (statement.RenameStmt?.relation) rename(tables, statement.RenameStmt)
    for (const { List } of statement.DropStmt?.removeType === 'OBJECT_TABLE'
      ? statement.DropStmt.objects
      : [])
      tables.delete(text(List!.items.at(-1)!))
  }
  return Object.fromEntries(
    [...tables].map(([name, { columns, primaryKey, uniques, foreignKeys, inherits }]) => [
      name,
      {
        columns: columns.map((column) => `${column.name} ${column.type}${column.notNull ? '!' : ''}`),
        primaryKey: inherits ? '' : primaryKey.join(),
        uniques: uniques.map((list) => list.join()).sort(),
        foreignKeys: foreignKeys
          .map(
            (key) =>
              `${key.columns.join()}>${key.table}(${key.targets.join()}) ${DELETE[key.action] ?? 'restrict'}`,
          )
          .sort(),
      },
    ]),
  )
}

function create(
  tables: Map<string, Draft>,
  { relation, tableElts = [], inhRelations = [], partbound }: NonNullable<Statement['CreateStmt']>,
) {
  const parents = inhRelations.map(({ RangeVar }) => tables.get(RangeVar.relname)!)
  const own = tableElts.flatMap(({ ColumnDef }) => (ColumnDef ? [ColumnDef.colname] : []))
  const isPart =
    parents.length === 1 && own.every((name) => parents[0]!.columns.some((one) => one.name === name))
  if (partbound || isPart) return
  const table: Draft = {
    columns: parents.flatMap(({ columns }) => columns.map((column) => ({ ...column }))),
    primaryKey: [],
    uniques: [],
    foreignKeys: [],
    inherits: parents.length > 0,
  }
  tables.set(relation.relname, table)
  for (const element of tableElts) addElement(table, element)
}

function addElement(table: Draft, { ColumnDef, Constraint }: Element): void {
  if (ColumnDef) {
    const { colname: name, typeName, constraints = [] } = ColumnDef
    table.columns.push({ name, ...typeOf(typeName), notNull: false })
    for (const { Constraint: one } of constraints) constrain(table, one, name)
  }
  if (Constraint) constrain(table, Constraint)
}

function typeOf({ names, typmods = [], arrayBounds }: TypeName): Pick<Column, 'type'> {
  const name = text(names.at(-1)!).toLowerCase()
  const size = typmods[0]?.A_Const?.ival?.ival
  const isSized = ['varchar', 'bpchar', 'numeric'].includes(name) && size !== undefined
  return { type: `${name}${isSized ? `(${size})` : ''}${arrayBounds ? '[]' : ''}` }
}

function constrain(table: Draft, one: Constraint, column?: string): void {
  const keys = one.keys?.map(text) ?? (column === undefined ? [] : [column])
  switch (one.contype) {
    case 'CONSTR_NOTNULL':
      for (const name of keys) table.columns.find((each) => each.name === name)!.notNull = true
      break
    case 'CONSTR_PRIMARY':
      table.primaryKey = keys
      break
    case 'CONSTR_UNIQUE':
      table.uniques.push(keys)
      break
    case 'CONSTR_FOREIGN':
      table.foreignKeys.push({
        columns: one.fk_attrs?.map(text) ?? [column!],
        table: one.pktable!.relname,
        targets: one.pk_attrs?.map(text) ?? [],
        action: one.fk_del_action ?? 'a',
      })
  }
}

function alter(tables: Map<string, Draft>, table: Draft, { subtype, name, def }: Command): void {
  const column = table.columns.find((one) => one.name === name)
  switch (subtype) {
    case 'AT_AddColumn':
    case 'AT_AddConstraint':
      addElement(table, def!)
      break
    case 'AT_SetNotNull':
      column!.notNull = true
      break
    case 'AT_DropNotNull':
      column!.notNull = false
      break
    case 'AT_AlterColumnType':
      Object.assign(column!, typeOf(def!.ColumnDef!.typeName))
      break
    case 'AT_DropColumn':
      table.columns = table.columns.filter((one) => one !== column)
      table.uniques = table.uniques.filter((list) => !list.includes(name!))
      table.primaryKey = table.primaryKey.filter((one) => one !== name)
      table.foreignKeys = table.foreignKeys.filter(({ columns }) => !columns.includes(name!))
      break
    case 'AT_AttachPartition':
      tables.delete(def!.PartitionCmd!.name.relname)
  }
}

function rename(
  tables: Map<string, Draft>,
  { renameType, relation, subname, newname }: NonNullable<Statement['RenameStmt']>,
) {
  const table = tables.get(relation!.relname)
  if (!table) return
  if (renameType === 'OBJECT_TABLE') {
    tables.delete(relation!.relname)
    tables.set(newname, table)
  }
  if (renameType !== 'OBJECT_COLUMN') return
  const other = (name: string) => (name === subname ? newname : name)
  for (const column of table.columns) column.name = other(column.name)
  table.primaryKey = table.primaryKey.map(other)
  table.uniques = table.uniques.map((list) => list.map(other))
  for (const key of table.foreignKeys) key.columns = key.columns.map(other)
}
