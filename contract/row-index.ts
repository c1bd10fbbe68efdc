import { z } from 'zod'
import { RowName } from './names.ts'

/** What the rows of an index have in common: no value, a value, this value, or another one. */
export const RowCondition = z.discriminatedUnion('is', [
  z.strictObject({ property: RowName, is: z.enum(['null', 'notNull']) }),
  z.strictObject({
    property: RowName,
    is: z.enum(['equal', 'notEqual']),
    value: z.union([z.string().max(200), z.number(), z.boolean()]),
  }),
])
export type RowCondition = z.infer<typeof RowCondition>

/** An index or unique constraint on fields or relation properties. */
export const Index = z.strictObject({
  properties: z.array(RowName).min(1).max(6),
  unique: z.boolean(),
  /** Only rows that fulfil all of these. Absent means every row. */
  where: z.array(RowCondition).min(1).max(4).optional(),
  /** Texts of these properties are compared without the case of ASCII letters. */
  ignoreCase: z.array(RowName).min(1).max(6).optional(),
})
export type Index = z.infer<typeof Index>
