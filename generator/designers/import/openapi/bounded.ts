import { SpecError } from '../spec-error.ts'
import { MAX_DEPTH, type PlaceOf } from './source.ts'

const MAX_NODES = 200_000

/** The object of a document. Throws a `SpecError` for another value, and for more parts than are read. */
export function bounded(value: unknown, placeOf: PlaceOf): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SpecError('It is not an object.', { place: placeOf([]), hint: 'Attach the whole document.' })
  }
  let nodes = 0
  const stack: { value: unknown; path: (string | number)[] }[] = [{ value, path: [] }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value: part, path } = top
    if (typeof part !== 'object' || part === null) continue
    nodes += 1
    if (path.length > MAX_DEPTH || nodes > MAX_NODES) {
      throw new SpecError('It is too large or nested too deeply.', {
        place: placeOf(path),
        hint: `At most ${MAX_DEPTH} levels and ${MAX_NODES.toLocaleString('en')} nodes are supported; split it.`,
      })
    }
    for (const [name, inner] of Object.entries(part)) stack.push({ value: inner, path: [...path, name] })
  }
  return value as Record<string, unknown>
}
