import type { FieldType, Shape } from '#contract'
import { blueprintKind } from '../field-kinds.ts'
import { isPlain } from './shapes.ts'

/** The shape of a stored value in requests and responses. */
export const shapeOfField = (type: FieldType, nullable: boolean): Shape => blueprintKind(type).shape(nullable)

/** Whether every value of one shape is valid for the other, at run time and for the compiler. */
export function isWithin(inner: Shape, outer: Shape): boolean {
  if (outer.kind === 'any') return true
  if (inner.nullable && !outer.nullable) return false
  switch (outer.kind) {
    case 'string':
      return (
        isPlain(inner) &&
        blueprintKind(inner).isText &&
        isBounded(inner, outer) &&
        (outer.pattern === undefined || (inner.kind === 'string' && inner.pattern === outer.pattern))
      )
    case 'number':
      return (inner.kind === 'number' || inner.kind === 'integer') && isBounded(inner, outer)
    case 'enum':
      return inner.kind === 'enum' && inner.values.every((value) => outer.values.includes(value))
    case 'array':
      return inner.kind === 'array' && isBounded(inner, outer) && isWithin(inner.items, outer.items)
    case 'record':
      return inner.kind === 'record' && isWithin(inner.values, outer.values)
    case 'object':
      return (
        inner.kind === 'object' &&
        inner.properties.length === outer.properties.length &&
        outer.properties.every((property) => {
          const own = inner.properties.find(({ name }) => name === property.name)
          return (
            own !== undefined &&
            (own.required || !property.required) &&
            own.default === property.default &&
            isWithin(own.shape, property.shape)
          )
        })
      )
    case 'entity':
      return inner.kind === 'entity' && inner.entity === outer.entity
    default:
      return inner.kind === outer.kind && isBounded(inner, outer)
  }
}

type Bounds = { min?: number | undefined; max?: number | undefined }

/** A string without a maximum may exceed one with a maximum. */
function isBounded(inner: Shape & Bounds, outer: Bounds): boolean {
  const { min, max } = 'min' in inner || 'max' in inner ? inner : ({} as Bounds)
  if (outer.min !== undefined && !(min !== undefined && min >= outer.min)) return false
  return outer.max === undefined || (max !== undefined && max <= outer.max)
}
