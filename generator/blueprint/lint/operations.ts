// Longer than most files: all rules of one operation: name, route, shapes, responses and access.
import type { Blueprint, CustomOperation, Shape, ShapeProperty } from '#contract'
import { plainRoutesOf } from '../routes-of.ts'
import { dropWhere, type Report } from './diagnostic.ts'
import { OBJECT_PROTOTYPE_KEYS } from './fields.ts'
import { lintCrud } from './crud.ts'
import { lintExamples } from './operation-examples.ts'
import { depthOf, entitiesIn, isPlain, MAX_DEPTH, objectsIn } from './shapes.ts'

/** Custom operations: unique names and routes, and every reference exists. */
export function lintOperations(blueprint: Blueprint, report: Report): void {
  lintIds(blueprint, report)
  lintRoutes(blueprint, report)
  for (const operation of blueprint.operations) {
    const at = `operations.${operation.id}`
    lintParams(operation, at, report)
    lintShapes(operation, blueprint, at, report)
    lintResponses(operation, at, report)
    lintAccess(operation, blueprint, at, report)
    lintExamples(operation, blueprint, at, report)
    lintCrud(operation, blueprint, at, report)
  }
}

/** Operation ids that the service and its resources already use, in lower case. */
function takenIds({ entities, manyToMany }: Blueprint): Set<string> {
  const pluralOf = (name: string) => entities.find((entity) => entity.name === name)?.plural ?? name
  const ids = [
    'checkHealth',
    'checkReady',
    'register',
    'login',
    'me',
    ...entities.flatMap((entity) => operationIdsOf(entity)),
    ...manyToMany.flatMap(({ left, right }) => [
      `list${left}${pluralOf(right)}`,
      `list${right}${pluralOf(left)}`,
      `link${left}${right}`,
      `unlink${left}${right}`,
    ]),
  ]
  return new Set(ids.map((id) => id.toLowerCase()))
}

/** Names of the generated CRUD requests. */
function operationIdsOf({ name, plural, operations }: Blueprint['entities'][number]): string[] {
  return operations.flatMap((operation) => {
    switch (operation) {
      case 'list':
        return [`list${plural}`]
      case 'create':
      case 'delete':
        return [`${operation}${name}`]
      case 'read':
        return [`get${name}`]
      case 'update':
        return [`replace${name}`, `update${name}`]
    }
  })
}

function lintIds(blueprint: Blueprint, report: Report): void {
  const taken = takenIds(blueprint)
  const own = new Set(blueprint.operations.map(({ id }) => id.toLowerCase()))
  const seen = new Set<string>()
  for (const operation of blueprint.operations) {
    const { id } = operation
    const isFree = (name: string) => !taken.has(name.toLowerCase()) && !seen.has(name.toLowerCase())
    if (!isFree(id)) {
      const wishes = Array.from({ length: 98 }, (_, index) => `${id.slice(0, 58)}${index + 2}`)
      const free = wishes.find((wish) => isFree(wish) && !own.has(wish.toLowerCase()))
      const finding = {
        code: seen.has(id.toLowerCase()) ? 'operation.duplicate' : 'operation.reserved-id',
        path: `operations.${id}.id`,
        what: `The id ${id} is already used by another operation.`,
        why: 'Documents, files and functions are named after the id.',
      }
      if (free === undefined) report.error({ ...finding, fix: 'Give it another id.' })
      else {
        operation.id = free
        report.fixed({ ...finding, fix: `Renamed it to ${free}.` })
      }
    }
    seen.add(operation.id.toLowerCase())
  }
}

type Route = { readonly name: string; readonly method: string; readonly segments: readonly Segment[] }
/** A literal or a parameter; `takesWords` if a literal of another route could be its value. */
type Segment = { readonly text: string } | { readonly takes: Shape | 'id'; readonly form?: string }

function lintRoutes(blueprint: Blueprint, report: Report): void {
  const hasSides = blueprint.manyToMany.every(({ left, right }) =>
    [left, right].every((side) => blueprint.entities.some(({ name }) => name === side)),
  )
  const plain = plainRoutesOf(hasSides ? blueprint : { ...blueprint, manyToMany: [] })
  const before: Route[] = plain.map(({ method, path }) => ({
    name: `${method} ${path}`,
    method,
    segments: segmentsOf(path, []),
  }))
  for (const operation of blueprint.operations) {
    const { id, method, path } = operation
    const route: Route = {
      name: `${method} ${path} (${id})`,
      method,
      segments: segmentsOf(path, operation.params),
    }
    const at = `operations.${id}.path`
    if (/^\/(health|ready|openapi\.json)$|^\/docs(\/|$)/i.test(path)) {
      report.error({
        code: 'operation.reserved-path',
        path: at,
        what: `The path ${path} of ${id} is reserved by the server.`,
        why: 'Every generated backend uses it.',
        fix: 'Give the operation another path.',
      })
    }
    const same = before.find((other) => isSame(other, route))
    const crossing = before.find((other) => isCrossing(other, route))
    if (same !== undefined) {
      report.error({
        code: 'operation.route-duplicate',
        path: at,
        what: `${id} has the same route as ${same.name}.`,
        why: 'A request would be ambiguous.',
        fix: 'Give it another path or method, remove it if the other one does what was requested, or remove that operation from the entity if this one replaces it.',
      })
    } else if (crossing !== undefined) {
      report.error({
        code: 'operation.route-ambiguous',
        path: at,
        what: `Some requests match the routes of both ${id} and ${crossing.name}.`,
        why: 'Each has a literal where the other has a parameter, so neither is more specific.',
        fix: 'Change one of the paths so that a literal distinguishes them.',
      })
    }
    before.push(route)
  }
}

