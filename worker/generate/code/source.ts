import { parseSync, visitorKeys, type Comment, type Node, type Program } from 'oxc-parser'

/** Something about a file that must change before it is run: where, what, and what to do instead. */
export type CodeFault = { readonly line: number | null; readonly message: string }

/** A node with what it stands in, nearest first, and the name of the property of its parent that holds it. */
export type Place = { readonly node: Node; readonly parents: readonly Node[]; readonly as: string }

export type Source = {
  readonly program: Program
  readonly comments: readonly Comment[]
  /** Every node, each before those in it. */
  readonly places: readonly Place[]
  /** From 1. */
  lineOf(at: { readonly start: number }): number
}

/** A TypeScript module as a tree, or why it is none. */
export function readSource(text: string): Source | CodeFault {
  const { program, comments, errors } = parseSync('file.ts', text, { astType: 'ts', lang: 'ts' })
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
  return { program, comments, places: placesIn(program), lineOf }
}

function placesIn(program: Program): Place[] {
  const found: Place[] = []
  // With a list of its own: code can be nested deeper than a stack of calls.
  const open: Place[] = [{ node: program, parents: [], as: 'program' }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    found.push(place)
    const { node } = place
    const parents = [node, ...place.parents.slice(0, 8)]
    const inner = (visitorKeys[node.type] ?? []).flatMap((as) => {
      const value: unknown = Reflect.get(node, as)
      return (Array.isArray(value) ? value : [value]).filter(isNode).map((node) => ({ node, parents, as }))
    })
    open.push(...inner.reverse())
  }
  return found
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
