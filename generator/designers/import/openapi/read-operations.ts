// Longer than most files: reads an operation of the document, part by part.
import type { CustomOperation, Shape, ShapeProperty } from '#contract'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import { toCamel } from '../../../blueprint/words.ts'
import { readPairs, type Pair } from './examples.ts'
import { MAX_COMPARED, type Node, type OpenApiDocument } from './read-document.ts'
import { isNode, listOf, nodeOf, textOf, type Resolve } from './resolve.ts'
import { SpecError } from '../spec-error.ts'
import type { Notes, ToShape } from './to-shape.ts'

/** An operation of the document, as Blueprint data. */
export type ReadOperation = {
  readonly id: string
  readonly operationId: string | undefined
  readonly method: CustomOperation['method']
  /** `/pets/{petId}`, and the same with `:petId`. */
  readonly documentPath: string
  readonly path: string
  readonly summary: string
  readonly rules: string[]
  readonly params: ShapeProperty[]
  readonly query: ShapeProperty[]
  readonly body: Shape | null
  readonly success: CustomOperation['responses']['success']
  /** The document's schema of the JSON response. */
  readonly answered: unknown
  readonly errors: CustomOperation['responses']['errors']
  /** The document's examples. */
  readonly pairs: readonly Pair[]
  readonly isGuarded: boolean
  /** The names of the security schemes of all its alternatives. */
  readonly schemes: readonly string[]
}

const MAX_OPERATIONS = 250
const METHODS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const

type Deps = {
  readonly document: OpenApiDocument
  readonly resolve: Resolve
  readonly toShape: ToShape
  readonly notes: Notes
  /** Parts of the document that the project does not have. */
  readonly missing: Notes
}

export function readOperations(deps: Deps): ReadOperation[] {
  const { document, resolve, notes, missing } = deps
  const { root } = document
  countOperations(deps)
  const found: ReadOperation[] = []
  for (const [documentPath, item] of Object.entries(nodeOf(root['paths']))) {
    const { node: shared } = resolve(item)
    for (const name of ['head', 'options', 'trace']) {
      if (!(name in shared)) continue
      const said = `${name.toUpperCase()} ${documentPath}`
      if (name === 'trace') missing.add(said)
      else notes.add(`${said} is served by the server itself.`)
    }
    for (const name of Object.keys(shared)) {
      if (!Object.hasOwn(METHODS, name) || !isNode(shared[name])) continue
      const method = METHODS[name as keyof typeof METHODS]
      const route = `${method} ${documentPath}`
      const own = reservedBy(documentPath)
      const path = toPath(documentPath)
      if (own !== undefined) notes.add(`${route} is served by the service itself: ${own}.`)
      else if (path === undefined)
        missing.add(`${route}: a parameter in a path ends at a slash, a dot or a dash, or at the end.`)
      else
        found.push(readOperation({ ...deps, route, method, documentPath, path, shared, node: shared[name] }))
    }
  }
  for (const part of ['webhooks'])
    if (Object.keys(nodeOf(root[part])).length > 0) missing.add(`The ${part} of the document.`)
  return found
}

/** Checked first, since reading thousands of operations would end with the same error. */
function countOperations({ document, resolve }: Deps): void {
  let count = 0
  for (const item of Object.values(nodeOf(document.root['paths'])))
    count += Object.keys(resolve(item).node).filter((name) => Object.hasOwn(METHODS, name)).length
  if (count <= MAX_OPERATIONS) return
  throw new SpecError(`It describes ${count} operations, and at most ${MAX_OPERATIONS} are supported.`, {
    code: 'spec_unsupported',
    hint: 'Split it into several documents, one for each service.',
  })
}

function reservedBy(path: string): string | undefined {
  if (/^\/(health|ready)\/?$/i.test(path)) return 'whether it lives and can serve'
  return /^\/docs(\/|$)|^\/openapi\.json$/i.test(path) ? 'its documentation' : undefined
}

/** Longer than any supported name, with its braces. */
const MAX_PATH = 400

/** The path with `:name`, if parameters can be separated from the text after them. */
function toPath(path: string): string | undefined {
  if (path.length > MAX_PATH) return undefined
  const isRight =
    /^\/([^{}]*\{[^{}/]+\}(?=[/.-]|$))*[^{}]*$/.test(path) &&
    [...path.matchAll(/\{([^}]+)\}/g)].every(([, name]) => /^[a-zA-Z_]\w{0,59}$/.test(name!))
  const made = path.replaceAll(/\{([^{}]+)\}/g, ':$1')
  // Names are matched greedily, so there is no backtracking.
  return isRight && /^(\/(:[a-zA-Z_]\w*(?!\w)|[a-zA-Z0-9._~-])*)+$/.test(made) && made.length <= 200
    ? made
    : undefined
}

