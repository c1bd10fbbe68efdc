import type { Field } from '#contract'
import { blueprintKind } from './field-kinds.ts'

/** Number of distinct values of the type; Infinity unless it is small. */
export const valuesOf = ({ type }: Pick<Field, 'type'>): number => blueprintKind(type).countValues()

/** Whether a unique field of this type would soon run out of values. */
export const fewValues = (field: Field): boolean => valuesOf(field) < 100

/** Maximum number of rows: rows without a value may repeat. */
export function capacityOf(field: Field): number {
  return field.unique && field.required ? valuesOf(field) : Infinity
}
