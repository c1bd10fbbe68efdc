import type { Json, Shape } from '#contract'
import { fieldSample } from './field-samples.ts'

// A design may demand texts and lists that fit in no memory; a sample of those is shorter than they demand.
const MAX_CHARS = 20_000

/** A value that fits the shape, with all of its properties; texts and lists have at most about 20,000 characters. */
export function sampleOf(shape: Shape): Json {
  switch (shape.kind) {
    case 'array': {
      // One for all, so that lists in lists cost no more than they are long.
      const item = sampleOf(shape.items)
      const most = Math.max(1, Math.floor(MAX_CHARS / JSON.stringify(item).length))
      return Array.from(
        { length: Math.min(Math.max(1, shape.min ?? 1), shape.max ?? Infinity, most) },
        () => item,
      )
    }
    case 'object':
      return Object.fromEntries(shape.properties.map(({ name, shape: inner }) => [name, sampleOf(inner)]))
    case 'record':
      return { name: sampleOf(shape.values) }
    case 'any':
    case 'entity':
      return {}
    default:
      return fieldSample(shape).plain(MAX_CHARS)
  }
}
