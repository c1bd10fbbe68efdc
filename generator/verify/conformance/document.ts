/** Reading an OpenAPI document that was checked before: its references lead somewhere. */

export type Node = Readonly<Record<string, unknown>>

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const nodeOf = (value: unknown): Node => (isNode(value) ? value : {})
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const
const MAX_CHAIN = 50

export type Deref = (value: unknown) => Node

/** Follows references within the document, each once: equal places give the identical object. */
export function makeDeref(root: Node): Deref {
  const known = new WeakMap<Node, Node>()
  return (value) => {
    const given = nodeOf(value)
    if (typeof given['$ref'] !== 'string') return given
    const earlier = known.get(given)
    if (earlier) return earlier
    let found = given
    for (let step = 0; typeof found['$ref'] === 'string'; step++) {
      if (step === MAX_CHAIN) return {}
      const { $ref, ...beside } = found
      const target = nodeOf(targetOf(root, $ref as string))
      found = Object.keys(beside).length === 0 ? target : { ...target, ...beside }
    }
    known.set(given, found)
    return found
  }
}

function targetOf(root: Node, ref: string): unknown {
  let target: unknown = root
  for (const part of ref.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const name = unescaped(part).replaceAll('~1', '/').replaceAll('~0', '~')
    const holder: unknown = target
    target =
      typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name)
        ? (Reflect.get(holder, name) as unknown)
        : undefined
  }
  return target
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export type DocumentOperation = {
  /** `GET /pets/{petId}`. */
  readonly name: string
  readonly method: string
  readonly path: string
  /** The path of its server, such as `/api/v1`. */
  readonly base: string
  readonly node: Node
  /** Those of the path as well; an operation's own win. */
  readonly parameters: readonly Node[]
  /** A JSON pointer of its responses. */
  readonly responsesAt: string
}

/** Operations that a request can be made for: those of HEAD, OPTIONS and TRACE are the server's. */
export function operationsOf(root: Node, deref: Deref): DocumentOperation[] {
  return Object.entries(nodeOf(root['paths'])).flatMap(([path, given]) => {
    const item = deref(given)
    return METHODS.flatMap((method): DocumentOperation[] => {
      if (!isNode(item[method])) return []
      const node = item[method]
      const parameters = new Map<string, Node>()
      for (const one of [...listOf(item['parameters']), ...listOf(node['parameters'])]) {
        const parameter = deref(one)
        parameters.set(`${String(parameter['in'])} ${String(parameter['name'])}`, parameter)
      }
      return [
        {
          name: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path,
          base: basePathOf(node, item, root),
          node,
          parameters: [...parameters.values()],
          responsesAt: `${itemPointer(path, given)}/${method}/responses`,
        },
      ]
    })
  })
}

const itemPointer = (path: string, given: unknown): string => {
  const ref = nodeOf(given)['$ref']
  return typeof ref === 'string' ? ref : `#/paths/${escapedPointer(path)}`
}

export const escapedPointer = (name: string): string =>
  encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))

/** The path of the first server: the operation's, else its path's, else the document's. A variable stands for its default. */
function basePathOf(...levels: readonly Node[]): string {
  const servers = levels.map((node) => listOf(node['servers'])).find((list) => list.length > 0)
  const server = nodeOf(servers?.[0])
  const variables = nodeOf(server['variables'])
  const url = (textOf(server['url']) ?? '').replaceAll(
    /\{([^{}]*)\}/g,
    (_, name: string) => textOf(nodeOf(variables[name])['default']) ?? '',
  )
  return URL.parse(url, 'http://localhost')?.pathname.replace(/\/+$/, '') ?? ''
}

const JSON_TYPE = /^application\/([\w.+-]+\+)?json\b/i
export const isJsonType = (type: string): boolean => JSON_TYPE.test(type)

/** The media type of JSON in a `content`, where it has one. */
export function jsonContent(holder: Node): { readonly type: string; readonly media: Node } | undefined {
  const found = Object.entries(nodeOf(holder['content'])).find(([type]) => isJsonType(type))
  return found && { type: found[0], media: nodeOf(found[1]) }
}
