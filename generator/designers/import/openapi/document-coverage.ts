import {
  DOCUMENT_PARTS,
  type Blueprint,
  type CustomOperation,
  type DocumentCoverage,
  type DocumentPart,
  type DocumentPartKind,
} from '#contract'
import { makeMentions, type Mentions } from './mentions.ts'
import type { Node } from './document.ts'
import { pathInBlueprint } from './read-operations.ts'
import { isNode, listOf, nodeOf, textOf, type Resolve } from './resolve.ts'
import { extensionsIn, schemasInUse } from './walk-document.ts'

type Given = {
  readonly root: Node
  readonly resolve: Resolve
  readonly blueprint: Blueprint
  /** What is served differently, and what is left out, in the words of the report. */
  readonly notes: Iterable<string>
  readonly missing: Iterable<string>
}

/** More than any document within the limits of operations has. */
const MAX_PARTS = 2_000
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'] as const
/** About how it is built, not about what is served. */
const NO_DIFFERENCE =
  /is not plain CRUD|(is not a test|are not tests):|: deleted with it\.$|^(The links of|Accounts register with|Errors with the status|Errors have the form of the document:) /

/**
 * What became of every part of a document: compares it with the Blueprint, and takes the reasons from the notes. What is
 * not found in the Blueprint is left out, also where no note says so.
 */
export function documentCoverage(given: Given): DocumentCoverage {
  const mentions = makeMentions(
    [...given.notes, ...given.missing].filter((note) => !NO_DIFFERENCE.test(note)),
  )
  const counts = new Map<DocumentPartKind, { asStated: number; differently: number; leftOut: number }>()
  const parts: DocumentPart[] = []
  const add: Add = (kind, name, served, how = '') => {
    const count = counts.get(kind) ?? { asStated: 0, differently: 0, leftOut: 0 }
    counts.set(kind, count)
    if (served === 'as stated') count.asStated += 1
    else {
      count[served === 'differently' ? 'differently' : 'leftOut'] += 1
      if (parts.length < MAX_PARTS) parts.push({ kind, name: short(name, 200), served, how: short(how, 400) })
    }
  }
  const context = { ...given, mentions, add }
  addOperations(context)
  addSchemas(context)
  addSecurity(context)
  addServers(context)
  for (const name of Object.keys(nodeOf(given.root['webhooks'])))
    add('webhook', name, 'left out', 'the service sends no requests that nobody asked it for')
  for (const [name, places] of extensionsIn(given.root))
    add(
      'extension',
      name,
      'left out',
      `extensions have no meaning here; ${places === 1 ? 'in one place' : `in ${places} places`}`,
    )
  return {
    counts: DOCUMENT_PARTS.flatMap((kind) => {
      const count = counts.get(kind)
      return count ? [{ kind, ...count }] : []
    }),
    parts,
  }
}

type Add = (
  kind: DocumentPartKind,
  name: string,
  served: 'as stated' | DocumentPart['served'],
  how?: string,
) => void
type Context = Given & { readonly mentions: Mentions; readonly add: Add }

const short = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text

function addOperations(context: Context): void {
  const { root, resolve, blueprint, mentions, add } = context
  const served = new Map<string, CustomOperation>()
  for (const operation of blueprint.operations) served.set(`${operation.method} ${operation.path}`, operation)
  let describesErrors = false
  for (const [path, item] of Object.entries(nodeOf(root['paths']))) {
    const { node: shared } = resolve(item)
    for (const method of METHODS) {
      const node = shared[method]
      if (!isNode(node)) continue
      const route = `${method.toUpperCase()} ${path}`
      const base = basePathOf(node, shared, root)
      const own = pathInBlueprint(path)
      const found =
        served.get(`${method.toUpperCase()} ${own}`) ?? served.get(`${method.toUpperCase()} ${base}${own}`)
      const said = mentions.of(route).filter((note) => !/\S of (GET|PUT|POST|DELETE|PATCH) /.test(note))
      const how = said.join(' ')
      if (method === 'head' || method === 'options')
        add('operation', route, 'differently', how || 'the server answers it itself')
      else if (!found && /served by the service itself|replaced by/.test(how))
        add('operation', route, 'differently', how)
      else if (!found) add('operation', route, 'left out', how || 'it cannot be served')
      else if (said.length > 0) add('operation', route, 'differently', how)
      else add('operation', route, 'as stated')
      addParameters(context, { route, shared, node, found })
      for (const name of Object.keys(nodeOf(node['callbacks'])))
        add('callback', `${name} of ${route}`, 'left out', 'the service does not call back')
      for (const [status, given] of Object.entries(nodeOf(node['responses']))) {
        const { node: response } = resolve(given)
        if (/^[45]|^default$/.test(status) && isNode(response['content'])) describesErrors = true
        for (const name of Object.keys(nodeOf(response['links'])))
          add('link', `${name} of ${route}`, 'left out', 'the document of the service does not repeat it')
      }
    }
  }
  if (!describesErrors) return
  const how = mentions.matching(
    /^(The document states no form of errors|The form of |Errors with the status )/,
  )
  if (how === undefined) add('errors', 'bodies of errors', 'as stated')
  else add('errors', 'bodies of errors', 'differently', how)
}