type One = Deps & {
  readonly route: string
  readonly method: CustomOperation['method']
  readonly documentPath: string
  readonly path: string
  readonly shared: Node
  readonly node: unknown
}

function readOperation(given: One): ReadOperation {
  const { resolve, route, method, documentPath, path } = given
  const node = nodeOf(given.node)
  if (isNode(node['callbacks'])) given.missing.add(`${route}: its callbacks.`)
  const operationId = textOf(node['operationId'])
  const parameters = parametersOf(given, node)
  const summary = sentence(textOf(node['summary']) ?? textOf(node['description']) ?? route)
  const rules = rulesOf(textOf(node['description']), summary)
  const success = successOf(given, node)
  return {
    id: toCamel(operationId ?? `${method} ${documentPath.replaceAll(/[{}]/g, '')}`) ?? 'operation',
    operationId:
      operationId !== undefined && /^[a-zA-Z0-9_.:/-]{1,120}$/.test(operationId) ? operationId : undefined,
    method,
    documentPath,
    path,
    summary,
    rules,
    ...parameters,
    body: bodyOf(given, node),
    ...success,
    errors: errorsOf(node, resolve),
    pairs: readPairs(node, resolve),
    ...securityOf(node, given.document.root),
  }
}

const sentence = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 500).trim()

function rulesOf(description: string | undefined, summary: string): string[] {
  const parts = (description ?? '').split(/\n\s*\n|\n(?=\s*[-*] )/).map(sentence)
  const said = parts.filter((part) => part !== '' && part !== summary)
  return said.length > 0 ? said.slice(0, 20) : [summary]
}

function parametersOf({ resolve, toShape, notes, missing, route, shared, path }: One, node: Node) {
  const all = new Map<string, Node>()
  const given = [...listOf(shared['parameters']), ...listOf(node['parameters'])]
  if (given.length > MAX_COMPARED) missing.add(`${route}: its parameters beyond the first ${MAX_COMPARED}.`)
  for (const one of given.slice(0, MAX_COMPARED)) {
    const { node: parameter } = resolve(one)
    all.set(`${String(parameter['in'])} ${String(parameter['name'])}`, parameter)
  }
  const params: ShapeProperty[] = []
  const query: ShapeProperty[] = []
  for (const parameter of all.values()) {
    const name = String(parameter['name'])
    const where = parameter['in']
    const content = Object.values(nodeOf(parameter['content']))[0]
    const schema = parameter['schema'] ?? nodeOf(content)['schema'] ?? {}
    const about = `${name} of ${route}`
    if (where === 'header' || where === 'cookie') {
      if (!/^(authorization|accept|content-type)$/i.test(name)) notes.add(`The ${where} ${about} is ignored.`)
      continue
    }
    const given = toShape(schema, 'in', about)
    const shape = { ...given, nullable: false } as Shape
    const description = textOf(parameter['description'])?.replace(/\s+/g, ' ').slice(0, 500)
    const said = description === undefined ? {} : { description }
    if (where === 'path') {
      if (!path.includes(`:${name}`)) continue
      const plain: Shape = isPlain(shape) ? shape : { kind: 'string', nullable: false }
      params.push({ name, shape: plain, required: true, ...said })
      continue
    }
    if (!/^[a-zA-Z0-9_$@.:[\]-]{1,80}$/.test(name)) {
      missing.add(`The query parameter ${JSON.stringify(name)} of ${route}: its name is not supported.`)
      continue
    }
    const isList = shape.kind === 'array' && isPlain(shape.items) && parameter['explode'] !== false
    if (!isPlain(shape) && !isList) notes.add(`The query parameter ${about} is treated as text.`)
    const { node: own } = resolve(schema)
    const value = own['default']
    const fits =
      (typeof value === 'string' && ['string', 'enum'].includes(shape.kind)) ||
      (typeof value === 'boolean' && shape.kind === 'boolean') ||
      (typeof value === 'number' &&
        (shape.kind === 'number' || (shape.kind === 'integer' && Number.isInteger(value))))
    query.push({
      name,
      shape: isPlain(shape) || isList ? shape : { kind: 'string', nullable: false },
      required: parameter['required'] === true,
      ...(fits && { default: value as string | number | boolean }),
      ...said,
    })
  }
  // A path may have undeclared parameters.
  for (const [, name] of path.matchAll(/:(\w+)/g))
    if (!params.some((param) => param.name === name))
      params.push({ name: name!, shape: { kind: 'string', nullable: false }, required: true })
  return { params, query: query.slice(0, 20) }
}

