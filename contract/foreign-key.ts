import { z } from 'zod'
import { RowName } from './names.ts'

const PascalName = z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/)

/**
 * A foreign key of several properties: together they are those of one row of another entity, or one of them is null. They are
 * fields, or the properties of relations.
 */
export const ForeignKey = z.strictObject({
  properties: z.array(RowName).min(2).max(6),
  /** `name` of the referenced entity. */
  target: PascalName,
  /** The properties of the target with the same values, in the same order; they are unique together. */
  targets: z.array(RowName).min(2).max(6),
  /** Action on this row when its target is deleted; `setNull` only if all properties are optional. */
  onDelete: z.enum(['cascade', 'restrict', 'setNull']),
})
export type ForeignKey = z.infer<typeof ForeignKey>
