// Longer than most files: the rules of one thing, its name, its route, its shapes, its answers and who may ask.
import type { Blueprint, CustomOperation, Shape, ShapeProperty } from '#contract'
import { plainRoutesOf } from '../routes-of.ts'
import { dropWhere, type Report } from './diagnostic.ts'
import { OBJECT_PROTOTYPE_KEYS } from './fields.ts'
import { lintCrud } from './crud.ts'
import { lintExamples } from './operation-examples.ts'
import { depthOf, entitiesIn, isPlain, MAX_DEPTH, objectsIn } from './shapes.ts'

/** Operations beyond rows: each has a name and a route of its own, and everything that it names exists. */
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

/** Operation ids that the service and its resources take, in lower case. */
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

/** The names of the usual requests that there are. */
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
        what: `The id ${id} is the name of another operation.`,
        why: 'Documents, files and functions are named after it.',
      }
      if (free === undefined) report.error({ ...finding, fix: 'Give it another id.' })
      else {
        operation.id = free
        report.fixed({ ...finding, fix: `It is named ${free} now.` })
      }
    }
    seen.add(operation.id.toLowerCase())
  }
}

type Route = { readonly name: string; readonly method: string; readonly segments: readonly Segment[] }
/** A fixed text, or a place for values; `takesWords` where a fixed text of another route could be such a value. */
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
        what: `The path ${path} of ${id} is taken by the server itself.`,
        why: 'It serves its own purpose in every backend.',
        fix: 'Give the operation another path.',
      })
    }
    const same = before.find((other) => isSame(other, route))
    const crossing = before.find((other) => isCrossing(other, route))
    if (same !== undefined) {
      report.error({
        code: 'operation.route-duplicate',
        path: at,
        what: `${id} has the route of ${same.name}.`,
        why: 'A request could mean either of them.',
        fix: 'Give it another path or method, drop it if the other one does what was asked for, or take that operation from the entity if this one replaces it.',
      })
    } else if (crossing !== undefined) {
      report.error({
        code: 'operation.route-ambiguous',
        path: at,
        what: `Some requests fit the route of ${id} as well as ${crossing.name}.`,
        why: 'Each has a fixed part where the other takes any text, so neither is the closer one.',
        fix: 'Change one of the paths so that a fixed part tells them apart.',
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

/** Whether a request can fit both, and neither has its fixed parts in every place where the other has one. */
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
        what: `:${name} in the path of ${id} is ${params.some((param) => param.name === name) ? 'there twice' : 'not among its params'}.`,
        why: 'Each part of the path that varies has a name and a type of its own.',
        fix: `Describe ${name} in params once (uuid for the id of a row), or take it out of the path.`,
      })
    }
  }
  for (const { name, shape } of params) {
    if (!inPath.includes(name)) {
      report.error({
        code: 'operation.param-unknown',
        path: `${at}.params.${name}`,
        what: `${id} has the path parameter ${name}, which is not in ${path}.`,
        why: 'There is nowhere to take it from.',
        fix: `Put :${name} into the path, or move it to the query or the body.`,
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
      why: 'Bodies are JSON objects or lists, and a row holds what only the server sets.',
      fix: 'Make it an object, and list the properties that the client sends.',
    })
  }
}

/** Clients resolve `.` and `..` in a path before they send it, so that no request can carry them. */
function lintSteps(param: { id: string; name: string; values: string[] }, at: string, report: Report): void {
  const { id, name, values } = param
  const isStep = (value: string) => value === '.' || value === '..'
  if (!values.some(isStep)) return
  const finding = {
    code: 'operation.param-step',
    path: `${at}.params.${name}`,
    what: `${name} in the path of ${id} can be a dot or two.`,
    why: 'In a path they are steps to another one, and never reach the service.',
  }
  if (values.every(isStep)) {
    report.error({ ...finding, fix: 'Give it other values, or move it to the query.' })
    return
  }
  dropWhere(values, isStep)
  report.fixed({ ...finding, fix: 'They were taken out of its values.' })
}

function lintShapes(operation: CustomOperation, { entities }: Blueprint, at: string, report: Report): void {
  const { id, body, params, query, responses } = operation
  const isEntity = (name: string) => entities.some((entity) => entity.name === name)
  if (operation.entity !== undefined && !isEntity(operation.entity)) {
    report.fixed({
      code: 'operation.no-entity',
      path: `${at}.entity`,
      what: `${id} is listed with ${operation.entity}, which is no entity.`,
      why: 'It is where a reader looks for it.',
      fix: 'It is listed by itself now.',
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
        why: 'A row holds what only the server sets.',
        fix: 'List the properties that the client sends, or take the id of the row.',
      })
    }
    for (const name of part === 'body' ? [] : entitiesIn(shape)) {
      if (isEntity(name)) continue
      report.error({
        code: 'shape.no-entity',
        path: `${at}.${part}`,
        what: `The answer of ${id} holds a ${name}, which is no entity.`,
        why: 'There is nothing that it could look like.',
        fix: `Add the entity ${name}, or list the properties.`,
      })
    }
    if (depthOf(shape) > MAX_DEPTH) {
      report.error({
        code: 'shape.deep',
        path: `${at}.${part}`,
        what: `The ${part === 'body' ? 'body' : 'answer'} of ${id} is nested more than ${MAX_DEPTH} deep.`,
        why: 'Nobody can read or send that.',
        fix: 'Make it flatter, or split the operation.',
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
          what: `${name} in ${id} has the name of a property that every JavaScript object has.`,
          why: 'Reading it where it was left out would find the built-in one.',
          fix: 'Give the property another name.',
        })
      }
      if (list.findIndex((other) => other.name === name) !== index) {
        report.error({
          code: 'shape.duplicate',
          path: at,
          what: `${id} has two properties named ${name} in one place.`,
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
      what: `${id} answers something with a status that means nothing is answered.`,
      why: 'Clients do not read the body of 204 and 205.',
      fix: 'The status is 200 now.',
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
    what: `${operation.id} is for signed-in users only, and nobody can sign in.`,
    why: 'Access by account needs authentication.',
    fix: 'Set auth to jwt with an account entity, or open the operation to the public.',
  })
}
