import type { Json, Shape } from '#contract'

// A design may demand texts and lists that fit in no memory; a sample of those is shorter than they demand.
const MAX_CHARS = 20_000

/** A value that fits the shape, with all of its properties; texts and lists have at most about 20,000 characters. */
export function sampleOf(shape: Shape): Json {
  switch (shape.kind) {
    case 'string':
      return 'text'.padEnd(Math.min(shape.min ?? 0, MAX_CHARS), ' text').slice(0, shape.max)
    case 'integer':
    case 'number':
      return Math.min(Math.max(1, shape.min ?? 1), shape.max ?? Infinity)
    case 'boolean':
      return true
    case 'date':
      return '2026-05-31'
    case 'datetime':
      return '2026-05-31T09:00:00Z'
    case 'email':
      return 'ada@example.com'
    case 'url':
      return 'https://example.com/1'
    case 'uuid':
      return '00000000-0000-4000-8000-000000000000'
    case 'enum':
      return shape.values[0] ?? ''
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
  }
}