function bodyOf({ resolve, toShape, notes, missing, route, method }: One, node: Node): Shape | null {
  if (node['requestBody'] === undefined) return null
  const { node: body } = resolve(node['requestBody'])
  const content = Object.entries(nodeOf(body['content']))
  if (content.length === 0) return null
  const types = content.map(([type]) => type)
  const json = content.find(([type]) => isJson(type)) ?? content.find(([type]) => type.startsWith('*/*'))
  const form = content.find(([type]) =>
    /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type),
  )
  const chosen = json ?? form
  if (chosen === undefined) {
    missing.add(`${route}: its body as ${types.join(' or ')}; bodies are JSON.`)
    return null
  }
  if (method === 'GET') {
    missing.add(`${route}: its body; a GET has none.`)
    return null
  }
  if (!json) notes.add(`${route} accepts JSON instead of ${chosen[0]}, with the same properties.`)
  if (body['required'] !== true && method !== 'DELETE')
    notes.add('Request bodies are required, even if the document makes them optional.')
  const shape = toShape(nodeOf(chosen[1])['schema'] ?? {}, 'in', `the body of ${route}`)
  if (['object', 'array', 'record', 'any'].includes(shape.kind)) return { ...shape, nullable: false } as Shape
  missing.add(`${route}: its body, a bare ${shape.kind}; bodies are objects or lists.`)
  return null
}

const isJson = (type: string): boolean => /^application\/(json|[\w.+-]+\+json)\b/i.test(type)

function successOf(given: One, node: Node): Pick<ReadOperation, 'success' | 'answered'> {
  const { resolve, toShape, notes, route } = given
  const responses = Object.entries(nodeOf(node['responses']))
  const good = responses
    .map(([status, response]) => ({ status: /^2XX$/i.test(status) ? 200 : Number(status), response }))
    .filter(({ status }) => status >= 200 && status < 400)
    .toSorted((a, b) => a.status - b.status)
  const other = good.filter(({ status }) => status !== good[0]?.status && status < 300)
  if (other.length > 0)
    notes.add(
      `${route} responds with ${good[0]!.status}, never ${other.map(({ status }) => status).join(' or ')}.`,
    )
  const otherwise = responses.find(([status]) => status === 'default')?.[1]
  const first = good[0] ?? { status: 200, response: otherwise }
  if (good.length === 0) notes.add(`${route} has no success status: it responds with 200.`)
  const { status } = first
  if (status >= 300) notes.add(`${route} responds with ${status}, without a redirect location.`)
  const { node: response } = resolve(first.response)
  const content = Object.entries(nodeOf(response['content']))
  if (content.length === 0 || status === 204 || status === 205 || status >= 300)
    return { success: { kind: 'none', status }, answered: undefined }
  const chosen = content.find(([type]) => isJson(type)) ?? content[0]!
  if (content.length > 1) notes.add(`${route} responds with ${chosen[0]}, the only supported content type.`)
  const [type = '', media] = chosen
  const mediaType = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}$/.exec(type.split(';')[0]!.trim().toLowerCase())?.[0]
  const schema = nodeOf(media)['schema']
  if (isJson(type) || (type === '*/*' && isNode(schema))) {
    const shape = toShape(schema ?? {}, 'out', `the answer of ${route}`)
    return {
      success: { kind: 'json', status, shape: { ...shape, nullable: false } as Shape },
      answered: schema,
    }
  }
  const of = mediaType === undefined ? {} : { mediaType }
  if (mediaType === 'text/html') return { success: { kind: 'html', status }, answered: undefined }
  if (mediaType?.startsWith('text/')) return { success: { kind: 'text', status, ...of }, answered: undefined }
  return { success: { kind: 'binary', status, ...of }, answered: undefined }
}

const CODES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'timeout',
  409: 'conflict',
  410: 'gone',
  412: 'precondition_failed',
  413: 'too_large',
  415: 'unsupported_media_type',
  418: 'teapot',
  422: 'unprocessable',
  423: 'locked',
  429: 'too_many_requests',
  500: 'internal_error',
  501: 'not_implemented',
  502: 'bad_gateway',
  503: 'unavailable',
  504: 'gateway_timeout',
}

function errorsOf(node: Node, resolve: Resolve): CustomOperation['responses']['errors'] {
  return Object.entries(nodeOf(node['responses']))
    .flatMap(([text, given]) => {
      const status = Number(text)
      if (!(status >= 400 && status <= 599)) return []
      const when = textOf(resolve(given).node['description']) ?? `It answers ${status}.`
      return [{ status, code: CODES[status] ?? `status_${status}`, when: sentence(when) }]
    })
    .slice(0, 12)
}

/** Whether a request requires authentication: an empty list, or an empty alternative, makes it optional. */
function securityOf(node: Node, root: Node): Pick<ReadOperation, 'isGuarded' | 'schemes'> {
  const needs = listOf(node['security'] ?? root['security']).map((need) => Object.keys(nodeOf(need)))
  const isGuarded = needs.length > 0 && needs.every((names) => names.length > 0)
  return { isGuarded, schemes: isGuarded ? [...new Set(needs.flat())] : [] }
}
