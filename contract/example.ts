import { z } from 'zod'

/** Rows of examples: what exists before a request or a run, and what it changes. */

/** Of one operation or scheduled task. */
export const MAX_EXAMPLES = 12

const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)
const PascalName = z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/)

/**
 * A row that exists before. What is left out has its default, or is null; a required value without a default is
 * generated. A row with an owner belongs to the requesting account. The timestamps may be stated. `$now`, `$now+7d` and
 * `$now-90m` are dates and times relative to the request or run.
 */
export const ExampleRow = z.strictObject({
  name: CamelName,
  entity: PascalName,
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type ExampleRow = z.infer<typeof ExampleRow>

/**
 * By property name, only those that matter. `$now` is the time of the request or run, `$now+7d` and `$now-90m` are relative
 * to it, `$any` is any value but null.
 */
const Values = z.record(z.string(), z.json())

/**
 * A row that was created, changed or removed. All changes to an entity that is named are listed: its other rows stay as
 * they are.
 */
export const RowChange = z.discriminatedUnion('change', [
  z.strictObject({ change: z.literal('created'), entity: PascalName, values: Values }),
  /** The name of a row that existed before, or `me`. */
  z.strictObject({ change: z.literal('changed'), row: CamelName, values: Values }),
  z.strictObject({ change: z.literal('removed'), row: CamelName }),
])
export type RowChange = z.infer<typeof RowChange>

/** All changes; an empty list states that no row changes, and a missing one nothing. */
export const RowsAfter = z.array(RowChange).max(20)
