import type { FieldType, Shape } from '#contract'

/** What a value of a row is, in the words of requests and answers. */
export function shapeOfField(type: FieldType, nullable: boolean): Shape {
  switch (type.kind) {
    case 'string':
      return { kind: 'string', nullable, ...(type.maxLength !== undefined && { max: type.maxLength }) }
    case 'text':
      return { kind: 'string', nullable }
    case 'integer':
    case 'number':
      return {
        kind: type.kind,
        nullable,
        ...(type.min !== undefined && { min: type.min }),
        ...(type.max !== undefined && { max: type.max }),
      }
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'email':
    case 'url':
    case 'uuid':
      return { kind: type.kind, nullable }
    case 'enum':
      return { kind: 'enum', values: type.values, nullable }
    case 'json':
      return { ...type.shape, nullable }
  }
}

const TEXTS = new Set(['string', 'date', 'datetime', 'email', 'url', 'uuid', 'enum'])

/** Whether every value of one shape is a value of the other; both for a program that runs and for one that compiles. */
export function isWithin(inner: Shape, outer: Shape): boolean {
  if (outer.kind === 'any') return true
  if (inner.nullable && !outer.nullable) return false
  switch (outer.kind) {
    case 'string':
      return TEXTS.has(inner.kind) && isBounded(inner, outer)
    case 'number':
      return (inner.kind === 'number' || inner.kind === 'integer') && isBounded(inner, outer)
    case 'integer':
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'email':
    case 'url':
    case 'uuid':
      return inner.kind === outer.kind && isBounded(inner, outer)
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
  }
}

type Bounds = { min?: number | undefined; max?: number | undefined }

/** A text without a limit may be longer than one with a limit. */
function isBounded(inner: Shape & Bounds, outer: Bounds): boolean {
  const { min, max } = 'min' in inner || 'max' in inner ? inner : ({} as Bounds)
  if (outer.min !== undefined && !(min !== undefined && min >= outer.min)) return false
  return outer.max === undefined || (max !== undefined && max <= outer.max)
}
