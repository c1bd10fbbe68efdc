import type { Notes } from './notes.ts'
import type { Node } from './document.ts'
import { listOf } from './resolve.ts'

/**
 * The bounds of a list of numbers. Values that are numbers with a text (`0 - Open`) count as their numbers. A list
 * without gaps is enforced by its bounds; of another, the report says what else is accepted.
 */
export function boundsOfValues(
  node: Node,
  about: string,
  isWhole: boolean,
  notes: Notes,
): { min: number; max: number } | undefined {
  const given = 'const' in node ? [node['const']] : listOf(node['enum']).slice(0, 1_000)
  const named = given.filter((value) => value !== null)
  if (named.length === 0) return undefined
  const numbers = named.map((value) =>
    typeof value === 'number' ? value : Number(/^-?\d+(\.\d+)?(?![\d.])/.exec(String(value))?.[0] ?? NaN),
  )
  const text = named.find((value) => typeof value !== 'number')
  if (numbers.some((value) => !Number.isFinite(value))) {
    notes.add(`${about} is a number, and its values (${shown(named)}) are not: any number is accepted.`)
    return undefined
  }
  if (text !== undefined)
    notes.add(
      `${JSON.stringify(text)} of ${about} is a number with a text: the values are read as ${shown(numbers)}.`,
    )
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b)
  const [min, max] = [sorted[0]!, sorted.at(-1)!]
  const hasGaps = !isWhole || max - min + 1 !== sorted.length
  if (hasGaps && sorted.length > 1)
    notes.add(`Of ${about}, numbers between its values (${shown(sorted)}) are accepted too.`)
  return { min, max }
}

const shown = (values: readonly unknown[]): string =>
  `${values.slice(0, 8).map(String).join(', ').slice(0, 120)}${values.length > 8 ? ', …' : ''}`
