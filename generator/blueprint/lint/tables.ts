import type { Blueprint } from '#contract'
import { toSnake } from '../words.ts'
import type { Report } from './diagnostic.ts'

/** Tables that the service or SQLite reserves. */
const OWN = /^(_migrations|_credentials|sqlite_.*)$/i

/** Table names: unique ignoring case, none that is reserved. */
export function lintTables({ entities, manyToMany }: Blueprint, report: Report): void {
  const stated = [
    ...entities.map((entity) => ({ path: `entities.${entity.name}.table`, what: entity.name, of: entity })),
    ...manyToMany.map((link) => ({
      path: `manyToMany.${link.left}-${link.right}.table`,
      what: `the links of ${link.left} and ${link.right}`,
      of: link,
    })),
  ]
  const taken = new Map(
    entities
      .filter(({ table }) => table === undefined)
      .map(({ name, plural }) => [(toSnake(plural) ?? plural).toLowerCase(), name]),
  )
  for (const { path, what, of } of stated) {
    const { table } = of
    if (table === undefined) continue
    if (OWN.test(table)) {
      delete of.table
      report.fixed({
        code: 'table.reserved',
        path,
        what: `The table of ${what} is named ${table}.`,
        why: 'The service or the database reserves that name.',
        fix: 'Renamed it by the default convention.',
      })
      continue
    }
    const other = taken.get(table.toLowerCase())
    taken.set(table.toLowerCase(), other ?? what)
    if (other === undefined) continue
    report.error({
      code: 'table.duplicate',
      path,
      what: `${other} and ${what} have the same table ${table}.`,
      why: 'A table stores rows of one entity, and databases ignore case.',
      fix: 'Give one of them another table, or merge them.',
    })
  }
}
