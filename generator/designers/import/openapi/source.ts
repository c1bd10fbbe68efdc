import { findDuplicateKey } from '#lib/duplicate-key'
import { parseTree as parseJsonTree, type Node as JsonNode } from 'jsonc-parser'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { SpecError, type SourcePosition } from '../spec-error.ts'
import { mergeDoubled, type Doubled } from './doubled-keys.ts'
import { valueOf } from './yaml-value.ts'

export type Path = readonly (string | number)[]
/** The position of the part at that path, or of its nearest parent. */
export type PlaceOf = (path: Path) => SourcePosition | undefined

/** The value of JSON or YAML, and where its parts are. */
export type Source = {
  readonly value: unknown
  readonly placeOf: PlaceOf
  /** Keys that occur more than once in their object. */
  readonly doubled: readonly Doubled[]
}

/** Deeper than any document written by hand. */
export const MAX_DEPTH = 80

/** Parses JSON or YAML. Throws a `SpecError` with line and column for anything else. */
export function readSource(text: string): Source {
  return readJson(text) ?? readYaml(text)
}

/**
 * JSON is parsed as JSON, a hundred times as fast as YAML; undefined for invalid JSON, which is parsed as
 * YAML to report line and column.
 */
function readJson(text: string): Source | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  let tree: JsonNode | undefined
  const treeOf = () => (tree ??= parseTree(text))
  const lines = lineStarts(text)
  const placeOf: PlaceOf = (path) => {
    const node = nearest(treeOf(), path)
    return node && positionIn(lines(), (node.parent?.type === 'property' ? node.parent : node).offset)
  }
  if (findDuplicateKey(text) === null) return { value, placeOf, doubled: [] }
  const doubled: Doubled[] = []
  const whole = valueOfTree(treeOf(), 0, (key, name) =>
    doubled.push({ name, place: positionIn(lines(), key.offset) }),
  )
  return { value: whole, placeOf, doubled }
}

function parseTree(text: string): JsonNode {
  try {
    return parseJsonTree(text)!
  } catch (error) {
    throw new SpecError('It is nested too deeply.', { hint: 'Flatten it.' }, { cause: error })
  }
}

function nearest(tree: JsonNode, path: Path): JsonNode | undefined {
  let found: JsonNode | undefined = tree
  for (const part of path) {
    const child: JsonNode | undefined =
      found.type === 'array'
        ? found.children?.[Number(part)]
        : found.children?.find(({ children }) => children?.[0]?.value === String(part))?.children?.[1]
    if (!child) break
    found = child
  }
  return found
}

function valueOfTree(
  node: JsonNode,
  depth: number,
  onDoubled: (key: JsonNode, name: string) => void,
): unknown {
  if (depth > MAX_DEPTH)
    throw new SpecError('It is nested too deeply.', {
      hint: `At most ${MAX_DEPTH} levels are supported; flatten it.`,
    })
  const { children = [] } = node
  if (node.type === 'array') return children.map((child) => valueOfTree(child, depth + 1, onDoubled))
  if (node.type !== 'object') return node.value as unknown
  const found = new Map<string, unknown>()
  for (const { children: [key, inner] = [] } of children) {
    if (!key || !inner) continue
    const name = String(key.value)
    const value = valueOfTree(inner, depth + 1, onDoubled)
    if (found.has(name)) onDoubled(key, name)
    found.set(name, found.has(name) ? mergeDoubled(found.get(name), value) : value)
  }
  return Object.fromEntries(found)
}

/** The offsets at which lines start, found once. */
function lineStarts(text: string): () => readonly number[] {
  let starts: number[] | undefined
  return () => {
    if (starts) return starts
    starts = [0]
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
}

function positionIn(starts: readonly number[], offset: number): SourcePosition {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - starts[low]! + 1 }
}

function readYaml(text: string): Source {
  const lines = new LineCounter()
  const document = parseYaml(text, lines)
  const doubled: Doubled[] = []
  const value = valueOf(document, lines, { maxDepth: MAX_DEPTH, onDoubled: (one) => doubled.push(one) })
  return { value, placeOf: (path) => placeIn(document, lines, path), doubled }
}

function parseYaml(text: string, lines: LineCounter): Document.Parsed {
  let source: Document.Parsed
  try {
    // The parser compares each key with all earlier ones; `valueOf` looks each up once.
    source = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: false })
  } catch (error) {
    throw new SpecError('It is nested too deeply.', { hint: 'Flatten it.' }, { cause: error })
  }
  const [fault] = source.errors
  if (fault?.message.includes('call stack'))
    throw new SpecError('It is nested too deeply.', { hint: 'Flatten it.' })
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0])
    throw new SpecError(
      `It is neither JSON nor YAML: ${fault.message.split('\n')[0]!.replace(/[.:]$/, '')}.`,
      {
        place: { line, column: col },
        hint: 'Correct that line; an editor with YAML support shows it.',
      },
    )
  }
  return source
}

function placeIn(source: Document.Parsed, lines: LineCounter, path: Path): SourcePosition | undefined {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length)
    const found: unknown = length === 0 ? source.contents : source.getIn(indexed(part, source), true)
    const range = typeof found === 'object' && found !== null && 'range' in found ? found.range : undefined
    if (Array.isArray(range) && typeof range[0] === 'number') {
      const { line, col } = lines.linePos(range[0])
      return { line, column: col }
    }
  }
  return undefined
}

/** Numbers are list indexes, or names elsewhere: unquoted response statuses. */
function indexed(path: Path, source: Document.Parsed): (string | number)[] {
  const exact: (string | number)[] = []
  for (const part of path) {
    const asNumber = /^\d+$/.test(String(part)) ? Number(part) : part
    exact.push(source.hasIn([...exact, part]) ? part : asNumber)
  }
  return exact
}
