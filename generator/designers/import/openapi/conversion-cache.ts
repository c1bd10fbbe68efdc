import type { Node } from './document.ts'

type Frame = { readonly met: Set<string>; readonly cuts: Set<string>; readonly at: string | undefined }
type CachedResult<T> = { readonly value: T; readonly size: number; readonly met: ReadonlySet<string> }

/** Parts with more references than this are converted again instead of cached. */
const MAX_MET = 300

/**
 * Caches converted parts of a document, so that a part with many references to it is converted once. The
 * result depends on the references that lead to the part only if the part contains one of them again: such a
 * result was cut (`cut`) and is not reused, and neither is one that would have been cut at the other place.
 */
export function makeConversionCache<T>() {
  const kept = new WeakMap<Node, Map<string, CachedResult<T>>>()
  const frames: Frame[] = []

  return {
    /** The target of the reference `pointer` contains the reference again. */
    cut(pointer: string): void {
      frames.at(-1)?.cuts.add(pointer)
    },
    of(
      node: Node,
      variant: string,
      pointer: string | undefined,
      within: readonly string[],
      make: () => { readonly value: T; readonly size: number },
    ): { readonly value: T; readonly size: number; readonly isKnown: boolean } {
      const known = kept.get(node)?.get(variant)
      if (known && !within.some((one) => known.met.has(one))) {
        const outer = frames.at(-1)
        if (outer) for (const one of known.met) outer.met.add(one)
        return { value: known.value, size: known.size, isKnown: true }
      }
      const frame: Frame = { met: new Set(), cuts: new Set(), at: pointer }
      if (pointer !== undefined) frame.met.add(pointer)
      frames.push(frame)
      let made: ReturnType<typeof make>
      try {
        made = make()
      } finally {
        frames.pop()
        if (pointer !== undefined) frame.cuts.delete(pointer)
        const outer = frames.at(-1)
        for (const one of frame.met) outer?.met.add(one)
        for (const one of frame.cuts) outer?.cuts.add(one)
      }
      if (frame.cuts.size === 0 && frame.met.size <= MAX_MET) {
        const variants = kept.get(node) ?? new Map<string, CachedResult<T>>()
        variants.set(variant, { ...made, met: frame.met })
        kept.set(node, variants)
      }
      return { ...made, isKnown: false }
    },
  }
}
