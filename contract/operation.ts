import { z } from 'zod'
import { CrudBinding, SignInBinding } from './binding.ts'
import { ExampleRow, MAX_EXAMPLES, RowsAfter } from './example.ts'
import { PropertyName } from './names.ts'
import { Json, PascalName, Shape, ShapeProperty } from './shape.ts'

/**
 * A custom operation beyond CRUD: completing a task, checking out a cart, a statistics page. The design defines inputs,
 * outputs and rules in plain language; a model or a person implements it.
 */

const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)
/** Free text. */
const Sentence = z.string().trim().min(1).max(500)

/** A request header. Names are case-insensitive, and in lower case here. */
export const RequestHeader = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
  /** A single value, which arrives as text. */
  shape: Shape,
  required: z.boolean(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  description: z.string().max(500).optional(),
})
export type RequestHeader = z.infer<typeof RequestHeader>

/** A cookie that its code reads: a single value, by its exact name. */
export const RequestCookie = RequestHeader.extend({
  name: z.string().regex(/^[a-zA-Z0-9_$.-]{1,60}$/),
})
export type RequestCookie = z.infer<typeof RequestCookie>

/** A file of a `multipart/form-data` body: a property of the body, with the bytes, the name and the type of the file. */
export const RequestFile = z.strictObject({
  name: PropertyName,
  required: z.boolean(),
  /** Several files under the same name. */
  isList: z.literal(true).optional(),
  /** Media types that are accepted: `image/png`, `image/*`. Absent means any. */
  types: z
    .array(z.string().regex(/^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]{0,80})$/))
    .min(1)
    .max(20)
    .optional(),
  description: z.string().max(500).optional(),
})
export type RequestFile = z.infer<typeof RequestFile>

/** A body that is bytes of one of these media types, `image/png` or `image/*`. Absent means any. */
export const RawBody = z.strictObject({ types: RequestFile.shape.types })
export type RawBody = z.infer<typeof RawBody>

/** A header of a response, as the document writes its name. */
export const ResponseHeader = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,59}$/),
  /** A single value. */
  shape: Shape,
  required: z.boolean(),
  description: z.string().max(500).optional(),
  /** What of a row or a list it has, where an operation is CRUD; otherwise, the code returns its value. */
  holds: z.enum(['location', 'total', 'count', 'limit', 'offset', 'page', 'pages']).optional(),
})
export type ResponseHeader = z.infer<typeof ResponseHeader>

const Status = z.int().min(200).max(399)
const MediaType = z.string().regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}$/)

const headers = z.array(ResponseHeader).min(1).max(10).optional()
const JsonType = z
  .string()
  .regex(/^application\/[a-z0-9][a-z0-9.-]*\+json$/)
  .max(80)
  .optional()

/** A success response. The media type of JSON is `application/json` if absent. */
export const Success = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json'), status: Status, shape: Shape, mediaType: JsonType, headers }),
  z.strictObject({ kind: z.literal('html'), status: Status, headers }),
  z.strictObject({ kind: z.literal('text'), status: Status, mediaType: MediaType.optional(), headers }),
  z.strictObject({ kind: z.literal('binary'), status: Status, mediaType: MediaType.optional(), headers }),
  z.strictObject({ kind: z.literal('none'), status: Status, headers }),
  /** To the location that the code returns. */
  z.strictObject({ kind: z.literal('redirect'), status: Status, headers }),
])
export type Success = z.infer<typeof Success>

/** snake_case, for programs. */
const ErrorCode = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/)

/** An error response from the rules. What every route answers is not among them: malformed input, no token, too many requests. */
export const Refusal = z.strictObject({
  status: z.int().min(400).max(599),
  code: ErrorCode,
  /** When it is returned, for people. */
  when: Sentence,
})
export type Refusal = z.infer<typeof Refusal>

/** Stubbed service responses by call, instead of samples. */
export const ExampleAnswers = z
  .array(z.strictObject({ service: CamelName, call: CamelName, answer: Json }))
  .max(10)

/**
 * A request and its expected response. `$name.property` refers to a property of a row in `rows`, `$me.property` to one of
 * the requesting account; `$$` at the start is a literal `$`. In `rowsAfter` and the expected body, `$now` is the time of
 * the request, `$now+7d` and `$now-90m` are relative to it, and `$any` is any value but null.
 */
