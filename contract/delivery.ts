import { z } from 'zod'

/** How telling somebody ended, in a chat or by a callback. Absent while it goes on, and where nobody is told. */
export const Delivery = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('delivered'),
    /** ISO 8601. */
    at: z.string(),
    /** `direct`: the channel could not be reached, so the requester was told in a direct message. */
    place: z.enum(['thread', 'direct', 'callback']),
    /** `none`: there was no archive to hand over. */
    archive: z.enum(['upload', 'link', 'none']),
  }),
  z.object({
    state: z.literal('undeliverable'),
    at: z.string(),
    /** The platform's own word for why, such as `channel_not_found`. */
    reason: z.string(),
    /** What that means and what can be done, for a person. */
    message: z.string(),
  }),
])
export type Delivery = z.infer<typeof Delivery>
