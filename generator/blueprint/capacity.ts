import type { Field } from '#contract'
import { blueprintKind } from './field-kinds.ts'

/** How many different values the type has; counted only where that is few. */
export const valuesOf = ({ type }: Pick<Field, 'type'>): number => blueprintKind(type).countValues()

/** Whether a table soon runs out of values for this field, if it is unique. */
export const fewValues = (field: Field): boolean => valuesOf(field) < 100

/** How many rows there can be: those without a value may repeat. */
export function capacityOf(field: Field): number {
  return field.unique && field.required ? valuesOf(field) : Infinity
}
