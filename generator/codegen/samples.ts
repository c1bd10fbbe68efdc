import type { Field } from '#contract'
import { fieldSample, type SampleValue } from './field-samples.ts'
import { sampleOf } from './sample-of.ts'

export type { SampleValue } from './field-samples.ts'

/** Up to `count` values that fit the field, the example first; fewer only where a unique field has no more. */
export function sampleValues(entityName: string, field: Field, count: number): SampleValue[] {
  const values: SampleValue[] = []
  if (field.example !== undefined) values.push(field.example)
  for (let index = 0; values.length < count && index < count * 4; index++) {
    const value = fieldSample(field.type).derive({ entityName, field, index }, sampleOf)
    if (!field.unique || !values.includes(value)) values.push(value)
  }
  return values
}

/** A value that does not fit the field at all. */
export const invalidSample = ({ type }: Field): SampleValue => fieldSample(type).misfit()

/** Two valid values of which the first sorts before the second, if the type has an order to speak of. */
export const orderedPair = ({ type }: Field): [SampleValue, SampleValue] | undefined =>
  fieldSample(type).orderedPair()

/** Two different values, the first of which survives a query string. */
export const distinctPair = ({ type }: Field): [SampleValue, SampleValue] | undefined =>
  fieldSample(type).distinctPair()
