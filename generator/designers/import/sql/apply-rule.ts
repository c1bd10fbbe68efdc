import type { Field, FieldType } from '#contract'
import { nextNumber } from '../../../blueprint/next-number.ts'
import { patternFault } from '../../../blueprint/text-pattern.ts'
import { refusesBlank } from '../../../blueprint/refuses-blank.ts'
import type { Bound, Rule } from './check-rule.ts'

type OfKind<Kind> = Extract<FieldType, { kind: Kind }>
type Numeric = OfKind<'integer' | 'number'>

const MOST_VALUES = 50
const LONGEST_VALUE = 80

/** The type of a field with this rule, if it supports the rule and some value satisfies it. */
export function withRule(field: Field, rule: Rule, scale: number | undefined): FieldType | null {
  const { type } = field
  switch (rule.kind) {
    case 'values':
      return type.kind === 'string' || type.kind === 'text' || type.kind === 'enum'
        ? withValues(type, rule.values)
        : null
    case 'numbers':
      // What a boolean is in SQLite.
      if (type.kind === 'boolean') return [0, 1].every((one) => rule.numbers.includes(one)) ? type : null
      return type.kind === 'integer' ? withNumbers(type, rule.numbers) : null
    case 'range':
      return type.kind === 'integer' || type.kind === 'number' ? withRange(type, rule, scale) : null
    case 'length':
      return type.kind === 'string' || type.kind === 'text' ? withLength(type, Math.floor(rule.max)) : null
    case 'pattern':
      return type.kind === 'string' ? withPattern(type, rule.pattern) : null
    case 'present':
      return field.required || field.default !== undefined ? type : null
    case 'filled':
      return refusesBlank(field) || type.kind === 'enum' ? type : null
  }
}

function withValues(type: FieldType, values: readonly string[]): FieldType | null {
  const distinct = [...new Set(values)].filter((value) => type.kind !== 'enum' || type.values.includes(value))
  const areSayable = distinct.every((value) => value !== '' && value.length <= LONGEST_VALUE)
  return areSayable && distinct.length > 0 && distinct.length <= MOST_VALUES
    ? { kind: 'enum', values: distinct }
    : null
}

/** Whole numbers without a gap between them. */
function withNumbers(type: OfKind<'integer'>, numbers: readonly number[]): FieldType | null {
  const distinct = [...new Set(numbers)]
  const [min, max] = [Math.min(...distinct), Math.max(...distinct)]
  const isWhole = distinct.every(Number.isSafeInteger) && max - min === distinct.length - 1
  return isWhole
    ? withRange(type, { min: { value: min, isOpen: false }, max: { value: max, isOpen: false } }, 0)
    : null
}

/** A bound that every or no JSON number satisfies is dropped. */
function withRange(
  type: Numeric,
  { min, max }: { readonly min?: Bound; readonly max?: Bound },
  scale: number | undefined,
): FieldType | null {
  const isWhole = type.kind === 'integer'
  const most = isWhole ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  const low = min === undefined ? undefined : closed(min, 1, isWhole ? 0 : scale)
  const high = max === undefined ? undefined : closed(max, -1, isWhole ? 0 : scale)
  if ((low ?? 0) > most || (high ?? 0) < -most) return null
  // Of two rules, the narrower counts.
  const lowest = low !== undefined && low >= -most ? Math.max(low, type.min ?? low) : type.min
  const highest = high !== undefined && high <= most ? Math.min(high, type.max ?? high) : type.max
  if (lowest !== undefined && highest !== undefined && lowest > highest) return null
  return {
    kind: type.kind,
    ...(lowest !== undefined && { min: lowest }),
    ...(highest !== undefined && { max: highest }),
  }
}

/** The first number within an open bound: of a fixed number of decimals, or the next that there is. */
function closed({ value, isOpen }: Bound, direction: 1 | -1, scale: number | undefined): number {
  if (scale === undefined) return isOpen ? nextNumber(value, direction) : value
  if (scale === 0) {
    const whole = direction === 1 ? Math.ceil(value) : Math.floor(value)
    return isOpen && whole === value ? whole + direction : whole
  }
  const unit = 10 ** scale
  const steps = value * unit
  const rounded = Number(steps.toPrecision(15))
  if (!Number.isFinite(steps)) return value
  const inside = direction === 1 ? Math.ceil(rounded) : Math.floor(rounded)
  return (isOpen && inside === rounded ? inside + direction : inside) / unit
}

/** One pattern, which some text fits and no text takes long to compare with. */
function withPattern(type: OfKind<'string'>, pattern: string): FieldType | null {
  if (type.pattern !== undefined) return type.pattern === pattern ? type : null
  return patternFault({ pattern, max: type.maxLength }) === null ? { ...type, pattern } : null
}

/** The maximum text limits of a field, in UTF-16 code units; a longer limit is dropped. */
const MAX_LENGTHS = { string: 100_000, text: 1_000_000 }

function withLength(type: OfKind<'string' | 'text'>, max: number): FieldType | null {
  if (max < 1) return null
  const maxLength = Math.min(type.maxLength ?? max, max)
  return maxLength > MAX_LENGTHS[type.kind] ? type : { ...type, maxLength }
}
