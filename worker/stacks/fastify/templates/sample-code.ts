import type { Field } from '#contract'
import { literal, stringLiteral, templateText } from '../../../generate/render/encode/typescript.ts'
import { fewValues } from '../../../generate/blueprint/capacity.ts'
import { rangeOf, spreadOf } from '../../../generate/blueprint/number-range.ts'
import { misfit, sampleValues, type SampleValue } from '../../../generate/render/samples.ts'
import { writableProperties, type Property, type Resource } from '../resource.ts'

/** An expression for a value that fits; for a unique field it differs with the number `n`. */
export function sampleExpression(resource: Resource, field: Field): string {
  const [sample = ''] = sampleValues(resource.entity.name, field, 1)
  if (!field.unique && !resource.varied.has(field.name)) return literal(sample)
  // Few values for many rows: left empty, which may repeat.
  if (!field.required && fewValues(field)) return field.unset === 'omitted' ? 'undefined' : 'null'
  const { type } = field
  switch (type.kind) {
    case 'string':
    case 'text': {
      const maxLength = type.kind === 'string' ? type.maxLength : undefined
      if (maxLength !== undefined && maxLength < 5)
        return '(n + 9).toString(36)'.concat(maxLength === 1 ? '.slice(-1)' : '')
      // Well-formed: a cut can go through the middle of a character.
      const start = String(sample)
        .slice(0, maxLength === undefined ? 60 : maxLength - 4)
        .toWellFormed()
      return `\`${templateText(start)} \${n}\``
    }
    case 'integer': {
      const { low, high } = rangeOf(type)
      return high - low > 500 ? `${literal(low)} + n` : `${literal(low)} + (n % ${high - low + 1})`
    }
    case 'number': {
      const { low, high } = rangeOf(type)
      const isWide = high - low > 500 && Math.abs(low) < Number.MAX_SAFE_INTEGER / 2
      if (isWide) return `${literal(low)} + n`
      const spread = spreadOf(type)
      if (fewValues(field))
        return `[${spread.map(literal).join(', ')}][n % ${spread.length}] ?? ${literal(low)}`
      return Number.isFinite((high - low) * 97)
        ? `${literal(low)} + (${literal(high - low)} * (n % 97)) / 97`
        : `${literal(low)} + ${literal(high / 97 - low / 97)} * (n % 97)`
    }
    case 'boolean':
      return 'n % 2 === 1'
    case 'date':
      return 'new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10)'
    case 'datetime':
      return 'new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString()'
    case 'email':
      return '`person${n}@example.com`'
    case 'url':
      return '`https://example.com/${n}`'
    case 'uuid':
      // Every UUID that ends in a number differs.
      return "`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`"
    case 'json':
      return literal(sample)
    case 'enum':
      return `([${type.values.map(stringLiteral).join(', ')}] as const)[n % ${type.values.length}] ?? ${stringLiteral(type.values[0] ?? '')}`
  }
}

/** Whether there is a value that does not fit: any JSON has none. */
export const canMisfit = (property: Property): boolean =>
  property.kind === 'relation' ||
  property.field.type.kind !== 'json' ||
  property.field.type.shape.kind !== 'any'

/** A value that does not fit the property at all. */
export const misfitOf = (property: Property): SampleValue => {
  if (property.kind === 'field') return misfit(property.field)
  return property.relation.target.id.kind === 'text' ? 42 : 'not an id'
}

export const isUniqueField = (property: Property): boolean =>
  property.kind === 'field' && property.unique && (property.required || !fewValues(property.field))

/** Whether the sample values of a row depend on a number. */
export const needsNumber = (resource: Resource): boolean =>
  writableProperties(resource).some(isUniqueField) || resource.varied.size > 0
