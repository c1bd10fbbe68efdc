import type { Catalog } from './catalog.ts'
import { readDomain, readTypeStatement } from './read-named-type.ts'
import { readIndex } from './read-index.ts'
import { readPolicy } from './read-policy.ts'
import { readTable } from './read-table.ts'
import { skipRoutine } from './skip-routine.ts'
import type { Reader } from './token-reader.ts'

const KINDS_OF_INDEX = [
  'fulltext',
  'spatial',
  'clustered',
  'nonclustered',
  'columnstore',
  'bitmap',
  'xml',
  'primary',
]
const BEFORE_KIND = [
  'materialized',
  'recursive',
  'force',
  'constraint',
  'editionable',
  'trusted',
  'procedural',
]
const ROUTINES = new Set([
  'function',
  'procedure',
  'proc',
  'trigger',
  'event',
  'package',
  'aggregate',
  'rule',
])
/** Definitions that say nothing about rows. */
const SILENT = new Set(
  `extension sequence user role login schema tablespace server cast operator collation conversion text statistics
   publication subscription database assembly certificate default fulltext partition filegroup language`.split(
    /\s+/,
  ),
)

/** Reads what follows CREATE; returns the name of the database if it states one. */
export function readCreate(reader: Reader, catalog: Catalog): string | undefined {
  const { others } = catalog
  if (!reader.accept('or', 'replace')) reader.accept('or', 'alter')
  skipViewOptions(reader)
  reader.accept('global')
  reader.accept('local')
  const isTemporary = reader.accept('temporary') || reader.accept('temp')
  reader.accept('unlogged')
  const isUnique = reader.accept('unique')
  let kind: string | undefined
  for (let word = kindOfIndex(reader); word !== undefined; word = kindOfIndex(reader)) {
    kind = word.endsWith('clustered') ? kind : word
    reader.accept(word)
  }
  if (reader.accept('index')) {
    readIndex(reader, catalog, { isUnique, kind })
    return undefined
  }
  if (reader.accept('table')) {
    readTable(reader, catalog, { isTemporary })
    return undefined
  }
  if (reader.accept('type')) {
    readTypeStatement(reader, catalog)
    return undefined
  }
  if (reader.accept('domain')) {
    readDomain(reader, catalog)
    return undefined
  }
  if (reader.accept('policy')) {
    readPolicy(reader, catalog)
    return undefined
  }
  const foreign = ['virtual', 'foreign', 'external'].find((word) => reader.is(word) && reader.is('table', 1))
  if (foreign !== undefined) {
    reader.accept(foreign, 'table')
    reader.accept('if', 'not', 'exists')
    const name = reader.tableName('a table')
    catalog.passOver(name, `The ${foreign} table ${name.name}.`)
    reader.skipStatement()
    return undefined
  }
  while (BEFORE_KIND.some((word) => reader.accept(word))) continue
  const what = reader.next()?.text.toLowerCase() ?? 'thing'
  reader.accept('if', 'not', 'exists')
  const isRoutine = ROUTINES.has(what)
  const isNamed = reader.isName()
  const name = isNamed ? reader.tableName(`a ${what}`) : { name: '', schema: undefined }
  if (what === 'view') catalog.passOver(name)
  if (isRoutine || what === 'view') skipRoutine(reader)
  else reader.skipStatement()
  if (!SILENT.has(what)) others.push(`The ${what === 'proc' ? 'procedure' : what} ${name.name}.`)
  return what === 'database' ? name.name : undefined
}

const kindOfIndex = (reader: Reader): string | undefined =>
  KINDS_OF_INDEX.find(
    (word) => reader.is(word) && (reader.is('index', 1) || KINDS_OF_INDEX.some((one) => reader.is(one, 1))),
  )

/** `ALGORITHM = x DEFINER = who SQL SECURITY x`, before a view or a routine of MySQL. */
function skipViewOptions(reader: Reader): void {
  for (;;) {
    if (reader.accept('algorithm', '=') || reader.accept('sql', 'security')) reader.next()
    else if (reader.accept('definer', '=')) {
      reader.next()
      if (reader.accept('@')) reader.next()
      if (reader.accept('(')) reader.inBrackets()
    } else return
  }
}
