import { isDeepStrictEqual } from 'node:util'
import type { Field } from '#contract'
import { literal } from '../../../codegen/encode/typescript.ts'
import { fewValues } from '../../../blueprint/capacity.ts'
import { distinctPair, invalidSample, sampleValues, type SampleValue } from '../../../codegen/samples.ts'
import { fieldTests } from './field-tests.ts'
import { isJoint, writableProperties, type Property, type Resource } from '../resource.ts'

/** An expression for a valid value; for a unique field it varies with the number `n`. */
export function sampleExpression(resource: Resource, field: Field): string {
  const [sample = ''] = sampleValues(resource.entity.name, field, 1)
  if (!field.unique && !resource.varied.has(field.name)) return literal(sample)
  // Few values for many rows: null, which may repeat.
  if (!field.required && fewValues(field)) return field.unset === 'omitted' ? 'undefined' : 'null'
  return fieldTests(field.type).varied({ sample, isFew: fewValues(field) })
}

/** An expression for the value of a row that does not state it; undefined where it is the sample. */
export function unsetValue(resource: Resource, field: Field): string | undefined {
  if (field.default === undefined)
    return field.required ? undefined : field.unset === 'omitted' ? 'undefined' : 'null'
  // The default of every row would be the same.
  return field.unique || resource.varied.has(field.name) ? undefined : literal(field.default)
}

/** Whether the value of a body is never that of a row that does not state it. */
export function differsFromRow(resource: Resource, field: Field): boolean {
  if (resource.varied.has(field.name) || (field.unique && (field.required || !fewValues(field)))) return true
  if (field.unique && fewValues(field)) return false
  const [sample] = sampleValues(resource.entity.name, field, 1)
  return !isDeepStrictEqual(sample, valueOfRow(resource, field))
}

/** A valid value that a row does not have unless it is stated; undefined where there is none. */
export function otherValue(resource: Resource, field: Field): SampleValue | undefined {
  const { kind } = field.type
  const usual = sampleValues(resource.entity.name, field, 4)
  const all = kind === 'boolean' || kind === 'enum' ? [...usual, ...(distinctPair(field) ?? [])] : usual
  return all.find((value) => !isDeepStrictEqual(value, valueOfRow(resource, field)))
}

function valueOfRow(resource: Resource, field: Field): SampleValue | null {
  if (field.default !== undefined) return field.default
  return field.required ? (sampleValues(resource.entity.name, field, 1)[0] ?? '') : null
}

/** Whether an invalid value exists: not for arbitrary JSON. */
export const hasInvalidValue = (property: Property): boolean =>
  property.kind === 'relation' ||
  property.field.type.kind !== 'json' ||
  property.field.type.shape.kind !== 'any'

/** An invalid value of the property. */
export const invalidValueOf = (property: Property): SampleValue => {
  if (property.kind === 'field') return invalidSample(property.field)
  return property.relation.target.id.kind === 'text' ? 42 : 'not an id'
}

export const isUniqueField = (property: Property): boolean =>
  property.kind === 'field' && property.unique && (property.required || !fewValues(property.field))

/** Whether the sample values of a row depend on a number. */
export const needsNumber = (resource: Resource): boolean =>
  writableProperties(resource).some(
    (property) => isUniqueField(property) && !isJoint(resource, property.name),
  ) || resource.varied.size > 0
