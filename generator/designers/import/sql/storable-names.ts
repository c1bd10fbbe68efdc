import { ROW_NAME } from '#contract'
import { toSnake, transliterate } from '../../../blueprint/words.ts'
import { spoken, type Table } from './table-definition.ts'

/** Names that every object of JavaScript has. */
const OF_EVERY_OBJECT = new Set([
  ...Object.getOwnPropertyNames(Object.prototype).map((name) => name.toLowerCase()),
  'prototype',
  'proto',
  'tojson',
  'then',
])

/** Gives columns and tables names that JSON, TypeScript and SQL share, and says which were changed. */
export function makeNamesStorable(tables: readonly Table[], notes: string[]): void {
  for (const table of tables) {
    /** Properties must differ in more than their case and their underscores. */
    const seen = new Set<string>()
    for (const column of table.columns) {
      const { name } = column
      const isUsable = ROW_NAME.test(name) && !OF_EVERY_OBJECT.has(name.toLowerCase())
      if (isUsable && !seen.has(alike(name))) {
        seen.add(alike(name))
        continue
      }
      column.name = freeName(
        isUsable ? name : storable(name, 'column'),
        (wish) => table.byName.has(wish) || seen.has(alike(wish)),
      )
      seen.add(alike(column.name))
      table.byName.set(column.name.toLowerCase(), column)
      notes.push(`${JSON.stringify(name)} of ${table.name} is named ${column.name}.`)
    }
  }
  const taken = new Set<string>()
  for (const table of tables) {
    const wish = ROW_NAME.test(table.name) ? table.name : storable(table.name, 'rows').toLowerCase()
    const isTaken = (name: string) => taken.has(name)
    const apart =
      isTaken(wish.toLowerCase()) && table.schema ? storable(`${table.schema}_${wish}`, 'rows') : wish
    const name = freeName(apart, isTaken)
    taken.add(name.toLowerCase())
    if (name === table.name) continue
    notes.push(`The table ${JSON.stringify(spoken(table))} is named ${name}.`)
    table.stored = name
  }
}

const alike = (name: string): string => toSnake(name) ?? name.toLowerCase()

/** `Size (GB)` is `Size_GB`. */
function storable(name: string, instead: string): string {
  const words = transliterate(name)
    .replaceAll(/[^a-zA-Z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 55)
  const usable = words === '' ? instead : /^\d/.test(words) ? `_${words}` : words
  return OF_EVERY_OBJECT.has(usable.toLowerCase()) ? `${usable}_value` : usable
}

function freeName(wish: string, isTaken: (name: string) => boolean): string {
  let name = wish
  for (let number = 2; isTaken(name.toLowerCase()); number++) name = `${wish}_${number}`
  return name
}
