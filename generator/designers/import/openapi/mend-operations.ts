import type { Overlook } from './overlooked.ts'
import type { Node } from './document.ts'
import { targetOf } from './references.ts'
import { isNode, listOf, nodeOf } from './resolve.ts'
import type { Path } from './source.ts'

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace']

/** Reads what the parts around schemas mean where they do not follow the specification. Changes them. */
export function mendOperations(root: Node, isSwagger: boolean, overlook: Overlook): void {
  mendInfo(root, overlook)
  const ids = new Map<string, string>()
  for (const [name, item] of Object.entries(nodeOf(root['paths']))) {
    if (!isNode(item)) continue
    const path = ['paths', name]
    mendParameters(item, path, isSwagger, overlook)
    for (const method of METHODS) {
      const operation = item[method]
      if (!isNode(operation)) continue
      const at = [...path, method]
      const route = `${method.toUpperCase()} ${name}`
      mendParameters(operation, at, isSwagger, overlook)
      mendPathNames({ root, item, operation, at, name, route, isSwagger, overlook })
      mendResponses(operation, at, route, overlook)
      const id = operation['operationId']
      if (typeof id !== 'string') continue
      const before = ids.get(id)
      if (before !== undefined)
        overlook(
          [...at, 'operationId'],
          `${id.slice(0, 80)} is already the operationId of ${before}, so that of ${route} gets a number`,
        )
      else ids.set(id, route)
    }
  }
  const components = nodeOf(root['components'])
  const shared = nodeOf(isSwagger ? root['parameters'] : components['parameters'])
  // Swagger cannot be converted with a parameter that is nowhere.
  for (const [name, one] of Object.entries(shared))
    if (isSwagger && typeof nodeOf(one)['in'] !== 'string') delete shared[name]
  mendParameters(
    { parameters: Object.values(shared) },
    isSwagger ? ['parameters'] : ['components', 'parameters'],
    isSwagger,
    overlook,
  )
}

function mendInfo(root: Node, overlook: Overlook): void {
  const info = isNode(root['info']) ? root['info'] : {}
  if (root['info'] !== info) overlook(['info'], 'the document has no `info`, so the project has no title')
  root['info'] = info
  if (typeof info['version'] === 'number') {
    overlook(['info', 'version'], 'the version is a number: it is read as text')
    info['version'] = String(info['version'])
  }
  if (typeof info['title'] === 'number') info['title'] = String(info['title'])
  info['version'] ??= '1'
  info['title'] ??= 'API'
}

/** Keywords of a schema that a parameter of OpenAPI 3 has in its `schema`. */
const MISPLACED = [
  'type',
  'format',
  'default',
  'enum',
  'items',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
]

function mendParameters(holder: Node, path: Path, isSwagger: boolean, overlook: Overlook): void {
  if (holder['parameters'] === undefined) return
  if (!Array.isArray(holder['parameters'])) {
    delete holder['parameters']
    overlook([...path, 'parameters'], '`parameters` is no list, so it is read as if it was not there')
    return
  }
  // A reference that was removed leaves nothing behind.
  const parameters = holder['parameters'].filter(
    (one) =>
      isNode(one) &&
      (typeof one['$ref'] === 'string' || (typeof one['name'] === 'string' && typeof one['in'] === 'string')),
  )
  if (parameters.length < holder['parameters'].length)
    overlook(
      [...path, 'parameters'],
      'a parameter without `name` and `in` is read as if it was not there',
      'a parameter without a name',
    )
  holder['parameters'] = parameters
  for (const [index, one] of parameters.entries()) {
    if (!isNode(one) || typeof one['$ref'] === 'string') continue
    const at = [...path, 'parameters', index]
    const name = String(one['name']).slice(0, 80)
    if (one['required'] === 'true' || one['required'] === 'false') {
      one['required'] = one['required'] === 'true'
      overlook([...at, 'required'], '`required` is a text: it is read as true or false')
    }
    if (one['in'] === 'path' && one['required'] !== true) {
      one['required'] = true
      overlook(
        at,
        `${name} is in a path, and so it is required, although the document does not say so`,
        'a parameter of a path that is not required',
      )
    }
    if (isSwagger || one['in'] === 'body') continue
    const misplaced = MISPLACED.filter((key) => one[key] !== undefined)
    if (misplaced.length === 0) continue
    const schema: Node = isNode(one['schema']) ? { ...one['schema'] } : {}
    for (const key of misplaced) {
      schema[key] ??= one[key]
      delete one[key]
    }
    one['schema'] = schema
    const listed = misplaced.map((key) => `\`${key}\``).join(' and ')
    overlook(
      [...at, misplaced[0]!],
      `${listed} of the parameter ${name} ${misplaced.length === 1 ? 'belongs' : 'belong'} in its \`schema\`, and ${misplaced.length === 1 ? 'is' : 'are'} read from there`,
      `misplaced ${listed}`,
    )
  }
}

/** Each name in a path has a parameter that is in the path. */
function mendPathNames(given: {
  readonly root: Node
  readonly item: Node
  readonly operation: Node
  readonly at: Path
  readonly name: string
  readonly route: string
  readonly isSwagger: boolean
  readonly overlook: Overlook
}): void {
  const { root, item, operation, at, name, route, isSwagger, overlook } = given
  const names = [...name.slice(0, 400).matchAll(/\{([^{}/]+)\}/g)].map(([, one]) => one!)
  if (names.length === 0) return
  const followed = (one: unknown) =>
    nodeOf(isNode(one) && typeof one['$ref'] === 'string' ? targetOf(root, one['$ref']) : one)
  const all = [...listOf(item['parameters']), ...listOf(operation['parameters'])]
  for (const wanted of names) {
    const own = all.filter((one) => followed(one)['name'] === wanted)
    if (own.some((one) => followed(one)['in'] === 'path')) continue
    const elsewhere = own.find((one) => ['query', 'header'].includes(String(followed(one)['in'])))
    const text = isSwagger ? { type: 'string' } : { schema: { type: 'string' } }
    operation['parameters'] = [
      ...listOf(operation['parameters']).filter((one) => one !== elsewhere),
      { name: wanted, in: 'path', required: true, ...text },
    ]
    overlook(
      at,
      elsewhere
        ? `${wanted} of ${route} is declared in the ${String(followed(elsewhere)['in'])} but stands in the path: it is read from there, as text`
        : `${wanted} of ${route} is declared nowhere: it is read from the path, as text`,
    )
  }
}

function mendResponses(operation: Node, at: Path, route: string, overlook: Overlook): void {
  const { responses } = operation
  if (!isNode(responses)) {
    operation['responses'] = {}
    overlook(at, `${route} states no responses, so it answers nothing`, 'an operation without responses')
    return
  }
  for (const [status, response] of Object.entries(responses)) {
    if (status.startsWith('x-') || !isNode(response) || typeof response['$ref'] === 'string') continue
    // Nothing is lost with a description.
    response['description'] ??= ''
  }
}
