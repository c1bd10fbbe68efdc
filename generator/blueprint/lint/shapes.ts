import {
  keyOf,
  relationProperty,
  stampsOf,
  type Blueprint,
  type Json,
  type Shape,
  type ShapeProperty,
} from '#contract'
import { blueprintKind } from '../field-kinds.ts'
import type { PlainShape } from '../per-kind.ts'

/** Deeper shapes are impractical for clients and forms. */
export const MAX_DEPTH = 6

/** The entities that a shape refers to. */
export function entitiesIn(shape: Shape): string[] {
  switch (shape.kind) {
    case 'entity':
      return [shape.entity]
    case 'array':
      return entitiesIn(shape.items)
    case 'record':
      return entitiesIn(shape.values)
    case 'object':
      return shape.properties.flatMap((property) => entitiesIn(property.shape))
    default:
      return []
  }
}

export function depthOf(shape: Shape): number {
  switch (shape.kind) {
    case 'array':
      return 1 + depthOf(shape.items)
    case 'record':
      return 1 + depthOf(shape.values)
    case 'object':
      return 1 + Math.max(0, ...shape.properties.map((property) => depthOf(property.shape)))
    default:
      return 0
  }
}

/** All property lists within a shape, its own first. */
export function objectsIn(shape: Shape): (readonly ShapeProperty[])[] {
  switch (shape.kind) {
    case 'array':
      return objectsIn(shape.items)
    case 'record':
      return objectsIn(shape.values)
    case 'object':
      return [shape.properties, ...shape.properties.flatMap((property) => objectsIn(property.shape))]
    default:
      return []
  }
}

/** Whether a path or query can contain it: a single value. */
export const isPlain = (shape: Shape): shape is PlainShape =>
  !['array', 'object', 'record', 'any', 'entity'].includes(shape.kind)

/** `$row.property`, a value that is known only when the example runs. */
export const REFERENCE = /^\$([a-z][a-zA-Z0-9]{0,59})\.([^.]{1,63})$/

type MatchOptions = {
  /** Properties may be missing, as in an expected response. */
  readonly partial: boolean
  readonly blueprint: Blueprint
}

/** The path where a value does not match a shape, such as `items.0.quantity`; null if it matches, '' for the root. */
export function mismatchPath(value: Json, shape: Shape, fit: MatchOptions, at = ''): string | null {
  if (value === null) return shape.nullable ? null : at
  if (typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$')) return null
  switch (shape.kind) {
    case 'any':
      return null
    case 'array': {
      if (!Array.isArray(value) || (!fit.partial && !isWithin(value.length, shape))) return at
      for (const [index, item] of value.entries()) {
        const found = mismatchPath(item, shape.items, fit, join(at, String(index)))
        if (found !== null) return found
      }
      return null
    }
    case 'record': {
      if (typeof value !== 'object' || Array.isArray(value)) return at
      for (const [name, inner] of Object.entries(value)) {
        const found = mismatchPath(inner, shape.values, fit, join(at, name))
        if (found !== null) return found
      }
      return null
    }
    case 'entity': {
      if (typeof value !== 'object' || Array.isArray(value)) return at
      const entity = fit.blueprint.entities.find(({ name }) => name === shape.entity)
      const known = entity ? propertiesOf(entity) : []
      const unknown = Object.keys(value).find((name) => !known.includes(name))
      return unknown === undefined ? null : join(at, unknown)
    }
    case 'object': {
      if (typeof value !== 'object' || Array.isArray(value)) return at
      for (const name of Object.keys(value))
        if (!shape.open && !shape.properties.some((property) => property.name === name)) return join(at, name)
      for (const property of shape.properties) {
        const given = Object.hasOwn(value, property.name) ? value[property.name] : undefined
        if (given === undefined) {
          if (property.required && !fit.partial) return join(at, property.name)
          continue
        }
        const found = mismatchPath(given, property.shape, fit, join(at, property.name))
        if (found !== null) return found
      }
      return null
    }
    default:
      return blueprintKind(shape).holds(value) ? null : at
  }
}

const isWithin = (
  measure: number,
  { min = -Infinity, max = Infinity }: { min?: number | undefined; max?: number | undefined },
) => measure >= min && measure <= max

/** The properties of a row in the API. */
export const propertiesOf = (entity: Blueprint['entities'][number]): string[] => [
  ...automaticNames(entity),
  ...entity.fields.map(({ name }) => name),
  ...entity.belongsTo.map(relationProperty),
]

/** Properties that the server sets: key and timestamps. */
export const automaticNames = (entity: Blueprint['entities'][number]): string[] => {
  const { created, updated } = stampsOf(entity)
  return [keyOf(entity).name, created, updated].filter((name) => name !== null)
}

/** Every reference in a value. */
export function referencesIn(value: Json): { row: string; property: string; text: string }[] {
  if (typeof value === 'string') {
    if (!value.startsWith('$') || value.startsWith('$$')) return []
    const match = REFERENCE.exec(value)
    return [{ row: match?.[1] ?? '', property: match?.[2] ?? '', text: value }]
  }
  if (typeof value !== 'object' || value === null) return []
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(referencesIn)
}

const join = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`)
