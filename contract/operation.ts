import { z } from 'zod'

/**
 * A request that is more than keeping rows: completing a task, checking out a cart, a page of statistics. The
 * design says what goes in, what comes out and the rules in plain words; who writes its code is another question.
 */

/** The name of a property as it stands in JSON or in a query; kept exactly as it was asked for: `page[size]`, `@type`. */
const PropertyName = z.string().regex(/^[a-zA-Z0-9_$@.:[\]-]{1,80}$/)
const PascalName = z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/)
const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)
/** A person's own words. */
const Sentence = z.string().trim().min(1).max(500)

/** The kinds of one value, which a path or a query can hold too; an enumeration is apart, for its values. */
export const PLAIN_KINDS = [
  'string',
  'integer',
  'number',
  'boolean',
  'date',
  'datetime',
  'email',
  'url',
  'uuid',
] as const

/**
 * Everything that JSON of a request or an answer can be. Bounds are inclusive: of numbers their value, of strings
 * their length, of arrays how many items; one that is absent is not enforced.
 */
export type Shape =
  | {
      kind: (typeof PLAIN_KINDS)[number]
      nullable: boolean
      min?: number | undefined
      max?: number | undefined
    }
  | { kind: 'enum'; values: string[]; nullable: boolean }
  | { kind: 'array'; items: Shape; nullable: boolean; min?: number | undefined; max?: number | undefined }
  | { kind: 'object'; properties: ShapeProperty[]; nullable: boolean }
  /** An object with any names, whose values have one shape. */
  | { kind: 'record'; values: Shape; nullable: boolean }
  /** Any JSON. */
  | { kind: 'any'; nullable: boolean }
  /** A row of that entity, as the API answers it. */
  | { kind: 'entity'; entity: string; nullable: boolean }
export type ShapeProperty = {
  name: string
  shape: Shape
  /** An optional property may be left out; `nullable` says whether it may be null. */
  required: boolean
  /** Taken where the property is left out. */
  default?: string | number | boolean | undefined
  description?: string | undefined
}

const nullable = z.boolean()
const bound = z.number().optional()

export const Shape: z.ZodType<Shape> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(PLAIN_KINDS), nullable, min: bound, max: bound }),
    z.strictObject({
      kind: z.literal('enum'),
      values: z.array(z.string().min(1).max(80)).min(1).max(50),
      nullable,
    }),
    z.strictObject({ kind: z.literal('array'), items: Shape, nullable, min: bound, max: bound }),
    z.strictObject({ kind: z.literal('object'), properties: z.array(ShapeProperty).max(120), nullable }),
    z.strictObject({ kind: z.literal('record'), values: Shape, nullable }),
    z.strictObject({ kind: z.literal('any'), nullable }),
    z.strictObject({ kind: z.literal('entity'), entity: PascalName, nullable }),
  ]),
)
export const ShapeProperty: z.ZodType<ShapeProperty> = z.strictObject({
  name: PropertyName,
  shape: Shape,
  required: z.boolean(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  description: z.string().max(500).optional(),
})

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export const Json: z.ZodType<Json> = z.json()

/** Where it is a redirect, nothing is answered but the status. */
const Status = z.int().min(200).max(399)
const MediaType = z.string().regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}$/)

/** What a request that went well answers. */
export const Success = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json'), status: Status, shape: Shape }),
  z.strictObject({ kind: z.literal('html'), status: Status }),
  z.strictObject({ kind: z.literal('text'), status: Status, mediaType: MediaType.optional() }),
  z.strictObject({ kind: z.literal('binary'), status: Status, mediaType: MediaType.optional() }),
  z.strictObject({ kind: z.literal('none'), status: Status }),
])
export type Success = z.infer<typeof Success>

/** A refusal that the rules speak of. What every route answers by itself (400, 401, 429) is not among them. */
export const Refusal = z.strictObject({
  status: z.int().min(400).max(599),
  /** snake_case, for programs. */
  code: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/),
  /** When it is answered, for people. */
  when: Sentence,
})
export type Refusal = z.infer<typeof Refusal>

/**
 * One request and what it must answer. Strings of the form `$name.property` stand for a property of a row that
 * `rows` put there before, `$me.property` for one of the account that asks; `$$` at the start is a plain `$`.
 */
