import { pluralName, singular, spaced, toPascal } from '../../../blueprint/words.ts'
import type { Table } from './table-definition.ts'

export const ROW_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/
export const CREATED = /^(created|inserted|creation)(_?(at|on|date|time|timestamp))?$/i
export const UPDATED =
  /^(updated|modified|changed|last_?(modified|updated|changed|update))(_?(at|on|date|time|timestamp))?$/i

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

export function pluralOf(table: Table, name: string): string {
  const own = toPascal(spaced(table.name.replaceAll('_', ' ')))
  return own !== null && own !== name ? own : pluralName(name)
}
