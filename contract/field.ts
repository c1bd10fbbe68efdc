import { z } from 'zod'
import { RowName } from './names.ts'
import { Pattern, Shape } from './shape.ts'

/** A column of an entity that is no relation. */

/** A role: `admin`, `shop-owner`. */
export const RoleName = z.string().regex(/^[a-z][a-z0-9_-]{0,29}$/)
/** Free text for documents, in any script; never part of an identifier. */
export const Label = z.string().trim().min(1).max(200)

export const FieldType = z.discriminatedUnion('kind', [
  /** One line of text. `maxLength` in UTF-16 code units; requests refuse what does not match `pattern`. */
  z.strictObject({
    kind: z.literal('string'),
    maxLength: z.int().min(1).max(100_000).optional(),
    pattern: Pattern.optional(),
  }),
  /** Several lines of text. */
  z.strictObject({ kind: z.literal('text'), maxLength: z.int().min(1).max(1_000_000).optional() }),
  /** A whole number within JavaScript's safe range, optionally bounded (inclusive). */
  z.strictObject({ kind: z.literal('integer'), min: z.int().optional(), max: z.int().optional() }),
  /** A finite number, optionally bounded (inclusive). */
  z.strictObject({ kind: z.literal('number'), min: z.number().optional(), max: z.number().optional() }),
  z.strictObject({ kind: z.literal('boolean') }),
  /** A calendar day, `YYYY-MM-DD`. */
  z.strictObject({ kind: z.literal('date') }),
  /** An instant, ISO 8601 with an offset. */
  z.strictObject({ kind: z.literal('datetime') }),
  z.strictObject({ kind: z.literal('email') }),
  z.strictObject({ kind: z.literal('url') }),
  z.strictObject({ kind: z.literal('uuid') }),
  /** One of a fixed list of values in free text; 1–50, distinct. */
  z.strictObject({ kind: z.literal('enum'), values: z.array(z.string().min(1).max(80)).min(1).max(50) }),
  /** Any JSON value, stored as is; neither unique nor searchable. */
  z.strictObject({ kind: z.literal('json'), shape: Shape }),
])
export type FieldType = z.infer<typeof FieldType>

export const Field = z.strictObject({
  name: RowName,
  label: Label,
  type: FieldType,
  /** Required on create, never null afterwards. An optional field without a default is `null` when not set. */
  required: z.boolean(),
  /** Only for text: a required value may be empty or blank. Requests refuse both otherwise. */
  blank: z.literal(true).optional(),
  /** How an empty optional field appears in responses; absent means `null`. */
  unset: z.enum(['null', 'omitted']).optional(),
  /** Values are unique (nulls may repeat). */
  unique: z.boolean(),
  /** Used on create when the field is omitted; must fit `type`. A field with a default may be omitted and is never null. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** A realistic value that fits `type`, for seeds, tests and documents. */
  example: z.union([z.string(), z.number(), z.boolean()]).optional(),
  description: z.string().max(500).optional(),
  /**
   * Only accounts with these roles set it; requests of others that contain it are refused. Such a field is optional or has a
   * default, so that others can create rows. Absent means everyone who may create or update the row.
   */
  setBy: z.array(RoleName).min(1).max(8).optional(),
})
export type Field = z.infer<typeof Field>
