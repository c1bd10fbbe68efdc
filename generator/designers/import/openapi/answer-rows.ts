import { singular } from '../../../blueprint/words.ts'
import { findCollections, type Collection } from './find-collections.ts'
import { simple } from './naming.ts'
import type { Notes } from './notes.ts'
import type { ReadOperation } from './operation.ts'
import type { Node } from './document.ts'
import { listOf, type Resolve } from './resolve.ts'
import { propertiesOf } from './rows.ts'
import type { ToShape } from './to-shape.ts'

/**
 * Some tools describe bodies and leave out what is answered. A collection of which no response has a schema answers its
 * rows: what its body creates, with a key.
 */
export function answerRows(
  operations: readonly ReadOperation[],
  {
    resolve,
    toShape,
    notes,
  }: { readonly resolve: Resolve; readonly toShape: ToShape; readonly notes: Notes },
): ReadOperation[] {
  const changed = new Map<ReadOperation, ReadOperation>()
  for (const collection of findCollections(operations).values()) {
    const schemas = answersOf(collection, resolve)
    if (schemas === undefined) continue
    const { one, many } = schemas
    const answer = (operation: ReadOperation, answered: Node) => {
      const { success } = operation
      // A response that has no content stays empty.
      if (success.kind !== 'none' || success.status === 204 || success.status === 205) return
      const shape = toShape(answered, 'out', `the answer of ${operation.method} ${operation.documentPath}`)
      changed.set(operation, {
        ...operation,
        answered,
        success: { kind: 'json', status: success.status, shape },
      })
    }
    for (const operation of collection.operations)
      if (operation.method === 'GET') answer(operation, many)
      else if (operation.method === 'POST') answer(operation, one)
    for (const operation of collection.items) if (operation.method !== 'DELETE') answer(operation, one)
    changeAll(collection)
    const path = collection.segments
      .map((one) => ('text' in one ? `/${one.text}` : `/{${one.param}}`))
      .join('')
    const routes = [...collection.operations, ...collection.items]
      .filter((operation) => changed.get(operation)?.success.kind === 'json')
      .map(({ method, documentPath }) => `${method} ${documentPath}`)
    notes.add(
      `No response of ${path} has a schema: ${routes.join(', ')} answer the rows that its body creates.`,
    )
  }
  return operations.map((operation) => changed.get(operation) ?? operation)

  /** A body of changes without a property of its own has those of a new row, all optional. */
  function changeAll({ operations: own, items }: Collection): void {
    const body = own.find(({ method }) => method === 'POST')?.body
    if (body?.kind !== 'object') return
    for (const operation of items) {
      const isOpen = operation.body?.kind === 'record' && operation.body.values.kind === 'any'
      if (operation.method !== 'PATCH' || !isOpen) continue
      const properties = body.properties.map((one) => ({ ...one, required: false, default: undefined }))
      changed.set(operation, { ...(changed.get(operation) ?? operation), body: { ...body, properties } })
      notes.add(
        `The body of ${operation.method} ${operation.documentPath} states no properties: it has those of a new row, all optional.`,
      )
    }
  }
}

/**
 * The schemas of a row and of a list of them: the body that creates a row, and a key. A body that holds the row under its
 * name (`{ article: … }`) is answered alike. Undefined if the document says what is answered.
 */
function answersOf(
  { operations, items, segments }: Collection,
  resolve: Resolve,
): { readonly one: Node; readonly many: Node } | undefined {
  const all = [...operations, ...items]
  const create = operations.find(({ method }) => method === 'POST')
  const reads = all.some(
    ({ method, success }) => method === 'GET' && success.kind === 'none' && success.status === 200,
  )
  if (!create?.sent || !reads || all.some(({ success }) => success.kind !== 'none')) return undefined
  const last = items.flatMap((operation) => operation.params.slice(-1))[0]
  const isNumber = last?.shape.kind === 'integer' || last?.shape.kind === 'number'
  const segment = segments.at(-1)
  const plural = segment && 'text' in segment ? segment.text : 'data'
  const [[name, inner] = ['', undefined], ...others] = Object.entries(propertiesOf(create.sent, resolve))
  const isWrapper = others.length === 0 && [simple(singular(plural)), 'data'].includes(simple(name))
  const row = isWrapper ? rowOf(inner, isNumber, resolve) : undefined
  if (row)
    return {
      one: wrapped(name, row),
      many: wrapped(name === 'data' ? name : plural, { type: 'array', items: row }),
    }
  const one = rowOf(create.sent, isNumber, resolve)
  return one && { one, many: { type: 'array', items: one } }
}

const wrapped = (name: string, schema: Node): Node => ({
  type: 'object',
  required: [name],
  properties: { [name]: schema },
})

/** The properties of a body, and a key. Undefined if it has none. */
function rowOf(body: unknown, isNumber: boolean, resolve: Resolve): Node | undefined {
  const properties = propertiesOf(body, resolve)
  if (Object.keys(properties).length === 0) return undefined
  const key = Object.keys(properties).find((one) => /^_?id$/i.test(one))
  const required = listOf(resolve(body).node['required']).filter((name) => typeof name === 'string')
  return {
    type: 'object',
    required: [...new Set([key ?? 'id', ...required])],
    properties: {
      ...(key === undefined && { id: { type: isNumber ? 'integer' : 'string' } }),
      ...properties,
    },
  }
}
