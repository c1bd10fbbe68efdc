import type { Path, PlaceOf } from './source.ts'

/**
 * Notes a fault of a document that it is read in spite of: where, and what is made of it. Faults of one `kind` are
 * listed once, with their number.
 */
export type Overlook = (path: Path, what: string, kind?: string) => void

/** More kinds of faults are only counted. */
const MAX_SAID = 40

export function makeOverlooked(placeOf: PlaceOf) {
  const found = new Map<string, { readonly path: Path; readonly what: string; count: number }>()
  let unsaid = 0
  const overlook: Overlook = (path, what, kind = what) => {
    const known = found.get(kind)
    if (known) known.count += 1
    else if (found.size < MAX_SAID) found.set(kind, { path, what, count: 1 })
    else unsaid += 1
  }
  return {
    overlook,
    /** A sentence for each, with the line where it is found first. */
    notes: (): string[] => [
      ...[...found.values()].map(({ path, what, count }) => {
        const place = placeOf(path)
        const more = count === 1 ? '' : `, and ${count - 1} more like it`
        return place ? `Line ${place.line}: ${what}${more}.` : `${what}${more}.`
      }),
      ...(unsaid === 0 ? [] : [`The document has ${unsaid} more faults that it was read in spite of.`]),
    ],
  }
}
