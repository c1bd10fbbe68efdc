import { lengthPattern } from './check-pattern.ts'
import type { Operand, Rule } from './check-rule.ts'

/** The rules of a comparison with a number; null if fields have none for it. */
export function compared({ column, isLength }: Operand, sign: string, value: number): Rule[] | null {
  if (isLength) return measured(column, sign, value)
  const bound = { value, isOpen: sign === '<' || sign === '>' }
  if (sign === '>' || sign === '>=') return [{ column, kind: 'range', min: bound }]
  if (sign === '<' || sign === '<=') return [{ column, kind: 'range', max: bound }]
  return sign === '=' ? [{ column, kind: 'numbers', numbers: [value] }] : null
}

function measured(column: string, sign: string, value: number): Rule[] | null {
  const isOpen = sign === '<' || sign === '>'
  if (sign === '<' || sign === '<=')
    return [{ column, kind: 'length', max: isOpen ? Math.ceil(value) - 1 : value }]
  const least = isOpen ? Math.floor(value) + 1 : Math.ceil(value)
  if (sign !== '=' && least === 1) return [{ column, kind: 'filled' }]
  const isKnown = sign === '>' || sign === '>=' || (sign === '=' && least === value)
  const pattern = isKnown ? lengthPattern(least, sign === '=' ? least : undefined) : null
  return pattern === null ? null : [{ column, kind: 'pattern', pattern }]
}
