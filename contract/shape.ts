import { z } from 'zod'
import { PropertyName } from './names.ts'

/** The values of bodies, parameters and responses: what JSON can hold, with bounds. */

/** An entity name in PascalCase, singular. Reserved words (`Order`, `Class`) are allowed. */
export const PascalName = z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/)

/** Scalar kinds, also allowed in paths and queries; enums are separate because of their values. */
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
 * The JSON shape of a request or response. Bounds are inclusive: the value of numbers, the length of strings, the number of
 * array items; an absent bound is not enforced. `pattern` is a regular expression that a string matches somewhere.
 */
export type Shape =
  | {
      kind: (typeof PLAIN_KINDS)[number]
      nullable: boolean
      min?: number | undefined
      max?: number | undefined
      /** Only of strings that are sent. */
      pattern?: string | undefined
    }
  | { kind: 'enum'; values: string[]; nullable: boolean }
  | {
      kind: 'array'
      items: Shape
      nullable: boolean
      min?: number | undefined
      max?: number | undefined
      /** In a query: how one parameter holds all items. Absent means that the parameter is repeated. */
      separator?: ',' | ' ' | '|' | undefined
    }
  /** Unnamed properties are refused; of an open object they are ignored. */
  | { kind: 'object'; properties: ShapeProperty[]; nullable: boolean; open?: true | undefined }
  /** An object with arbitrary names and values of one shape. */
  | { kind: 'record'; values: Shape; nullable: boolean }
  /** Any JSON. */
  | { kind: 'any'; nullable: boolean }
  /** A row of an entity, as returned by the API. */
  | { kind: 'entity'; entity: string; nullable: boolean }
export type ShapeProperty = {
  name: string
  shape: Shape
  /** An optional property may be omitted; `nullable` says whether it may be null. */
  required: boolean
  /** Used when the property is omitted. */
  default?: string | number | boolean | undefined
  description?: string | undefined
}

const nullable = z.boolean()
const bound = z.number().optional()
/** A regular expression of ECMAScript, without slashes and flags. */
export const Pattern = z.string().min(1).max(500)

export const Shape: z.ZodType<Shape> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(PLAIN_KINDS),
      nullable,
      min: bound,
      max: bound,
      pattern: Pattern.optional(),
    }),
    z.strictObject({
      kind: z.literal('enum'),
      values: z.array(z.string().min(1).max(80)).min(1).max(50),
      nullable,
    }),
    z.strictObject({
      kind: z.literal('array'),
      items: Shape,
      nullable,
      min: bound,
      max: bound,
      separator: z.enum([',', ' ', '|']).optional(),
    }),
    z.strictObject({
      kind: z.literal('object'),
      properties: z.array(ShapeProperty).max(120),
      nullable,
      open: z.literal(true).optional(),
    }),
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
