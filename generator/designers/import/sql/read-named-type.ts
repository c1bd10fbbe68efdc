import type { Catalog, NamedType } from './catalog.ts'
import { readDefinition } from './read-column.ts'
import { addColumn, makeColumn, makeTable, type TableName } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

/** Reads what follows CREATE TYPE: an enumeration, a composite type, or the other name of a type. */
export function readTypeStatement(reader: Reader, catalog: Catalog): void {
  const name = reader.tableName('a type')
  const holder = makeTable(name)
  const column = makeColumn(name.name)
  column.type = name.name.toLowerCase()
  if (reader.accept('as', 'enum')) {
    reader.expect('(', 'before the values of an enumeration')
    column.values = reader
      .inBrackets()
      .filter(({ kind }) => kind === 'text')
      .map(({ text }) => text)
    define(catalog, name, { column, checks: [] })
  } else if (reader.accept('as', '(')) {
    while (!reader.isEnd() && !reader.accept(')')) {
      const part = makeColumn(reader.name('an attribute'))
      readDefinition(reader, part, { catalog, table: holder })
      addColumn(holder, part)
      if (!reader.accept(',') && !reader.is(')')) break
    }
    column.parts = holder.columns
    define(catalog, name, { column, checks: [] })
  } else if (reader.accept('from')) {
    readDefinition(reader, column, { catalog, table: holder })
    define(catalog, name, { column, checks: holder.checks })
  } else if (!reader.isEnd()) catalog.others.push(`The type ${name.name}.`)
  reader.skipStatement()
}

/** Reads what follows CREATE DOMAIN. */
export function readDomain(reader: Reader, catalog: Catalog): void {
  const name = reader.tableName('a domain')
  reader.accept('as')
  const holder = makeTable(name)
  const column = makeColumn(name.name)
  readDefinition(reader, column, { catalog, table: holder })
  define(catalog, name, { column, checks: holder.checks })
  reader.skipStatement()
}

/** `ALTER TYPE … ADD VALUE`, and the change of a value or of the name. */
export function alterType(reader: Reader, catalog: Catalog): void {
  const name = reader.tableName('a type')
  const type = catalog.types.get(keyOf(name)) ?? catalog.types.get(name.name.toLowerCase())
  const values = type?.column.values
  if (values && reader.accept('add', 'value')) {
    reader.accept('if', 'not', 'exists')
    const value = reader.next()?.text ?? ''
    const isBefore = reader.accept('before')
    const isPlaced = isBefore || reader.accept('after')
    const at = isPlaced ? values.indexOf(reader.next()?.text ?? '') : -1
    const known = knownValues(values)
    if (!known.has(value)) values.splice(at === -1 ? values.length : at + (isBefore ? 0 : 1), 0, value)
    known.add(value)
  } else if (values && reader.accept('rename', 'value')) {
    const at = values.indexOf(reader.next()?.text ?? '')
    reader.accept('to')
    const value = reader.next()?.text
    if (at !== -1 && value !== undefined) values[at] = value
    valuesOf.delete(values)
  } else if (type && reader.accept('rename', 'to'))
    define(catalog, { ...name, name: reader.name('a type') }, type)
  reader.skipStatement()
}

const valuesOf = new WeakMap<readonly string[], Set<string>>()

/** The values of an enumeration, to find one in any number. */
function knownValues(values: readonly string[]): Set<string> {
  const known = valuesOf.get(values) ?? new Set(values)
  valuesOf.set(values, known)
  return known
}

const keyOf = ({ name, schema }: TableName): string =>
  (schema === undefined ? name : `${schema}.${name}`).toLowerCase()

function define(catalog: Catalog, name: TableName, type: NamedType): void {
  catalog.types.set(keyOf(name), type)
  catalog.types.set(name.name.toLowerCase(), type)
}
