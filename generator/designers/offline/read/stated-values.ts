import { chunks } from '../text/chunks.ts'
import type { Token } from '../text/tokens.ts'
import { readItem } from './item.ts'
import { add, type Reading } from './reading.ts'

/** `Status: new, waiting, solved`: the values of a field that an earlier sentence names. */
export function readStatedValues(tokens: readonly Token[], colon: number, reading: Reading): boolean {
  const [first, ...following] = chunks(tokens.slice(colon + 1))
  const made = first && readItem([...tokens.slice(0, colon + 1), ...first.tokens], following)
  if (!made || made.item.spec.values === undefined || made.taken < following.length) return false
  add(reading, { kind: 'constraint', subject: null, item: { ...made.item, tokens } }, tokens)
  return true
}
