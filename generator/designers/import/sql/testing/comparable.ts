import type { Column, Ddl } from '../table-definition.ts'

/** What two readers of one script must agree on. */
export type ComparableTable = {
  /** `name type!`, in order. */
  readonly columns: string[]
  readonly primaryKey: string
  readonly uniques: string[]
  readonly foreignKeys: string[]
}

const TYPES: Record<string, string> = {
  int: 'int4',
  integer: 'int4',
  smallint: 'int2',
  bigint: 'int8',
  decimal: 'numeric',
  dec: 'numeric',
  'character varying': 'varchar',
  character: 'bpchar',
  char: 'bpchar',
  boolean: 'bool',
  real: 'float4',
  float: 'float8',
  'double precision': 'float8',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'bit varying': 'varbit',
}

const SIZED = new Set(['varchar', 'bpchar', 'numeric'])

/** The tables of a reading; of those that inherit, only the columns. */
export const comparable = ({ tables }: Ddl): Record<string, ComparableTable> =>
  Object.fromEntries(
    tables.map((table) => [
      table.name,
      {
        columns: table.columns.map(describeColumn),
        primaryKey: table.parents.length > 0 ? '' : table.primaryKey.join(),
        uniques: [
          ...table.columns.filter(({ unique }) => unique).map(({ name }) => name),
          ...table.uniques.map((columns) => columns.join()),
        ].sort(),
        foreignKeys: table.foreignKeys
          .map((key) => `${key.columns.join()}>${key.table.name}(${key.targets.join()}) ${key.onDelete}`)
          .sort(),
      },
    ]),
  )

export function describeColumn({ name, type, domain, size, isArray, notNull }: Column): string {
  const own = domain ?? TYPES[type] ?? type
  const length = size !== undefined && SIZED.has(own) ? `(${size})` : ''
  return `${name} ${own}${length}${isArray ? '[]' : ''}${notNull ? '!' : ''}`
}
