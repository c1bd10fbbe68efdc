import { z } from 'zod'
import { VariableName } from './config-value.ts'
import { Shape, ShapeProperty } from './shape.ts'

/** An external service that the backend calls over HTTP with JSON. */

const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)
/** Free text. */
const Sentence = z.string().trim().min(1).max(500)

/** One endpoint of the service. */
export const ServiceCall = z.strictObject({
  /** The name of the function. */
  id: CamelName,
  summary: Sentence,
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** The exact path below the base address, with `:name` for each of `params`. */
  path: z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))(:[a-zA-Z_][a-zA-Z0-9_]{0,59}|[a-zA-Z0-9._~-])*)+$/)
    .max(200),
  params: z.array(ShapeProperty).max(10),
  query: z.array(ShapeProperty).max(20),
  body: Shape.nullable(),
  /** The part of a success response that is returned; null to ignore the body. */
  answer: Shape.nullable(),
})
export type ServiceCall = z.infer<typeof ServiceCall>

/** How the backend authenticates; the secret is a configuration value. */
export const ServiceAuth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** `Authorization: Bearer <secret>`. */
  z.strictObject({ kind: z.literal('bearer'), secret: VariableName }),
  /** The secret in a header of this name. */
  z.strictObject({
    kind: z.literal('header'),
    name: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
    secret: VariableName,
  }),
])
export type ServiceAuth = z.infer<typeof ServiceAuth>

export const Service = z.strictObject({
  /** Names its file and property: `payments`. */
  name: CamelName,
  description: Sentence,
  /** The configuration value of type `url` that all paths are below. */
  baseUrl: VariableName,
  auth: ServiceAuth,
  /** Timeout of one attempt, in milliseconds; absent means `SERVICE_TIMEOUT_MS`. */
  timeoutMs: z.int().min(100).max(60_000).optional(),
  /** Retries of idempotent calls (GET, PUT, DELETE); absent means none. */
  retries: z.int().min(1).max(3).optional(),
  calls: z.array(ServiceCall).min(1).max(30),
})
export type Service = z.infer<typeof Service>

export const SERVICE_TIMEOUT_MS = 10_000
