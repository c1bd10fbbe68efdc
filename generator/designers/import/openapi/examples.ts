import { isDeepStrictEqual } from 'node:util'
import {
  relationProperty,
  type Blueprint,
  type CustomOperation,
  type Json,
  type OperationExample,
} from '#contract'
import { lintExamples } from '../../../blueprint/lint/operation-examples.ts'
import { makeReport } from '../../../blueprint/lint/diagnostic.ts'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import type { Notes } from './notes.ts'
import type { Node } from './document.ts'
import { nodeOf, textOf, type Resolve } from './resolve.ts'

/** An example request and its response. */
export type Pair = {
  readonly title: string
  /** Undefined if there is no request body. */
  readonly body: Json | undefined
  readonly status: number
  readonly answer: Json
}

type Shown = { readonly name: string; readonly title: string; readonly value: Json }

/** Pairs example requests and responses: by name, or if there is only one of each. */
export function readPairs(operation: Node, resolve: Resolve): Pair[] {
  const sent = shownIn(resolve(operation['requestBody']).node, resolve)
  const hasBody = operation['requestBody'] !== undefined
  return Object.entries(nodeOf(operation['responses'])).flatMap(([status, given]) => {
    const answered = shownIn(resolve(given).node, resolve)
    if (!/^\d{3}$/.test(status)) return []
    return answered.flatMap((answer): Pair[] => {
      const only = sent.length === 1 && answered.length === 1 && Number(status) < 300 ? sent[0] : undefined
      const request = sent.find(({ name }) => name !== '' && name === answer.name) ?? only
      if (hasBody && request === undefined) return []
      const title = request?.title || answer.title || 'the example of the document'
      return [
        { title: title.slice(0, 200), body: request?.value, status: Number(status), answer: answer.value },
      ]
    })
  })
}

/** The examples of a JSON body. */
function shownIn(holder: Node, resolve: Resolve): Shown[] {
  const content = Object.entries(nodeOf(holder['content']))
  const [, media] = content.find(([type]) => /^application\/([\w.+-]+\+)?json\b/i.test(type)) ?? []
  const node = nodeOf(media)
  const named = Object.entries(nodeOf(node['examples'])).flatMap(([name, given]): Shown[] => {
    const { node: one } = resolve(given)
    if (!('value' in one)) return []
    const title = (textOf(one['summary']) ?? name).replace(/\s+/g, ' ')
    return [{ name, title, value: one['value'] as Json }]
  })
  if (named.length > 0 || !('example' in node)) return named
  return [{ name: '', title: '', value: node['example'] as Json }]
}

/**
 * Turns the pairs that follow from CRUD into tests: what is sent is stored, and what is stored is returned.
 * Other examples depend on earlier state, which the document does not describe; they are shown among the
 * rules of the operation.
 */
export function placeExamples(
  operation: CustomOperation,
  pairs: readonly Pair[],
  blueprint: Blueprint,
  notes: Notes,
): void {
  if (pairs.length === 0) return
  const route = `${operation.method} ${operation.path}`
  const made = pairs.slice(0, 12).flatMap((pair) => exampleOf(operation, pair, blueprint) ?? [])
  operation.examples = made
  lintExamples(operation, blueprint, '', makeReport())
  const left = pairs.length - operation.examples.length
  if (left === 0) return
  if (operation.implementation === undefined) {
    const shown = pairs.map(({ body, answer }) =>
      [
        ...(body === undefined ? [] : [`${JSON.stringify(body)} is sent`]),
        `${JSON.stringify(answer)} is answered`,
      ].join(' and '),
    )
    const rules = shown.map((text) => `For example, ${text}.`).filter((text) => text.length <= 500)
    operation.rules = [...operation.rules, ...rules].slice(0, 20)
  }
  notes.add(
    `${left === 1 ? 'An example' : `${left} examples`} of ${route} ${left === 1 ? 'is not a test' : 'are not tests'}: ${
      operation.implementation === undefined
        ? 'the state before the request is unknown'
        : 'the response does not follow from the request by CRUD alone'
    }.`,
  )
}

/** Null if the pair does not follow from CRUD alone. */
function exampleOf(
  { implementation: binding, responses }: CustomOperation,
  { title, body, status, answer }: Pair,
  { entities }: Blueprint,
): OperationExample | null {
  const entity = entities.find(({ name }) => name === binding?.entity)
  const place = binding?.answer.find(({ holds }) => holds === 'row')?.at
  if (!binding || !entity || !place || status !== responses.success.status || binding.scope.length > 0)
    return null
  const shown = partAt(answer, place)
  if (shown === undefined) return null
  const relations = new Set(entity.belongsTo.map(relationProperty))
  const row = binding.row?.in === 'path' ? { [binding.row.name]: `$existing.${binding.row.property}` } : {}
  const isSent = ['create', 'update', 'replace'].includes(binding.action)
  if (isSent) {
    const sent = partAt(body, binding.bodyAt)
    // A reference needs an existing row.
    if (sent === undefined || body === undefined || Object.keys(sent).some((name) => relations.has(name)))
      return null
    if (binding.action !== 'update' && entity.belongsTo.some(({ required }) => required)) return null
    const kept = Object.entries(sent).filter(([name, value]) => isDeepStrictEqual(shown[name], value))
    return {
      title,
      rows: binding.action === 'create' ? [] : [{ name: 'existing', entity: entity.name, values: {} }],
      request: { params: row, query: {}, body: plain(body) },
      expect: { status, body: plain(placed(Object.fromEntries(kept), place)) },
    }
  }
  if (binding.action !== 'read') return null
  const values = entity.fields.flatMap(({ name, type }): [string, string | number | boolean][] => {
    const value = Object.hasOwn(shown, name) ? shown[name] : undefined
    if (value === undefined || value === null || typeof value === 'object') return []
    const fitted = coerce(value, type)
    return fitted.ok && fitted.value === value ? [[name, value]] : []
  })
  if (values.length === 0) return null
  const there = plain(Object.fromEntries(values)) as OperationExample['rows'][number]['values']
  return {
    title,
    rows: [{ name: 'existing', entity: entity.name, values: there }],
    request: { params: row, query: {} },
    expect: { status, body: placed(there, place) },
  }
}

function partAt(value: Json | undefined, path: readonly string[]): Record<string, Json> | undefined {
  let part: Json | undefined = value
  for (const name of path) {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return undefined
    part = part[name]
  }
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? part : undefined
}

const placed = (value: Json, path: readonly string[]): Json =>
  path.reduceRight((inner: Json, name) => ({ [name]: inner }), value)

/** Escapes a leading dollar sign, which would start a reference. */
function plain(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('$') ? `$${value}` : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
