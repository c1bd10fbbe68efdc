import type { FieldType } from '#contract'
import { wordsOf } from '../../../blueprint/words.ts'
import { offlineKind } from '../field-kinds.ts'
import { typeFromName } from '../lexicon/field-types.ts'
import type { FieldSpec, Item } from '../read/facts.ts'
import type { DraftField } from './draft.ts'

export function typeOf(item: Item, complain: (what: string) => void): FieldType {
  const { spec } = item
  if (spec.values !== undefined && spec.values.length > 0) return enumOf(spec.values)
  if (spec.listOf !== undefined) return listType(spec.listOf)
  const named = typeFromName(item.phrase.text)
  return bounded(
    spec.kind === undefined ? named.type : ({ kind: spec.kind } as FieldType),
    spec,
    item.phrase.text,
    spec.kind !== undefined,
    complain,
  )
}

export const listType = (element: NonNullable<FieldSpec['listOf']>): FieldType => ({
  kind: 'json',
  shape: { kind: 'array', items: { kind: element, nullable: false }, nullable: false },
})

export function enumOf(values: readonly string[]): FieldType {
  const lower = values.map((value) => value.toLowerCase())
  if (
    lower.length === 2 &&
    ['true', 'yes'].some((word) => lower.includes(word)) &&
    ['false', 'no'].some((word) => lower.includes(word))
  )
    return { kind: 'boolean' }
  return { kind: 'enum', values: [...values] }
}

/** A type with the stated bounds; a stated range turns an unknown name into a number. */
export function bounded(
  type: FieldType,
  spec: FieldSpec,
  text: string,
  sure: boolean,
  complain: (what: string) => void,
): FieldType {
  const complainBounds = () =>
    complain((spec.boundTokens ?? []).map((token) => token.text).join(' ') + ` for ${text}`)
  if (spec.maxLength !== undefined) {
    if (type.kind === 'string' || type.kind === 'text') return { ...type, maxLength: spec.maxLength }
    complainBounds()
    return type
  }
  if (spec.min === undefined && spec.max === undefined) return type
  const whole = Number.isInteger(spec.min ?? 0) && Number.isInteger(spec.max ?? 0)
  let kind = type.kind
  if (
    !sure &&
    spec.min !== undefined &&
    whole &&
    (kind === 'string' || kind === 'text' || wordsOf(text).includes('rating')) &&
    (spec.max !== undefined || kind !== 'number')
  ) {
    kind = 'integer'
  }
  if (
    (kind === 'string' || kind === 'text') &&
    spec.min === undefined &&
    whole &&
    spec.max! >= 1 &&
    spec.max! <= 100_000
  ) {
    return { kind: 'string', maxLength: spec.max! }
  }
  if (kind !== 'integer' && kind !== 'number') {
    complainBounds()
    return type
  }
  const step =
    kind === 'integer' ? 1 : /price|cost|amount|total|fee|salary|budget/i.test(text) ? 0.01 : 0.000001
  const min =
    spec.min === undefined
      ? undefined
      : kind === 'integer'
        ? Math.ceil(spec.min) + (spec.minExclusive && whole ? 1 : 0)
        : spec.min + (spec.minExclusive ? step : 0)
  const max =
    spec.max === undefined
      ? undefined
      : kind === 'integer'
        ? Math.floor(spec.max) - (spec.maxExclusive && whole ? 1 : 0)
        : spec.max - (spec.maxExclusive ? step : 0)
  if (min !== undefined && max !== undefined && min > max) {
    complainBounds()
    return { kind }
  }
  return { kind, ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

/** A default coerced to its type; undefined if it does not match. */
export const fitDefault = (value: FieldSpec['default'], type: FieldType): DraftField['default'] =>
  value === undefined ? undefined : offlineKind(type).fitDefault(value)
