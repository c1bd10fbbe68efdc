import type { Json, Shape } from '#contract'
import { fieldSample } from './field-samples.ts'

// A design may require texts and lists that do not fit in memory; their samples are shorter than required.
const MAX_CHARS = 20_000

/**
 * A value that fits the shape, with all of its properties; its texts and lists have at most about 20,000 characters
 * altogether.
 */
export const sampleOf = (shape: Shape): Json => sampleWithin(shape, { left: MAX_CHARS })

/** `room` is what is left of the characters, and has less of them afterwards. */
function sampleWithin(shape: Shape, room: { left: number }): Json {
  switch (shape.kind) {
    case 'array': {
      const before = room.left
      // One for all, so that lists in lists cost no more than they are long.
      const item = sampleWithin(shape.items, room)
      const { length } = JSON.stringify(item)
      const most = Math.max(1, Math.floor(before / length))
      const count = Math.min(Math.max(1, shape.min ?? 1), shape.max ?? Infinity, most)
      room.left = Math.max(0, before - count * length)
      return Array.from({ length: count }, () => item)
    }
    case 'object':
      return Object.fromEntries(
        shape.properties.map(({ name, shape: inner }) => [name, sampleWithin(inner, room)]),
      )
    case 'record':
      return { name: sampleWithin(shape.values, room) }
    case 'any':
    case 'entity':
      return {}
    default: {
      const value = fieldSample(shape).plain(room.left)
      if (typeof value === 'string') room.left = Math.max(0, room.left - value.length)
      return value
    }
  }
}