export const OperationExample = z.strictObject({
  title: Sentence,
  /** Rows that exist before the request. */
  rows: z.array(ExampleRow).max(20),
  answers: ExampleAnswers.optional(),
  request: z.strictObject({
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    /** By names in lower case; required headers that are missing get a sample. */
    headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    body: Json.optional(),
  }),
  expect: z.strictObject({
    status: z.int().min(200).max(499),
    /** The code of an error. */
    code: ErrorCode.optional(),
    /** Text that each response header contains, by names in lower case. */
    headers: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,59}$/), z.string().min(1).max(500)).optional(),
    /** Must match the response partially: some properties of an object, all members of a list, a substring of text. */
    body: Json.optional(),
  }),
  /** The rows that the request creates, changes and removes. */
  rowsAfter: RowsAfter.optional(),
})
export type OperationExample = z.infer<typeof OperationExample>

export const CustomOperation = z.strictObject({
  /** Names its files and function; the operationId by default. */
  id: CamelName,
  /** The operationId in documents, if different. */
  operationId: z
    .string()
    .regex(/^[a-zA-Z0-9_.:/-]{1,120}$/)
    .optional(),
  /** The entity that it is grouped with. */
  entity: PascalName.optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /**
   * The exact path, with `:name` for each of `params`: `/todos/:id/complete`, `/files/:id.json`, `/`. A colon is `::`:
   * `/todos/:id::complete`. No `.` or `..` segments: clients resolve those to another path.
   */
  path: z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))(:[a-zA-Z_][a-zA-Z0-9_]{0,59}|::|[a-zA-Z0-9._~-])*)+$/)
    .max(200),
  summary: Sentence,
  /** What it does, one rule per entry. */
  rules: z.array(Sentence).min(1).max(20),
  params: z.array(ShapeProperty).max(10),
  query: z.array(ShapeProperty).max(20),
  /** Other query parameters are ignored; otherwise they are refused. */
  openQuery: z.literal(true).optional(),
  /** Request headers that its code reads; all others are ignored. */
  headers: z.array(RequestHeader).min(1).max(10).optional(),
  /** Cookies that its code reads; all others are ignored. */
  cookies: z.array(RequestCookie).min(1).max(10).optional(),
  body: Shape.nullable(),
  /**
   * How the body may be sent; absent means as JSON. Forms are those of HTML pages (`application/x-www-form-urlencoded`),
   * and `multipart` is `multipart/form-data`.
   */
  bodyTypes: z
    .array(z.enum(['json', 'form', 'multipart']))
    .min(1)
    .max(3)
    .optional(),
  /** The media type of a JSON body in documents; absent means `application/json`. Others of JSON are accepted as well. */
  bodyMediaType: JsonType,
  /** The files of a multipart body, which `body` has not among its properties. */
  files: z.array(RequestFile).min(1).max(10).optional(),
  /** It is given bytes as they were sent; `body` is null then. */
  rawBody: RawBody.optional(),
  responses: z.strictObject({
    success: Success,
    /** Further success responses, each with a status of its own; the code says which one it returns. */
    others: z.array(Success).min(1).max(4).optional(),
    errors: z.array(Refusal).max(12),
    /** The status of input that does not match the schemas; absent means 400. */
    invalid: z.literal(422).optional(),
  }),
  /** `optional`: open to anyone; the account is known if the request has a token, which then has to be valid. */
  access: z.enum(['public', 'optional', 'authenticated']),
  /** Absent for operations beyond CRUD, which need a handler. */
  implementation: CrudBinding.optional(),
  /** Present if it registers accounts or signs them in; then there is no `implementation`. */
  signIn: SignInBinding.optional(),
  /** Restricts access to these roles; `access` is then `authenticated`. */
  roles: z
    .array(z.string().regex(/^[a-z][a-z0-9_-]{0,29}$/))
    .min(1)
    .max(8)
    .optional(),
  /** Names of the services that it calls. */
  uses: z.array(CamelName).min(1).max(5).optional(),
  /** Rendered as its tests. */
  examples: z.array(OperationExample).max(MAX_EXAMPLES),
})
export type CustomOperation = z.infer<typeof CustomOperation>

/** Whether the form of an HTML page can be its body. */
export const takesForm = ({ body, bodyTypes }: Pick<CustomOperation, 'body' | 'bodyTypes'>): boolean =>
  body?.kind === 'object' && bodyTypes?.includes('form') === true

/** Whether its body may have files, or come in parts like those. */
export const takesParts = ({ body, bodyTypes }: Pick<CustomOperation, 'body' | 'bodyTypes'>): boolean =>
  body?.kind === 'object' && bodyTypes?.includes('multipart') === true

/** The status of a request that does not match the schemas. */
export const invalidStatusOf = ({ responses }: Pick<CustomOperation, 'responses'>): number =>
  responses.invalid ?? 400

export const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/** The usual success response first. */
export const successesOf = ({ responses }: Pick<CustomOperation, 'responses'>): Success[] => [
  responses.success,
  ...(responses.others ?? []),
]
