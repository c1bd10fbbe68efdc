import { paramsInPath, type CustomOperation } from '#contract'
import { toCamel } from '../../../blueprint/words.ts'
import { basePathOf } from './base-path.ts'
import { readPairs } from './examples.ts'
import type { Deps, One, ReadOperation } from './operation.ts'
import { bodyOf, successOf } from './read-bodies.ts'
import type { Node } from './document.ts'
import { pathName } from './path-name.ts'
import { parametersOf } from './read-parameters.ts'
import { isNode, listOf, nodeOf, textOf, type Resolve } from './resolve.ts'
import { CODES } from './status-codes.ts'
import { SpecError } from '../spec-error.ts'

const METHODS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const

export function readOperations(deps: Deps, maxOperations: number): ReadOperation[] {
  const { document, resolve, notes, missing } = deps
  const { root } = document
  countOperations(deps, maxOperations)
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
      const base = basePathOf([shared[name], shared, root].map(nodeOf), notes)
      const own = reservedBy(`${base}${documentPath}`)
      const path = toPath(`${base}${documentPath}`)
      if (own !== undefined) notes.add(`${route} is served by the service itself: ${own}.`)
      else if (path === undefined)
        missing.add(
          `${route}: a parameter in a path ends at a slash, a dot, a dash or a colon, or at the end.`,
        )
      else
        found.push(readOperation({ ...deps, route, method, documentPath, path, shared, node: shared[name] }))
    }
  }
  for (const part of ['webhooks'])
    if (Object.keys(nodeOf(root[part])).length > 0) missing.add(`The ${part} of the document.`)
  return found
}

/** Checked first, since reading thousands of operations would end with the same error. */
function countOperations({ document, resolve }: Deps, maxOperations: number): void {
  let count = 0
  for (const item of Object.values(nodeOf(document.root['paths'])))
    count += Object.keys(resolve(item).node).filter((name) => Object.hasOwn(METHODS, name)).length
  if (count <= maxOperations) return
  throw new SpecError(`It describes ${count} operations, and at most ${maxOperations} are supported.`, {
    code: 'spec_unsupported',
    hint: 'Split it into several documents, one for each service, or raise MAX_DOCUMENT_OPERATIONS on the worker.',
  })
}

function reservedBy(path: string): string | undefined {
  if (/^\/(health|ready)\/?$/i.test(path)) return 'whether it lives and can serve'
  return /^\/docs(\/|$)|^\/openapi\.json$/i.test(path) ? 'its documentation' : undefined
}

/** `/things/{id}:cancel` as `/things/:id::cancel`. */
export const pathInBlueprint = (path: string): string =>
  path.replaceAll(':', '::').replaceAll(/\{([^{}]+)\}/g, (_, name: string) => `:${pathName(name)}`)

/** Longer than any supported name, with its braces. */
const MAX_PATH = 400

/** The path with `:name`, if parameters can be separated from the text after them. */
function toPath(path: string): string | undefined {
  if (path.length > MAX_PATH) return undefined
  const isRight =
    /^\/([^{}]*\{[^{}/]+\}(?=[/.:-]|$))*[^{}]*$/.test(path) &&
    [...path.matchAll(/\{([^}]+)\}/g)].every(([, name]) => /^[\w.$ -]{1,60}$/.test(name!))
  const made = pathInBlueprint(path)
  const names = paramsInPath(made)
  // Names are matched greedily, so there is no backtracking.
  return isRight &&
    new Set(names).size === names.length &&
    /^(\/(:[a-zA-Z_]\w*(?!\w)|::|[a-zA-Z0-9._~-])*)+$/.test(made) &&
    made.length <= 200
    ? made
    : undefined
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
    ...bodyOf(given, node),
    ...success,
    errors: errorsOf(node, resolve),
    invalid: invalidStatus(node),
    pairs: readPairs(node, resolve),
    ...securityOf(node, given.document.root, given),
  }
}

const sentence = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 500).trim()

function rulesOf(description: string | undefined, summary: string): string[] {
  const parts = (description ?? '').split(/\n\s*\n|\n(?=\s*[-*] )/).map(sentence)
  const said = parts.filter((part) => part !== '' && part !== summary)
  return said.length > 0 ? said.slice(0, 20) : [summary]
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

/**
 * The status of a request that does not match the schemas: the declared one of 400 and 422. Of both, 422 is about what a
 * body says, and 400 about a request that has none. Undefined if the document declares neither.
 */
function invalidStatus(node: Node): ReadOperation['invalid'] {
  const responses = nodeOf(node['responses'])
  const [is400, is422] = ['400', '422'].map((status) => status in responses)
  if (!is400 && !is422) return undefined
  return is422 && (!is400 || node['requestBody'] !== undefined) ? 422 : 400
}

/** Whether a request requires authentication: an empty list makes it open, an empty alternative optional. */
function securityOf(
  node: Node,
  root: Node,
  { notes, route }: Pick<One, 'notes' | 'route'>,
): Pick<ReadOperation, 'isGuarded' | 'isOptional' | 'isUsuallyGuarded' | 'schemes'> {
  const needs = listOf(node['security'] ?? root['security']).map((need) => Object.keys(nodeOf(need)))
  const hasEmpty = needs.some((names) => names.length === 0)
  const schemes = [...new Set(needs.flat())]
  if (needs.some((names) => names.length > 1))
    notes.add(`${route} asks for several credentials at once: any one of them is enough.`)
  return {
    isGuarded: needs.length > 0 && !hasEmpty,
    isOptional: hasEmpty && schemes.length > 0,
    isUsuallyGuarded: node['security'] === undefined,
    schemes,
  }
}
