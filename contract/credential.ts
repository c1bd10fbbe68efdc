import { z } from 'zod'

/** Where a request carries its token or key. */

/** The name of its security scheme in the API's document. */
const scheme = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,80}$/)
  .optional()

export const Credential = z.discriminatedUnion('in', [
  /** `Authorization: <word> <value>`. The word is that of documents and tests; any other is accepted, and none. */
  z.strictObject({
    in: z.literal('authorization'),
    word: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/),
    scheme,
  }),
  /** `Authorization: Basic <name and password>`: what an account signs in with, in each request. Not for API keys. */
  z.strictObject({ in: z.literal('basic'), scheme }),
  z.strictObject({
    in: z.literal('header'),
    name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,59}$/),
    scheme,
  }),
  z.strictObject({
    in: z.enum(['query', 'cookie']),
    name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_.-]{0,59}$/),
    scheme,
  }),
])
export type Credential = z.infer<typeof Credential>
