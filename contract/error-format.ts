import { z } from 'zod'

/** The form of error responses: a JSON body with places for what an error says. */

/** What a place holds. `field`, `part` and `problem` are about one invalid value: where it is, and what is wrong with it. */
const HOLDS = [
  'message',
  /** For programs: `not_found`. */
  'code',
  'status',
  /** The status as text. */
  'statusText',
  /** The name of the status: `Not Found`. */
  'title',
  /** The path of the request. */
  'path',
  /** When it happened, ISO 8601. */
  'time',
  'requestId',
  'field',
  'part',
  'problem',
] as const
export type ErrorPart = (typeof HOLDS)[number]

export type ErrorTemplate =
  | { kind: 'value'; holds: ErrorPart }
  | { kind: 'constant'; value: string | number | boolean | null }
  | { kind: 'object'; properties: { name: string; value: ErrorTemplate }[] }
  | { kind: 'emptyList' }
  /** One item for each invalid value; a single one for any other error. */
  | { kind: 'list'; items: ErrorTemplate }
  /** An object of messages by the name of the invalid value. */
  | { kind: 'byField'; isList: boolean }

export const ErrorTemplate: z.ZodType<ErrorTemplate> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('value'), holds: z.enum(HOLDS) }),
    z.strictObject({
      kind: z.literal('constant'),
      value: z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
    }),
    z.strictObject({
      kind: z.literal('object'),
      properties: z.array(z.strictObject({ name: z.string().min(1).max(80), value: ErrorTemplate })).max(30),
    }),
    z.strictObject({ kind: z.literal('emptyList') }),
    z.strictObject({ kind: z.literal('list'), items: ErrorTemplate }),
    z.strictObject({ kind: z.literal('byField'), isList: z.boolean() }),
  ]),
)

export const ErrorForm = z.strictObject({
  /** Absent means `application/json`. A text has the message alone. */
  mediaType: z
    .string()
    .regex(/^(application\/([a-z0-9][a-z0-9.+-]*\+)?json|text\/plain)$/)
    .max(80)
    .optional(),
  body: ErrorTemplate,
})
export type ErrorForm = z.infer<typeof ErrorForm>

export const ErrorFormat = ErrorForm.extend({
  /** Statuses with a form of their own. */
  statuses: z
    .array(z.strictObject({ status: z.int().min(400).max(599), form: ErrorForm }))
    .max(20)
    .optional(),
})
export type ErrorFormat = z.infer<typeof ErrorFormat>

/** The form of errors with a status. */
export const errorFormOf = (format: ErrorFormat, status: number): ErrorForm =>
  format.statuses?.find((one) => one.status === status)?.form ?? format