function segmentsOf(path: string, params: readonly ShapeProperty[]): Segment[] {
  return path
    .slice(1)
    .split('/')
    .map((part) => {
      if (!part.includes(':')) return { text: part.toLowerCase() }
      const form = part.replaceAll(/:\w+/g, ':').toLowerCase()
      if (form !== ':') return { takes: { kind: 'string', nullable: false }, form }
      return { takes: params.find(({ name }) => name === part.slice(1))?.shape ?? 'id' }
    })
}

function isSame(a: Route, b: Route): boolean {
  return (
    a.method === b.method &&
    a.segments.length === b.segments.length &&
    a.segments.every((segment, index) => {
      const other = b.segments[index]!
      if ('text' in segment) return 'text' in other && segment.text === other.text
      return 'takes' in other && segment.form === other.form
    })
  )
}

/** Whether a request can match both routes and neither is more specific. */
function isCrossing(a: Route, b: Route): boolean {
  if (a.method !== b.method || a.segments.length !== b.segments.length) return false
  const pairs = a.segments.map((segment, index) => [segment, b.segments[index]!] as const)
  return (
    pairs.every(([left, right]) => meet(left, right)) &&
    pairs.some(([left, right]) => 'text' in left && 'takes' in right) &&
    pairs.some(([left, right]) => 'takes' in left && 'text' in right)
  )
}

function meet(a: Segment, b: Segment): boolean {
  if ('text' in a && 'text' in b) return a.text === b.text
  if ('text' in a) return 'takes' in b && accepts(b.takes, a.text)
  return 'text' in b ? accepts(a.takes, b.text) : true
}

function accepts(takes: Shape | 'id', text: string): boolean {
  if (takes === 'id') return false
  if (takes.kind === 'enum') return takes.values.some((value) => value.toLowerCase() === text)
  if (takes.kind === 'integer' || takes.kind === 'number') return /^-?\d/.test(text)
  return takes.kind === 'string'
}

function lintParams({ id, path, params, query, method, body }: CustomOperation, at: string, report: Report) {
  const inPath = [...path.matchAll(/:([a-zA-Z0-9_]+)/g)].map(([, name]) => name!)
  for (const name of new Set(inPath)) {
    if (inPath.filter((other) => other === name).length > 1 || !params.some((param) => param.name === name)) {
      report.error({
        code: 'operation.param-missing',
        path: `${at}.params.${name}`,
        what: `:${name} in the path of ${id} is ${params.some((param) => param.name === name) ? 'repeated' : 'not in its params'}.`,
        why: 'Each path parameter has its own name and type.',
        fix: `Describe ${name} in params once (uuid for the id of a row), or remove it from the path.`,
      })
    }
  }
  for (const { name, shape } of params) {
    if (!inPath.includes(name)) {
      report.error({
        code: 'operation.param-unknown',
        path: `${at}.params.${name}`,
        what: `${id} has the path parameter ${name}, which is not in ${path}.`,
        why: 'It would never have a value.',
        fix: `Add :${name} to the path, or move it to the query or the body.`,
      })
    }
    if (shape.nullable) shape.nullable = false
    if (shape.kind === 'enum') lintSteps({ id, name, values: shape.values }, at, report)
  }
  for (const [part, list] of [
    ['params', params],
    ['query', query],
  ] as const) {
    for (const { name, shape } of list) {
      const isList = part === 'query' && shape.kind === 'array' && isPlain(shape.items)
      if (isPlain(shape) || isList) continue
      report.error({
        code: 'operation.not-plain',
        path: `${at}.${part}.${name}`,
        what: `${name} in the ${part} of ${id} is of kind ${shape.kind}.`,
        why: 'A path holds single values, and a query at most lists of them.',
        fix: 'Make it a single value, or move it to the body.',
      })
    }
  }
  if (method === 'GET' && body !== null) {
    report.error({
      code: 'operation.body-of-get',
      path: `${at}.body`,
      what: `${id} is a GET with a body.`,
      why: 'Clients and caches drop the body of a GET.',
      fix: 'Move the body to the query, or use POST.',
    })
  }
  if (body !== null && !['object', 'array', 'record', 'any'].includes(body.kind)) {
    report.error({
      code: 'operation.body-shape',
      path: `${at}.body`,
      what: `The body of ${id} is of kind ${body.kind}.`,
      why: 'Request bodies are JSON objects or lists; a row has properties that only the server sets.',
      fix: 'Make it an object, and list the properties that the client sends.',
    })
  }
}

