import { pluralName, singular, spaced, toKebab, toPascal } from '../../../blueprint/words.ts'
import type { Table } from './table-definition.ts'

export const CREATED = /^(created|inserted|creation)([_ ]?(at|on|date|time|timestamp))?$/i
export const UPDATED =
  /^(updated|modified|changed|last[_ ]?(modified|updated|changed|update))([_ ]?(at|on|date|time|timestamp))?$/i

export const label = (name: string): string => {
  const words = spaced(name.replaceAll('_', ' '))
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function nameTables(tables: readonly Table[]): Map<Table, string> {
  const taken = new Set<string>()
  const names = new Map<Table, string>()
  for (const table of tables) {
    const words = spaced(table.name.replaceAll('_', ' '))
    const wish = toPascal(singular(words)) ?? 'Row'
    let name = wish
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${wish}${number}`
    taken.add(name.toLowerCase())
    names.set(table, name)
  }
  return names
}

export type Place = { readonly plural: string; readonly path: string }

/**
 * The plural and the path of each table. A table whose own name is a plural has it, so that `cases` is at /cases where there
 * is a `case`, too; a name without a plural, such as `series`, is its own path.
 */
export function placeTables(names: ReadonlyMap<Table, string>): Map<Table, Place> {
  const places = new Map<Table, Place>()
  const taken = new Set<string>()
  const place = (table: Table, plural: string, path: string) => {
    const wish = `/${toKebab(path) ?? 'rows'}`
    let free = wish
    for (let number = 2; taken.has(free); number++) free = `${wish}-${number}`
    taken.add(free)
    places.set(table, { plural, path: free })
  }
  const wordsOf = ({ name }: Table) => spaced(name.replaceAll('_', ' '))
  for (const [table] of names) {
    const own = toPascal(wordsOf(table))
    if (own !== null && own !== toPascal(singular(wordsOf(table)))) place(table, own, own)
  }
  for (const [table, name] of names) {
    if (places.has(table)) continue
    const plural = pluralName(name)
    const isFree = plural !== `${name}List` && !taken.has(`/${toKebab(plural)}`)
    if (isFree) place(table, plural, plural)
    else place(table, `${name.slice(0, 56)}List`, table.name)
  }
  return places
}
