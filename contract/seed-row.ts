import { z } from 'zod'
import { Json } from './operation.ts'

/** A row that is put there before anybody uses the backend, on request and as often as somebody likes. */
export const SeedRow = z.strictObject({
  /** By which other seeds refer to it; distinct among all seeds. */
  name: z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/),
  entity: z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/),
  /**
   * By the names of properties. `$name.id`, with the property that is the key, stands for the key of another seed;
   * `$$` at the start is a plain `$`. The key itself may be given. What is left out gets its default, or null.
   */
  values: z.record(z.string(), Json),
  /** The names of other seeds that it is linked with, many to many. */
  links: z.array(z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)).max(50),
})
export type SeedRow = z.infer<typeof SeedRow>
