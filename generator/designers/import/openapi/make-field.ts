import type { Field, FieldType, Shape, ShapeProperty } from '#contract'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import { label } from './naming.ts'
import type { Resolve } from './resolve.ts'
import { exampleOf } from './rows.ts'

type About = {
  readonly name: string
  readonly isAnswered: boolean
  readonly sent: readonly ShapeProperty[]
  readonly schema: unknown
  readonly resolve: Resolve
}

export function toField(property: ShapeProperty, { isAnswered, sent, schema, resolve }: About): Field {
  const type = toType(property.shape)
  const mayBeNull = property.shape.nullable
  const required = isAnswered && property.required && !mayBeNull
  const given = sent.map((one) => one.default).find((value) => value !== undefined)
  const fitted = given === undefined ? undefined : coerce(given, type)
  const example = exampleOf(schema, resolve)
  const shown = example === undefined ? undefined : coerce(example, type)
  return {
    name: property.name,
    label: label(property.name),
    type,
    required,
    ...(!required && !mayBeNull && isAnswered && { unset: 'omitted' as const }),
    unique: false,
    ...(required && fitted?.ok && { default: fitted.value }),
    ...(shown?.ok && { example: shown.value }),
    ...(property.description !== undefined && { description: property.description }),
  }
}

function toType(shape: Shape): FieldType {
  switch (shape.kind) {
    case 'enum':
      return { kind: 'enum', values: shape.values }
    case 'array':
    case 'object':
    case 'record':
    case 'any':
    case 'entity':
      return { kind: 'json', shape: { ...withoutBounds(shape), nullable: false } as Shape }
    default:
      return { kind: shape.kind }
  }
}

/** Stored values were validated on input. */
function withoutBounds(shape: Shape): Shape {
  switch (shape.kind) {
    case 'array':
      return { kind: 'array', items: withoutBounds(shape.items), nullable: shape.nullable }
    case 'record':
      return { ...shape, values: withoutBounds(shape.values) }
    case 'object':
      return {
        ...shape,
        properties: shape.properties.map(({ name, shape: inner, required, description }) => ({
          name,
          shape: withoutBounds(inner),
          required,
          ...(description !== undefined && { description }),
        })),
      }
    case 'any':
    case 'enum':
    case 'entity':
      return shape
    default:
      return { kind: shape.kind, nullable: shape.nullable }
  }
}
