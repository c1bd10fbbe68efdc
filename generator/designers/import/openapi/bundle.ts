import type { AttachedText } from '#contract'
import { SpecError } from '../spec-error.ts'
import { bounded } from './bounded.ts'
import type { Node } from './document.ts'
import { DATA, pathOf, targetOf } from './references.ts'
import { isNode, nodeOf } from './resolve.ts'
import { readSource } from './source.ts'

/** What a reference in a list or an object of this name leads to. */
const KINDS = [
  'parameters',
  'responses',
  'headers',
  'examples',
  'links',
  'callbacks',
  'securitySchemes',
] as const
type Place = { readonly file: string | null; readonly pointer: string }

/**
 * Moves what a document refers to in other files into its own components, each part once, under its name. References to files
 * that did not come along stay as they are. Changes the document.
 */
export function bundleFiles(root: Node, files: readonly AttachedText[], isSwagger: boolean): void {
  if (files.length === 0) return
  const names = files.map(({ name }) => normal(name))
  const roots = new Map<string, unknown>()
  const homes = new Map<string, string>()

  // What has a name already stands there: `components.schemas.Pet: { $ref: pet.yaml }`.
  for (const holder of named(root)) {
    for (const [name, value] of Object.entries(holder.node)) {
      const found = isNode(value) ? placeOf(value, null) : null
      if (found?.file == null || holder.isPath) continue
      homes.set(keyOf(found), `${holder.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
  }
  walk(root, null, [])

  function walk(value: unknown, file: string | null, path: readonly string[]): void {
    if (typeof value !== 'object' || value === null) return
    if (isNode(value) && typeof value['$ref'] === 'string' && path.at(-1) !== 'properties') {
      const found = placeOf(value, file)
      if (found !== null) return follow(value, found, path)
    }
    for (const [name, inner] of Object.entries(value))
      if (!DATA.has(name) || path.at(-1) === 'properties') walk(inner, file, [...path, name])
  }

  function follow(node: Node, place: Place, path: readonly string[]): void {
    if (place.file === null) {
      node['$ref'] = place.pointer
      return
    }
    const pointer = `#/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
    const home = homes.get(keyOf(place))
    const target = targetOf(nodeOf(rootOf(place.file)), place.pointer)
    if (target === undefined) return
    if (isSection(path) && (home === undefined || home === pointer)) {
      delete node['$ref']
      Object.assign(node, structuredClone(target))
      // The path of what stands in a named place says what it is.
      walk(node, place.file, path)
      return
    }
    node['$ref'] = home ?? moved(place, target, path)
  }

  function moved(place: Place, target: unknown, path: readonly string[]): string {
    const kind = kindOf(path)
    const within = isSwagger ? [kind === 'schemas' ? 'definitions' : kind] : ['components', kind]
    const holder = within.reduce<Node>((node, part) => (node[part] ??= {}) as Node, root)
    const wish = nameOf(place)
    let name = wish
    for (let number = 2; Object.hasOwn(holder, name); number++) name = `${wish}${number}`
    const pointer = `#/${[...within, name].join('/')}`
    homes.set(keyOf(place), pointer)
    const copy = structuredClone(target)
    holder[name] = copy
    walk(copy, place.file, [...within, name])
    return pointer
  }

  /** Null if the file did not come along. Other files refer back to the main one, whose name is not known. */
  function placeOf(node: Node, from: string | null): Place | null {
    const ref = String(node['$ref'])
    const [path = '', fragment = ''] = ref.split('#', 2)
    const pointer = `#${fragment}`
    if (path === '') return from === null ? null : { file: from, pointer }
    if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return null
    const wish = normal(from === null ? path : `${from.replace(/[^/]*$/, '')}${path}`)
    const same = names.filter((name) => name.split('/').at(-1) === wish.split('/').at(-1))
    const file = names.includes(wish) ? wish : same.length === 1 ? same[0]! : null
    if (file !== null) return { file, pointer }
    return from !== null && fragment !== '' && targetOf(root, pointer) !== undefined
      ? { file: null, pointer }
      : null
  }

  function rootOf(file: string): unknown {
    if (!roots.has(file)) roots.set(file, parsed(files[names.indexOf(file)]!))
    return roots.get(file)
  }
}

function parsed({ name, text }: AttachedText): unknown {
  try {
    const { value, placeOf } = readSource(text)
    return bounded(value, placeOf)
  } catch (error) {
    if (!(error instanceof SpecError)) throw error
    const reason = error.message.replace('The attached document cannot be used. ', '')
    throw new SpecError(`${name}: ${reason}`, { hint: error.hint }, { cause: error })
  }
}

/** The objects whose names are those of components or paths. */
function* named(root: Node): Generator<{ node: Node; pointer: string; isPath: boolean }> {
  for (const [kind, node] of Object.entries(nodeOf(root['components'])))
    if (isNode(node)) yield { node, pointer: `#/components/${kind}`, isPath: false }
  for (const kind of ['definitions', 'parameters', 'responses', 'paths'])
    if (isNode(root[kind])) yield { node: root[kind], pointer: `#/${kind}`, isPath: kind === 'paths' }
}

/** Whether a whole section, or a part with a name of its own, stands there. */
const isSection = (path: readonly string[]): boolean =>
  path[0] === 'components'
    ? path.length <= 3
    : ['paths', 'definitions', 'parameters', 'responses'].includes(path[0]!) && path.length <= 2

function kindOf(path: readonly string[]): string {
  if (path.at(-1) === 'requestBody') return 'requestBodies'
  const holder = path.at(-3) === 'properties' ? undefined : path.at(-2)
  return KINDS.find((kind) => kind === holder) ?? 'schemas'
}

/** The last part of a reference, or the name of the file. */
function nameOf({ file, pointer }: Place): string {
  const last =
    pathOf(pointer).at(-1) ??
    file!
      .split('/')
      .at(-1)!
      .replace(/\.[^.]*$/, '')
  return last.replaceAll(/[^A-Za-z0-9._-]+/g, '_') || 'Part'
}

const keyOf = ({ file, pointer }: Place): string => `${file}#${pathOf(pointer).join('/')}`

/** Without `.` and `..`, as far as there is something above. */
function normal(path: string): string {
  const parts: string[] = []
  for (const part of path.replaceAll('\\', '/').split('/'))
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  return parts.join('/')
}
