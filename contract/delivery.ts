import { z } from 'zod'

/** Result of the notifications for a job, in a chat or by callback. Absent while they are pending, and without a destination. */
export const Delivery = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('delivered'),
    /** ISO 8601. */
    at: z.string(),
    /** `direct`: the channel was not accessible, so the requester got a direct message. */
    place: z.enum(['thread', 'direct', 'callback']),
    /** `none`: there was no archive to deliver. */
    archive: z.enum(['upload', 'link', 'none']),
  }),
  z.object({
    state: z.literal('undeliverable'),
    at: z.string(),
    /** The platform's error code, such as `channel_not_found`. */
    reason: z.string(),
    /** Explanation and advice, for a person. */
    message: z.string(),
  }),
])
export type Delivery = z.infer<typeof Delivery>
