import { makeConversionCache } from './conversion-cache.ts'
import type { Notes } from './notes.ts'
import type { Node } from './document.ts'
import { listOf, nodeOf, type Resolve } from './resolve.ts'

/** The maximum nesting of references. */
export const MAX_REFERENCES = 100
/** The total of `allOf` parts: those in reference cycles are not cached, and multiply. */
const MAX_MERGED = 50_000

/** Merges `allOf` schemas; keeps the merged places of one document. */
export function makeMergeAllOf({ resolve, notes }: { readonly resolve: Resolve; readonly notes: Notes }) {
  const mergedOnce = makeConversionCache<Node>()
  let mergedParts = 0

  return merged

  /** Merges the parts of an `allOf`; each place in the document once. */
  function merged(node: Node, within: readonly string[]): Node {
    if (listOf(node['allOf']).length === 0) return node
    return mergedOnce.of(node, '', undefined, within, () => ({ value: merge(node, within), size: 0 })).value
  }

  function merge(node: Node, within: readonly string[]): Node {
    const { allOf: parts, ...own } = node
    const whole = [...listOf(parts).map((part) => partOf(part, within)), own]
    const properties = new Map<string, unknown>()
    const required = new Set<unknown>()
    const rest: Record<string, unknown> = {}
    for (const part of new Set(whole)) {
      for (const [name, schema] of Object.entries(nodeOf(part['properties']))) {
        const before = properties.get(name)
        const isSame = before === undefined || before === schema
        properties.set(name, isSame ? schema : { allOf: [before, schema] })
      }
      for (const name of listOf(part['required'])) required.add(name)
      Object.assign(rest, part)
    }
    return {
      ...rest,
      ...(properties.size > 0 && {
        properties: Object.fromEntries(properties),
        type: rest['type'] ?? 'object',
      }),
      ...(required.size > 0 && { required: [...required] }),
    }
  }

  function partOf(part: unknown, within: readonly string[]): Node {
    const { node, pointer } = resolve(part)
    mergedParts += 1
    if (mergedParts > MAX_MERGED) {
      notes.add('There are too many allOf parts in total: the rest is omitted.')
      return {}
    }
    if (pointer === undefined) return merged(node, within)
    if (within.includes(pointer)) {
      mergedOnce.cut(pointer)
      return {}
    }
    if (within.length >= MAX_REFERENCES) {
      notes.add(`${pointer} has too many allOf parts: the rest is omitted.`)
      return {}
    }
    return mergedOnce.of(node, 'part', pointer, within, () => ({
      value: merged(node, [...within, pointer]),
      size: 0,
    })).value
  }
}