function addParameters(
  { resolve, mentions, add }: Context,
  operation: {
    readonly route: string
    readonly shared: Node
    readonly node: Node
    readonly found: CustomOperation | undefined
  },
): void {
  const { route, shared, node, found } = operation
  const seen = new Set<string>()
  for (const given of [...listOf(node['parameters']), ...listOf(shared['parameters'])]) {
    const { node: parameter } = resolve(given)
    const name = textOf(parameter['name']) ?? ''
    const place = String(parameter['in'])
    if (seen.has(`${place} ${name}`)) continue
    seen.add(`${place} ${name}`)
    const about = `${name} of ${route}`
    const how = mentions.of(about).join(' ')
    const isKnown =
      found !== undefined &&
      [...found.params, ...found.query, ...(found.headers ?? []), ...(found.cookies ?? [])].some(
        (one) => one.name.toLowerCase() === name.toLowerCase(),
      )
    if (found === undefined) add('parameter', about, 'left out', 'its operation is not served')
    // The specification has these ignored: other parts say them.
    else if (place === 'header' && /^(authorization|accept|content-type)$/i.test(name))
      add('parameter', about, 'as stated')
    else if (!isKnown) add('parameter', about, 'left out', how || 'it is accepted and ignored')
    else if (how !== '') add('parameter', about, 'differently', how)
    else add('parameter', about, 'as stated')
  }
}

function addSchemas({ root, mentions, add }: Context): void {
  const schemas = nodeOf(nodeOf(root['components'])['schemas'])
  const used = schemasInUse(root)
  for (const name of Object.keys(schemas)) {
    const how = mentions.of(name).join(' ')
    if (!used.has(name)) add('schema', name, 'left out', 'no operation uses it')
    else if (how !== '') add('schema', name, 'differently', how)
    else add('schema', name, 'as stated')
  }
}

function addSecurity({ root, resolve, blueprint, mentions, add }: Context): void {
  const needs = [
    ...listOf(root['security']),
    ...Object.values(nodeOf(root['paths'])).flatMap((item) =>
      Object.values(resolve(item).node).flatMap((operation) => listOf(nodeOf(operation)['security'])),
    ),
  ]
  const used = new Set(needs.flatMap((need) => Object.keys(nodeOf(need))))
  const general = mentions.matching(
    /^(The document requires .*(accounts|turned off)|The (header|query|cookie) .* is not used)/,
  )
  for (const [name, given] of Object.entries(nodeOf(nodeOf(root['components'])['securitySchemes']))) {
    const { node: scheme } = resolve(given)
    const type = String(scheme['type'])
    const how = mentions.of(name).find((note) => note.startsWith('The security scheme ')) ?? general
    if (!used.has(name)) add('security', name, 'left out', 'no operation uses it')
    else if (blueprint.auth.kind === 'none')
      add('security', name, 'left out', how ?? 'the service has no sign-in')
    else if (how !== undefined) add('security', name, 'differently', how)
    else if (/^(oauth2|openIdConnect)$/.test(type))
      add(
        'security',
        name,
        'differently',
        'the service issues its own tokens and takes no part in the flows of OAuth',
      )
    else if (type === 'mutualTLS')
      add('security', name, 'left out', 'certificates are checked by what stands before the service')
    else add('security', name, 'as stated')
  }
}

/** The path of the first server: the operation's, else its path's, else the document's. */
function basePathOf(...levels: readonly Node[]): string {
  const servers = levels.map((node) => listOf(node['servers'])).find((list) => list.length > 0)
  return servers === undefined ? '' : pathOfServer(servers[0])
}

function pathOfServer(server: unknown): string {
  const { url, variables } = nodeOf(server)
  const known = nodeOf(variables)
  const filled = (textOf(url) ?? '').replaceAll(
    /\{([^{}]*)\}/g,
    (_, name: string) => textOf(nodeOf(known[name])['default']) ?? '',
  )
  return URL.parse(filled, 'http://localhost')?.pathname.replace(/\/+$/, '') ?? ''
}

function addServers({ root, mentions, add }: Context): void {
  const how = mentions.matching(/base path .* of the document's server|^The base path of the server/)
  const base = basePathOf(root)
  for (const server of listOf(root['servers'])) {
    const url = textOf(nodeOf(server)['url']) ?? ''
    const path = pathOfServer(server)
    if (path !== base) add('server', url, 'left out', `the base path is ${base || '/'}`)
    else if (how !== undefined && base !== '') add('server', url, 'differently', how)
    else add('server', url, 'as stated')
  }
}
