import { successesOf, type Blueprint, type Shape, type ShapeProperty } from '#contract'
import { dropUnsatisfiable } from '../drop-unsatisfiable.ts'
import type { Report } from './diagnostic.ts'

/** Constraints that no request, or only one that is too long to send, satisfies. */
export function lintUnsatisfiable(blueprint: Blueprint, report: Report): void {
  for (const { at, shape } of shapesOf(blueprint))
    dropUnsatisfiable(shape, at, (place, what) =>
      report.error({
        code: 'shape.demand',
        path: place,
        what: `${place}: ${what}.`,
        why: 'Every example and test sends such a value, and request bodies are limited.',
        fix: 'Lower the minimum, or remove it.',
      }),
    )
}

type LocatedShape = { readonly at: string; readonly shape: Shape }

function* shapesOf({ entities, operations, services }: Blueprint): Generator<LocatedShape> {
  for (const { name, fields } of entities)
    for (const field of fields)
      if (field.type.kind === 'json')
        yield { at: `entities.${name}.fields.${field.name}`, shape: field.type.shape }
  for (const { id, params, query, headers, body, responses } of operations) {
    const at = `operations.${id}`
    yield* shapesOfRequest(at, { params, query: [...query, ...(headers ?? [])], body })
    for (const success of successesOf({ responses }))
      if (success.kind === 'json') yield { at: `${at}.answer`, shape: success.shape }
  }
  for (const { name, calls } of services)
    for (const { id, params, query, body, answer } of calls) {
      const at = `services.${name}.calls.${id}`
      yield* shapesOfRequest(at, { params, query, body })
      if (answer !== null) yield { at: `${at}.answer`, shape: answer }
    }
}

function* shapesOfRequest(
  at: string,
  {
    params,
    query,
    body,
  }: { params: readonly ShapeProperty[]; query: readonly ShapeProperty[]; body: Shape | null },
): Generator<LocatedShape> {
  for (const { name, shape } of [...params, ...query]) yield { at: `${at}.${name}`, shape }
  if (body !== null) yield { at: `${at}.body`, shape: body }
}
