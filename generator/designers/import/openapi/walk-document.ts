import type { Node } from './document.ts'
import { pathOf, targetOf } from './references.ts'

/** Parts with arbitrary JSON, in which a `$ref` is not a reference and `x-` no extension. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

/** The names of schemas that operations lead to. */
export function schemasInUse(root: Node): Set<string> {
  const used = new Set<string>()
  const seen = new Set<string>()
  const stack: unknown[] = [root['paths'], root['webhooks']]
  while (stack.length > 0) {
    const part = stack.pop()
    if (typeof part !== 'object' || part === null) continue
    for (const [name, inner] of Object.entries(part)) {
      if (name === '$ref' && typeof inner === 'string') {
        if (seen.has(inner)) continue
        seen.add(inner)
        const [where, kind, schema] = pathOf(inner)
        if (where === 'components' && kind === 'schemas' && schema !== undefined) used.add(schema)
        stack.push(targetOf(root, inner))
      } else if (!DATA.has(name) || typeof inner === 'object') stack.push(inner)
    }
  }
  return used
}

/** Extensions by name, with the number of places that have one. */
export function extensionsIn(root: Node): Map<string, number> {
  const found = new Map<string, number>()
  const stack: { part: unknown; areNames: boolean }[] = [{ part: root, areNames: false }]
  while (stack.length > 0) {
    const { part, areNames } = stack.pop()!
    if (typeof part !== 'object' || part === null) continue
    for (const [name, inner] of Object.entries(part)) {
      if (!areNames && DATA.has(name)) continue
      if (!areNames && name.startsWith('x-')) found.set(name, (found.get(name) ?? 0) + 1)
      else stack.push({ part: inner, areNames: !areNames && NAMED.has(name) })
    }
  }
  return new Map([...found].slice(0, 200).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Under these, keys are names: a header or a property may begin with `x-`. */
const NAMED = new Set([
  'properties',
  'headers',
  'schemas',
  'responses',
  'parameters',
  'securitySchemes',
  'content',
])
