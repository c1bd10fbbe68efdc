/** The client-visible names of an operation in an OpenAPI document. */
export type DocumentedOperation = {
  readonly parameters: string[]
  readonly statuses: string[]
  /** Property names, such as `lines[].sku`. */
  readonly body: string[]
  readonly answer: string[]
}

type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const nodeOf = (value: unknown): Node => (isNode(value) ? value : {})
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Every operation of an OpenAPI document, by method and path, with the path of its first server. */
export function operationsOf(document: unknown): Map<string, DocumentedOperation> {
  const root = nodeOf(document)
  const { url } = nodeOf(listOf(root['servers'])[0])
  const base = new URL(typeof url === 'string' ? url : '/', 'http://localhost').pathname.replace(/\/$/, '')
  const found = new Map<string, DocumentedOperation>()
  for (const [path, item] of Object.entries(nodeOf(root['paths']))) {
    for (const [method, given] of Object.entries(nodeOf(item))) {
      if (!['get', 'put', 'post', 'patch', 'delete', 'head'].includes(method)) continue
      const operation = nodeOf(given)
      const parameters = [...listOf(nodeOf(item)['parameters']), ...listOf(operation['parameters'])]
        .map((parameter) => resolve(parameter, root).node)
        .filter((parameter) => parameter['in'] === 'path' || parameter['in'] === 'query')
        .map((parameter) => `${String(parameter['in'])} ${String(parameter['name'])}`)
      const responses = Object.entries(nodeOf(operation['responses'])).filter(([status]) =>
        /^\d+$/.test(status),
      )
      const good = responses.find(([status]) => Number(status) < 400)
      found.set(`${method.toUpperCase()} ${base}${path}`, {
        parameters: parameters.toSorted(),
        statuses: responses.map(([status]) => status).toSorted(),
        body: namesIn(contentOf(operation['requestBody'], root), root, 'in'),
        answer: namesIn(contentOf(good?.[1], root), root, 'out'),
      })
    }
  }
  return found
}

function contentOf(value: unknown, root: Node): unknown {
  const content = Object.entries(nodeOf(resolve(value, root).node['content']))
  const json = content.find(([type]) => /json/.test(type)) ?? content.find(([type]) => /form/.test(type))
  return nodeOf(json?.[1])['schema']
}

function resolve(value: unknown, root: Node): { node: Node; ref: string | undefined } {
  const node = nodeOf(value)
  const ref = node['$ref']
  if (typeof ref !== 'string') return { node, ref: undefined }
  let target: unknown = root
  for (const part of ref.slice(2).split('/')) target = nodeOf(target)[part]
  return { node: resolve(target, root).node, ref }
}

function namesIn(schema: unknown, root: Node, way: 'in' | 'out'): string[] {
  const names = new Set<string>()
  const look = (part: unknown, at: string, seen: readonly string[]): void => {
    const { node, ref } = resolve(part, root)
    if (ref !== undefined && seen.includes(ref)) return
    const within = ref === undefined ? seen : [...seen, ref]
    for (const inner of listOf(node['allOf'])) look(inner, at, within)
    const forms = [...listOf(node['anyOf']), ...listOf(node['oneOf'])].filter(
      (form) => nodeOf(form)['type'] !== 'null',
    )
    if (forms.length === 1) look(forms[0], at, within)
    for (const [name, inner] of Object.entries(nodeOf(node['properties']))) {
      const own = resolve(inner, root).node
      if (way === 'in' ? own['readOnly'] === true : own['writeOnly'] === true) continue
      const path = at === '' ? name : `${at}.${name}`
      names.add(path)
      look(inner, path, within)
    }
    if (node['items'] !== undefined) look(node['items'], `${at}[]`, within)
  }
  look(schema, '', [])
  return [...names].toSorted()
}
