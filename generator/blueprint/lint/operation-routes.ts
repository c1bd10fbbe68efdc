import { fillPath, paramsInPath, type Blueprint, type Shape, type ShapeProperty } from '#contract'
import { plainRoutesOf } from '../routes-of.ts'
import type { Report } from './diagnostic.ts'

type Route = { readonly name: string; readonly method: string; readonly segments: readonly Segment[] }
/** A literal or a parameter; `takes` determines which literals of another route could be its value. */
type Segment = { readonly text: string } | { readonly takes: Shape | 'id'; readonly form?: string }

export function lintRoutes(blueprint: Blueprint, report: Report): void {
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
      const [first] = paramsInPath(part)
      const form = fillPath(part, () => '{}').toLowerCase()
      if (first === undefined) return { text: form }
      if (form !== '{}') return { takes: { kind: 'string', nullable: false }, form }
      return { takes: params.find(({ name }) => name === first)?.shape ?? 'id' }
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
