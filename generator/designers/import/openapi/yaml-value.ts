import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter } from 'yaml'
import { SpecError, type SourcePosition } from '../spec-error.ts'
import { mergeDoubled, type Doubled } from './doubled-keys.ts'

/**
 * The JSON value of a parsed document, in one pass: each key is looked up once in its map, and each alias
 * once among the earlier anchors (yaml's own `toJS` walks the whole document for each). An alias yields the
 * same object. Repeated keys are merged and noted. Throws a `SpecError` for an unknown alias, and more than `maxDepth`
 * levels.
 */
export function valueOf(
  document: Document.Parsed,
  lines: LineCounter,
  { maxDepth, onDoubled }: { readonly maxDepth: number; readonly onDoubled: (doubled: Doubled) => void },
): unknown {
  const anchors = new Map<string, unknown>()

  function convert(node: unknown, depth: number): unknown {
    if (depth > maxDepth)
      throw fault(node, 'It is nested too deeply.', `At most ${maxDepth} levels are supported; flatten it.`)
    if (isAlias(node)) {
      if (anchors.has(node.source)) return anchors.get(node.source)
      throw fault(
        node,
        `The alias *${node.source} has no earlier anchor.`,
        'Define its anchor first, or use $ref.',
      )
    }
    const value = isMap(node) ? mapOf(node, depth) : isSeq(node) ? listOf(node, depth) : plainOf(node)
    const { anchor } = (node ?? {}) as { anchor?: string }
    if (anchor !== undefined) anchors.set(anchor, value)
    return value
  }

  function mapOf({ items }: { items: readonly { key: unknown; value: unknown }[] }, depth: number): object {
    const found = new Map<string, unknown>()
    for (const { key, value } of items) {
      const name = nameOf(convert(key, depth + 1))
      const inner = convert(value, depth + 1)
      if (found.has(name)) onDoubled({ name, place: positionOf(key) })
      found.set(name, found.has(name) ? mergeDoubled(found.get(name), inner) : inner)
    }
    return Object.fromEntries(found)
  }

  const listOf = ({ items }: { items: readonly unknown[] }, depth: number): unknown[] =>
    items.map((item) => convert(item, depth + 1))

  function positionOf(node: unknown): SourcePosition {
    const { range } = (node ?? {}) as { range?: readonly number[] | null }
    const { line, col } = lines.linePos(range?.[0] ?? 0)
    return { line, column: col }
  }

  const fault = (node: unknown, reason: string, hint: string): SpecError =>
    new SpecError(reason, { place: positionOf(node), hint })

  return convert(document.contents, 0)
}

const plainOf = (node: unknown): unknown => (isScalar(node) ? node.value : null)

const nameOf = (key: unknown): string =>
  key === null ? '' : typeof key === 'object' ? JSON.stringify(key) : String(key)
