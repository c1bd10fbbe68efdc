import { parseSync, visitorKeys, type Comment, type Node, type Program } from 'oxc-parser'

/** Something about a file that must change before it is run: where, what, and what to do instead. */
export type CodeViolation = { readonly line: number | null; readonly message: string }

/** A node, the name of the property of its parent that holds it, and its parent. */
export type NodePath = { readonly node: Node; readonly as: string; readonly parent: NodePath | null }

/** Nobody nests deeper, and what reads the tree by calling itself must not run out of stack. */
const MAX_DEPTH = 150

export type Source = {
  readonly program: Program
  readonly comments: readonly Comment[]
  /** Every node, each before those in it. */
  readonly places: readonly NodePath[]
  /** From 1. */
  lineOf(at: { readonly start: number }): number
}

/** A TypeScript module as a tree, or why it is none. */
export function readSource(text: string): Source | CodeViolation {
  const { program, comments, errors } = parseSync('file.ts', text, { astType: 'ts', lang: 'ts', range: true })
  const starts = [
    0,
    ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map((end) => end.index + end[0].length),
  ]
  const lineOf = ({ start }: { readonly start: number }) => starts.findLastIndex((at) => at <= start) + 1
  const [error] = errors
  if (error !== undefined) {
    const [label] = error.labels
    const line = label === undefined ? null : lineOf(label)
    return { line, message: `the file does not parse: ${error.message}` }
  }
  const places = pathsIn(program)
  return 'line' in places
    ? { line: lineOf(places.line), message: 'code is nested too deep here; take it apart' }
    : { program, comments, places, lineOf }
}

function pathsIn(program: Program): NodePath[] | { readonly line: Node } {
  const found: NodePath[] = []
  // With a list of its own: code can be nested deeper than a stack of calls.
  const open: (NodePath & { readonly depth: number })[] = [
    { node: program, as: 'program', parent: null, depth: 0 },
  ]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    found.push(place)
    const { node, depth } = place
    if (depth > MAX_DEPTH) return { line: node }
    const parent = place
    const inner = (visitorKeys[node.type] ?? []).flatMap((as) =>
      childrenOf(node, as).map((node) => ({ node, as, parent, depth: depth + 1 })),
    )
    open.push(...inner.reverse())
  }
  return found
}

/** What a place stands in, without parentheses and claims about types. */
export function userOf(place: NodePath): { readonly user: Node | null; readonly as: string } {
  let { parent, as } = place
  while (parent !== null && WRAPPERS.has(parent.node.type)) ({ parent, as } = parent)
  return { user: parent?.node ?? null, as }
}
const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
  'ChainExpression',
])

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const childrenOf = (node: Node, as: string): Node[] =>
  [Reflect.get(node, as) as unknown].flat().filter(isNode)

/** Nodes and all in them, in no order; not what is in those that `enters` refuses. */
export function* descend(
  roots: readonly Node[],
  enters: (node: Node) => boolean = () => true,
): Generator<Node> {
  const open = [...roots]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node
    if (!enters(node)) continue
    for (const as of visitorKeys[node.type] ?? []) open.push(...childrenOf(node, as))
  }
}
