import { z } from 'zod'

/**
 * Where a request came from, and so where its answer goes. Ids are the platforms' own.
 * `rest` and `cli` ask for their answer themselves; a chat is told by the follower.
 */
export const Origin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rest') }),
  z.strictObject({ kind: z.literal('cli') }),
])
export type Origin = z.infer<typeof Origin>