export const OperationExample = z.strictObject({
  title: Sentence,
  /** What is there before the request; whatever is not given gets a value that fits. */
  rows: z
    .array(
      z.strictObject({
        name: CamelName,
        entity: PascalName,
        values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    )
    .max(20),
  /** What services answer, call by call, in place of a sample. */
  answers: z
    .array(z.strictObject({ service: CamelName, call: CamelName, answer: Json }))
    .max(10)
    .optional(),
  request: z.strictObject({
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    body: Json.optional(),
  }),
  expect: z.strictObject({
    status: z.int().min(200).max(499),
    /** Must be in the answer: of an object the given properties, of a text the given piece. */
    body: Json.optional(),
  }),
})
export type OperationExample = z.infer<typeof OperationExample>

const RowName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/)

/**
 * Keeps rows at an exact path and in an exact form. The body, or the part of it at `bodyAt`, holds properties of the
 * row by their names; what else it holds is accepted and not kept.
 */
export const CrudBinding = z.strictObject({
  kind: z.literal('crud'),
  entity: PascalName,
  /** `update` changes what is given; `replace` takes away what is not given as well. */
  action: z.enum(['list', 'create', 'read', 'update', 'replace', 'delete']),
  /**
   * Where the request says which row it is about, and by which property of it: the key, or a unique field. Null for
   * `list`, and for `create` unless the body may give the key.
   */
  row: z.strictObject({ in: z.enum(['path', 'body']), name: PropertyName, property: RowName }).nullable(),
  /** Path parameters that hold a property of the row: `storeId` in `/stores/:storeId/orders`. */
  scope: z.array(z.strictObject({ param: PropertyName, property: RowName })).max(5),
  bodyAt: z.array(PropertyName).max(2),
  /** What the query of a list means. Whatever else it has is accepted, and changes nothing. */
  query: z
    .array(
      z.discriminatedUnion('means', [
        z.strictObject({ name: PropertyName, means: z.literal('equals'), property: RowName }),
        z.strictObject({ name: PropertyName, means: z.enum(['limit', 'offset', 'page']) }),
      ]),
    )
    .max(30),
  /** Where the JSON of the answer holds what; an empty path is the whole answer. */
  answer: z
    .array(
      z.strictObject({
        at: z.array(PropertyName).max(3),
        holds: z.enum(['row', 'rows', 'total', 'count', 'limit', 'offset', 'page', 'pages', 'more']),
      }),
    )
    .max(12),
})
export type CrudBinding = z.infer<typeof CrudBinding>

export const CustomOperation = z.strictObject({
  /** The operationId; also names its files and its function. */
  id: CamelName,
  /** The name in documents, where it is another. */
  operationId: z
    .string()
    .regex(/^[a-zA-Z0-9_.:/-]{1,120}$/)
    .optional(),
  /** The entity that it is listed with. */
  entity: PascalName.optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /**
   * The exact path, with `:name` for each of `params`: `/todos/:id/complete`, `/files/:id.json`, `/`. No part of it is a
   * dot or two: clients take those as steps to another path.
   */
  path: z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))(:[a-zA-Z_][a-zA-Z0-9_]{0,59}|[a-zA-Z0-9._~-])*)+$/)
    .max(200),
  summary: Sentence,
  /** What it does, a rule each. */
  rules: z.array(Sentence).min(1).max(20),
  params: z.array(ShapeProperty).max(10),
  query: z.array(ShapeProperty).max(20),
  body: Shape.nullable(),
  responses: z.strictObject({ success: Success, errors: z.array(Refusal).max(12) }),
  access: z.enum(['public', 'authenticated']),
  /** Absent where it is more than keeping rows, so that somebody has to write it. */
  implementation: CrudBinding.optional(),
  /** The only roles that may, where any are named; then `access` is `authenticated`. */
  roles: z
    .array(z.string().regex(/^[a-z][a-z0-9_-]{0,29}$/))
    .min(1)
    .max(8)
    .optional(),
  /** The names of the services that it calls, where it calls any. */
  uses: z.array(CamelName).min(1).max(5).optional(),
  /** They become its tests. */
  examples: z.array(OperationExample).max(12),
})
export type CustomOperation = z.infer<typeof CustomOperation>
