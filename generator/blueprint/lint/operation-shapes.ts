import { successesOf, type Blueprint, type CustomOperation, type Shape, type ShapeProperty } from '#contract'
import { blueprintKind } from '../field-kinds.ts'
import type { Report } from './diagnostic.ts'
import { OBJECT_PROTOTYPE_KEYS } from './fields.ts'
import { depthOf, entitiesIn, isPlain, MAX_DEPTH, objectsIn } from './shapes.ts'

export function lintShapes(
  operation: CustomOperation,
  { entities }: Blueprint,
  at: string,
  report: Report,
): void {
  const { id, body, params, query, headers = [], cookies = [] } = operation
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
    ...successesOf(operation).flatMap((success) =>
      success.kind === 'json' ? [['responses.success.shape', success.shape] as const] : [],
    ),
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
  const lists = [params, query, headers, cookies, ...shapes.flatMap(([, shape]) => objectsIn(shape))]
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
      lintDefault({ property: list[index]!, id }, at, report)
    }
  }
}

/** A default is a value of the property; it may be left out then. */
function lintDefault(
  { property, id }: { property: ShapeProperty; id: string },
  at: string,
  report: Report,
): void {
  const { name, shape, default: value } = property
  if (value === undefined) return
  if (isPlain(shape) && blueprintKind(shape).holds(value)) return
  report.error({
    code: 'shape.default',
    path: at,
    what: `The default ${JSON.stringify(value)} of ${name} in ${id} is not a valid ${shape.kind}.`,
    why: 'It is used whenever the property is left out.',
    fix: 'Give a default of its kind and within its bounds, or none.',
  })
}
