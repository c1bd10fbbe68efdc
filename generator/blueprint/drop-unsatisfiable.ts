import type { Shape } from '#contract'

/**
 * The longest minimum value that a design may require, in characters of JSON: tests and examples write it out, and
 * request bodies are limited.
 */
const MAX_DEMAND = 10_000

type OnDropped = (place: string, what: string) => void

/**
 * Drops the constraints that no value, or only an unreasonably long one, satisfies: a
 * minimum above its maximum, integers beyond JSON's range, strings and lists of millions. Each is reported once.
 */
export function dropUnsatisfiable(shape: Shape, about: string, tell: OnDropped): Shape {
  return limited(shape, about, tell, MAX_DEMAND).shape
}

/** `size` approximates the length of the shortest valid value in characters, at most twice `most`. */
function limited(shape: Shape, about: string, tell: OnDropped, most: number): { shape: Shape; size: number } {
  switch (shape.kind) {
    case 'string': {
      const bounds = boundsOf(shape, about, 'minLength', tell, most)
      return { shape: { ...withoutBounds(shape), ...bounds }, size: (bounds.min ?? 0) + 10 }
    }
    case 'integer':
    case 'number': {
      const isCarried = (bound = 0) => shape.kind === 'number' || Number.isSafeInteger(Math.ceil(bound))
      if (isMeetable(shape) && isCarried(shape.min) && isCarried(shape.max)) return { shape, size: 10 }
      tell(about, `no ${shape.kind} in JSON's range is within its limits`)
      return { shape: withoutBounds(shape), size: 10 }
    }
    case 'array': {
      const items = limited(shape.items, `${about}[]`, tell, most)
      const bounds = boundsOf(shape, about, 'minItems', tell, most / items.size)
      return {
        shape: { ...withoutBounds(shape), items: items.shape, ...bounds },
        size: items.size * (bounds.min ?? 1) + 2,
      }
    }
    case 'record': {
      const values = limited(shape.values, about, tell, most)
      return { shape: { ...shape, values: values.shape }, size: values.size + 10 }
    }
    case 'object': {
      let size = 2
      const properties = shape.properties.map((property) => {
        const inner = limited(property.shape, `${about}.${property.name}`, tell, Math.max(0, most - size))
        size += inner.size + property.name.length
        return { ...property, shape: inner.shape }
      })
      return { shape: { ...shape, properties }, size }
    }
    default:
      return { shape, size: 40 }
  }
}

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }

/** The length limits that are kept. */
function boundsOf(bounds: Bounds, about: string, name: string, tell: OnDropped, most: number): Bounds {
  const { min, max } = bounds
  if (!isMeetable(bounds) || !isLength(min) || !isLength(max)) {
    tell(about, `no value has a valid length`)
    return {}
  }
  if (min === undefined || min <= Math.max(1, most)) return bounds
  tell(about, `${name} requires a value of more than ${MAX_DEMAND.toLocaleString('en-US')} characters`)
  return max === undefined ? {} : { max }
}

const isMeetable = ({ min = -Infinity, max = Infinity }: Bounds) => min <= max
const isLength = (bound = 0) => Number.isSafeInteger(bound) && bound >= 0

function withoutBounds<S extends Bounds>({ min: _min, max: _max, ...shape }: S): Omit<S, 'min' | 'max'> {
  return shape
}
