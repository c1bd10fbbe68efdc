import {
  invalidStatusOf,
  REDIRECTS,
  successesOf,
  type Blueprint,
  type CustomOperation,
  type Success,
} from '#contract'
import { lintCrud } from './crud.ts'
import { dropWhere, type Report } from './diagnostic.ts'
import { lintExamples } from './operation-examples.ts'
import { lintParams } from './operation-params.ts'
import { lintRoutes } from './operation-routes.ts'
import { lintShapes } from './operation-shapes.ts'

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
function takenIds({ auth, entities, manyToMany }: Blueprint): Set<string> {
  const pluralOf = (name: string) => entities.find((entity) => entity.name === name)?.plural ?? name
  const ids = [
    'checkHealth',
    'checkReady',
    // At routes of the API's own, the ids are free.
    ...(auth.kind === 'jwt' && auth.ownRoutes ? [] : ['register', 'login', 'me']),
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

/** Every route already answers these, unless invalid input has another status; a code of the operation's own is kept. */
const GENERIC_CODES = new Map([
  [400, ['bad_request', 'invalid_request', 'validation_error', 'validation_failed', 'invalid_input']],
  [429, ['too_many_requests', 'rate_limited', 'rate_limit_exceeded']],
])

function lintResponses(operation: CustomOperation, at: string, report: Report): void {
  const { id, responses } = operation
  const { errors } = responses
  for (const success of successesOf(operation)) lintSuccess(success, id, `${at}.responses`, report)
  const seen = new Set<number>()
  for (const { status } of successesOf(operation)) {
    if (seen.has(status))
      report.error({
        code: 'response.status-repeated',
        path: `${at}.responses`,
        what: `${id} has two success responses with the status ${status}.`,
        why: 'Clients and documents tell responses apart by their status.',
        fix: 'Give each another status, or merge them.',
      })
    seen.add(status)
  }
  dropWhere(errors, (error, before) => {
    const isAnswered = error.status !== 400 || invalidStatusOf(operation) === 400
    if (isAnswered && GENERIC_CODES.get(error.status)?.includes(error.code)) return true
    return before.some((other) => other.status === error.status && other.code === error.code)
  })
}

function lintSuccess(success: Success, id: string, at: string, report: Report): void {
  if (success.kind === 'json') success.shape.nullable = false
  if (success.kind === 'redirect' && !REDIRECTS.includes(success.status)) {
    report.fixed({
      code: 'response.redirect-status',
      path: `${at}.${success.status}`,
      what: `${id} redirects with ${success.status}, which no client follows.`,
      why: `The statuses of redirects are ${REDIRECTS.join(', ')}.`,
      fix: 'Changed the status to 303.',
    })
    success.status = 303
  }
  const isEmpty = [204, 205, 304].includes(success.status)
  if (success.kind !== 'none' && isEmpty) {
    success.status = 200
    report.fixed({
      code: 'response.empty-status',
      path: `${at}.success.status`,
      what: `${id} has a response body and a status without one.`,
      why: 'Clients do not read the body of 204 and 205.',
      fix: 'Changed the status to 200.',
    })
  }
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
