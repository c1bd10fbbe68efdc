import { successesOf, type Blueprint, type Shape } from '#contract'
import { patternFault } from '../text-pattern.ts'
import type { Report } from './diagnostic.ts'

/**
 * Patterns that can be enforced: valid, quick for any text, and with a text that matches, which tests send. They are for
 * what is sent; what is answered may be older than the pattern. Runs before defaults and examples are looked at.
 */
export function lintPatterns(blueprint: Blueprint, report: Report): void {
  const check = (text: { pattern?: string | undefined; max?: number | undefined }, at: string) => {
    const { pattern, ...rest } = text
    if (pattern === undefined) return
    const fault = patternFault({ ...rest, pattern })
    if (fault !== null)
      drop(text, at, `The pattern ${pattern} of ${at} cannot be enforced: ${fault}.`, report)
  }
  const request = (shape: Shape, at: string) =>
    forEachText(shape, at, (text, place) => {
      if (text.kind === 'string') check(text, place)
      else if (text.pattern !== undefined)
        drop(text, place, `${place} is of kind ${text.kind} and has the pattern ${text.pattern}.`, report)
    })
  const answer = (shape: Shape, at: string) =>
    forEachText(shape, at, (text, place) => {
      if (text.pattern !== undefined)
        drop(text, place, `${place} is answered, and has the pattern ${text.pattern}.`, report)
    })
  for (const { name, fields } of blueprint.entities)
    for (const { name: field, type } of fields) {
      const at = `${name}.${field}`
      if (type.kind === 'string') {
        const { pattern, maxLength: max } = type
        const fault = pattern === undefined ? null : patternFault({ pattern, max })
        if (fault !== null)
          drop(type, at, `The pattern ${pattern} of ${at} cannot be enforced: ${fault}.`, report)
      } else if (type.kind === 'json') answer(type.shape, at)
    }
  for (const operation of blueprint.operations) {
    const { id, params, query, headers = [], body } = operation
    for (const { name, shape } of [...params, ...query, ...headers]) request(shape, `${id}.${name}`)
    if (body !== null) request(body, `${id}.body`)
    for (const success of successesOf(operation))
      if (success.kind === 'json') answer(success.shape, `${id}.answer`)
  }
  for (const { name, calls } of blueprint.services)
    for (const call of calls) {
      for (const { name: one, shape } of [...call.params, ...call.query])
        answer(shape, `${name}.${call.id}.${one}`)
      if (call.body !== null) answer(call.body, `${name}.${call.id}.body`)
      if (call.answer !== null) answer(call.answer, `${name}.${call.id}.answer`)
    }
}

function drop(text: { pattern?: string | undefined }, at: string, what: string, report: Report): void {
  delete text.pattern
  report.fixed({
    code: 'pattern.unenforced',
    path: at,
    what,
    why: 'It is checked in each request, and tests send a text that matches.',
    fix: 'Left the pattern out.',
    instead:
      'Give a simpler pattern of a string that is sent, without repetitions within repetitions, or none.',
  })
}

type PlainText = Extract<Shape, { pattern?: string | undefined }>

/** Every single value within a shape. */
function forEachText(shape: Shape, at: string, look: (text: PlainText, at: string) => void): void {
  switch (shape.kind) {
    case 'array':
      return forEachText(shape.items, `${at}[]`, look)
    case 'record':
      return forEachText(shape.values, `${at}{}`, look)
    case 'object':
      for (const { name, shape: inner } of shape.properties) forEachText(inner, `${at}.${name}`, look)
      return
    case 'enum':
    case 'any':
    case 'entity':
      return
    default:
      return look(shape, at)
  }
}
