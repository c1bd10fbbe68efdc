import type { Overlook } from './overlooked.ts'
import type { Node } from './document.ts'

/** Parts with arbitrary JSON, in which a $ref is not a reference. */
export const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

/** Nothing is fetched: a reference out of the document is removed, and so is one that points to nothing. Returns the files that are missing. */
export function removeLooseReferences(root: Node, overlook: Overlook): string[] {
  const files = new Set<string>()
  const stack: { value: unknown; path: string[] }[] = [{ value: root, path: [] }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, path } = top
    if (typeof value !== 'object' || value === null) continue
    const ref: unknown = Reflect.get(value, '$ref')
    if (typeof ref === 'string' && path.at(-1) !== 'properties') {
      const isWithin = ref.startsWith('#')
      if (!isWithin || targetOf(root, ref) === undefined) {
        Reflect.deleteProperty(value, '$ref')
        if (!isWithin) files.add(ref.split('#')[0]!.replace(/^\.\//, '').slice(0, 100))
        const shown = ref.slice(0, 100)
        overlook(
          [...path, '$ref'],
          isWithin
            ? `the reference ${shown} points to nothing, so it is read as if nothing was said there`
            : `${shown} is another file, which did not come along, so it is read as if nothing was said there (attach it as well, or bundle the files into one first, for example with npx @redocly/cli bundle openapi.yaml)`,
          `reference ${shown}`,
        )
      }
    }
    for (const [name, inner] of Object.entries(value).toReversed())
      if (!DATA.has(name) || path.at(-1) === 'properties') stack.push({ value: inner, path: [...path, name] })
  }
  return [...files]
}

/** The target of a reference within the document. */
export function targetOf(root: Node, ref: string): unknown {
  let target: unknown = root
  for (const part of pathOf(ref))
    target =
      typeof target === 'object' && target !== null && Object.hasOwn(target, part)
        ? (Reflect.get(target, part) as unknown)
        : undefined
  return target
}

export const pathOf = (ref: string): string[] =>
  ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => unescaped(part).replaceAll('~1', '/').replaceAll('~0', '~'))

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
