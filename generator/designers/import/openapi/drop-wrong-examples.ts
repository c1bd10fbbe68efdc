import { contradiction } from './contradicts.ts'
import type { Node } from './document.ts'
import type { Overlook } from './overlooked.ts'
import { isNode, nodeOf, type Resolve } from './resolve.ts'

/** Under these, keys are names and no keywords. */
const NAMED = new Set(['properties', 'patternProperties', 'schemas', 'definitions', '$defs'])
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

/** An example that contradicts its own schema is neither shown nor sent, nor does it become a test. Removes it, and says so. */
export function dropWrongExamples(root: Node, resolve: Resolve, overlook: Overlook): void {
  const stack: { value: unknown; path: string[] }[] = [{ value: root, path: [] }]
  const tell = (path: string[], why: string) =>
    overlook(path, `the example contradicts its own schema (${why}), so it is not used`, path.join('/'))
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, path } = top
    if (typeof value !== 'object' || value === null) continue
    const areNames = NAMED.has(path.at(-1) ?? '') && !NAMED.has(path.at(-2) ?? '')
    if (isNode(value) && !areNames) dropFrom(value, path)
    for (const [name, inner] of Object.entries(value).toReversed())
      if (areNames || (!DATA.has(name) && !name.startsWith('x-')))
        stack.push({ value: inner, path: [...path, name] })
  }

  function dropFrom(node: Node, path: string[]): void {
    // Of a schema itself, or of a parameter, a header or a body, which have one.
    const schema = isNode(node['schema']) ? node['schema'] : isSchema(node) ? node : undefined
    if (schema === undefined) return
    if (node['example'] !== undefined) {
      const why = contradiction(node['example'], schema, resolve)
      if (why !== null) {
        delete node['example']
        tell([...path, 'example'], why)
      }
    }
    if (Array.isArray(node['examples'])) {
      node['examples'] = node['examples'].filter((one, index) => {
        const why = contradiction(one, schema, resolve)
        if (why !== null) tell([...path, 'examples', String(index)], why)
        return why === null
      })
      return
    }
    const named = nodeOf(node['examples'])
    const refused = refusedRequests(path)
    for (const [name, given] of Object.entries(named)) {
      if (refused === 'unknown' || refused.has(name)) continue
      const { node: one } = resolve(given)
      const why = 'value' in one ? contradiction(one['value'], schema, resolve) : null
      if (why === null) continue
      delete named[name]
      tell([...path, 'examples', name], why)
    }
  }

  /** The names of requests that the document shows as refused: a response with an error has an example of that name. */
  function refusedRequests(path: readonly string[]): ReadonlySet<string> | 'unknown' {
    const at = path.indexOf('requestBody')
    if (at === -1) return path[1] === 'requestBodies' ? 'unknown' : new Set()
    const operation = path.slice(0, at).reduce<unknown>((part, name) => nodeOf(part)[name], root)
    const errors = Object.entries(nodeOf(nodeOf(operation)['responses'])).filter(([status]) =>
      /^[45]/.test(status),
    )
    return new Set(
      errors.flatMap(([, response]) =>
        Object.values(nodeOf(resolve(response).node['content'])).flatMap((media) =>
          Object.keys(nodeOf(nodeOf(media)['examples'])),
        ),
      ),
    )
  }
}

const isSchema = (node: Node): boolean =>
  node['$ref'] === undefined &&
  ['type', 'properties', 'items', 'allOf', 'enum'].some((keyword) => node[keyword] !== undefined)
