import { z } from 'zod'
import { Json } from './shape.ts'

/** A seed row, inserted on request; seeding is idempotent. */
export const SeedRow = z.strictObject({
  /** Unique name for references from other seeds. */
  name: z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/),
  entity: z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/),
  /**
   * By property name. `$name.id`, with the key property, refers to the key of another seed; `$$` at the start is a literal
   * `$`. The key itself may be set. Omitted properties get their default, or null.
   */
  values: z.record(z.string(), Json),
  /** Names of other seeds that it is linked to, many-to-many. */
  links: z.array(z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)).max(50),
})
export type SeedRow = z.infer<typeof SeedRow>