/** Clients resolve `.` and `..` in a path before they send it, so no request can contain them. */
function lintSteps(param: { id: string; name: string; values: string[] }, at: string, report: Report): void {
  const { id, name, values } = param
  const isStep = (value: string) => value === '.' || value === '..'
  if (!values.some(isStep)) return
  const finding = {
    code: 'operation.param-step',
    path: `${at}.params.${name}`,
    what: `${name} in the path of ${id} can be "." or "..".`,
    why: 'Clients resolve them, so they never reach the service.',
  }
  if (values.every(isStep)) {
    report.error({ ...finding, fix: 'Give it other values, or move it to the query.' })
    return
  }
  dropWhere(values, isStep)
  report.fixed({ ...finding, fix: 'Removed them from its values.' })
}

function lintShapes(operation: CustomOperation, { entities }: Blueprint, at: string, report: Report): void {
  const { id, body, params, query, responses } = operation
  const isEntity = (name: string) => entities.some((entity) => entity.name === name)
  if (operation.entity !== undefined && !isEntity(operation.entity)) {
    report.fixed({
      code: 'operation.no-entity',
      path: `${at}.entity`,
      what: `${id} is grouped with ${operation.entity}, which is not an entity.`,
      why: 'Operations are documented with their entity.',
      fix: 'It now has its own group.',
    })
    delete operation.entity
  }
  const shapes: (readonly [string, Shape])[] = [
    ...(body === null ? [] : [['body', body] as const]),
    ...(responses.success.kind === 'json'
      ? [['responses.success.shape', responses.success.shape] as const]
      : []),
  ]
  for (const [part, shape] of shapes) {
    if (part === 'body' && entitiesIn(shape).length > 0) {
      report.error({
        code: 'operation.body-entity',
        path: `${at}.body`,
        what: `The body of ${id} holds a whole ${entitiesIn(shape)[0]}.`,
        why: 'A row has properties that only the server sets.',
        fix: 'List the properties that the client sends, or use the id of the row.',
      })
    }
    for (const name of part === 'body' ? [] : entitiesIn(shape)) {
      if (isEntity(name)) continue
      report.error({
        code: 'shape.no-entity',
        path: `${at}.${part}`,
        what: `The response of ${id} contains a ${name}, which is not an entity.`,
        why: 'Its properties are unknown.',
        fix: `Add the entity ${name}, or list the properties.`,
      })
    }
    if (depthOf(shape) > MAX_DEPTH) {
      report.error({
        code: 'shape.deep',
        path: `${at}.${part}`,
        what: `The ${part === 'body' ? 'body' : 'response'} of ${id} is nested more than ${MAX_DEPTH} deep.`,
        why: 'Such a value is impractical to read or send.',
        fix: 'Flatten it, or split the operation.',
      })
    }
  }
  const lists = [params, query, ...shapes.flatMap(([, shape]) => objectsIn(shape))]
  for (const list of lists) {
    for (const [index, { name, shape }] of list.entries()) {
      if (OBJECT_PROTOTYPE_KEYS.has(name.toLowerCase())) {
        report.error({
          code: 'shape.object-property',
          path: at,
          what: `${name} in ${id} has the name of a built-in property of JavaScript objects.`,
          why: 'A missing value would read as the built-in property.',
          fix: 'Give the property another name.',
        })
      }
      if (list.findIndex((other) => other.name === name) !== index) {
        report.error({
          code: 'shape.duplicate',
          path: at,
          what: `${id} has two properties named ${name} in one object.`,
          why: 'One would hide the other.',
          fix: 'Rename one of them or merge them.',
        })
      }
      if (shape.kind === 'enum') shape.values = [...new Set(shape.values)]
    }
  }
}

function lintResponses({ id, responses }: CustomOperation, at: string, report: Report): void {
  const { success, errors } = responses
  if (success.kind === 'json') {
    success.shape.nullable = false
  }
  const isEmpty = [204, 205].includes(success.status)
  if (success.kind !== 'none' && isEmpty) {
    success.status = 200
    report.fixed({
      code: 'response.empty-status',
      path: `${at}.responses.success.status`,
      what: `${id} has a response body and a status without one.`,
      why: 'Clients do not read the body of 204 and 205.',
      fix: 'Changed the status to 200.',
    })
  }
  dropWhere(errors, (error, before) => {
    if (error.status === 400 || error.status === 429) return true
    return before.some((other) => other.status === error.status && other.code === error.code)
  })
}

function lintAccess(operation: CustomOperation, { auth }: Blueprint, at: string, report: Report): void {
  if (operation.access === 'public' || auth.kind !== 'none') return
  report.error({
    code: 'access.without-auth',
    path: `${at}.access`,
    what: `${operation.id} is for signed-in users only, but there is no authentication.`,
    why: 'Access by account needs authentication.',
    fix: 'Set auth to jwt with an account entity, or make the operation public.',
  })
}
