import { singular, toPascal } from '../../../blueprint/words.ts'
import { findCollections, type Collection } from './find-collections.ts'
import type { Notes } from './notes.ts'
import type { ReadOperation } from './operation.ts'
import type { Node } from './document.ts'
import { nodeOf, type Resolve } from './resolve.ts'
import { propertiesOf } from './rows.ts'
import type { ToShape } from './to-shape.ts'

const BODY_WORDS = /^(create|new|add|update|insert)|(create|new|input|request|dto|in|body|payload|params)$/gi

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
    const schema = rowSchemaOf(collection, resolve)
    if (schema === undefined) continue
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
      if (operation.method === 'GET') answer(operation, { type: 'array', items: schema })
      else if (operation.method === 'POST') answer(operation, schema)
    for (const operation of collection.items) if (operation.method !== 'DELETE') answer(operation, schema)
    changeAll(collection)
    notes.add(
      `No response of ${collection.segments.map((one) => ('text' in one ? `/${one.text}` : `/{${one.param}}`)).join('')} has a schema: they answer the rows that its body creates.`,
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

/** The schema of rows: the body that creates them, and a key. Undefined if the document says what is answered. */
function rowSchemaOf({ operations, items, segments }: Collection, resolve: Resolve): Node | undefined {
  const all = [...operations, ...items]
  const create = operations.find(({ method }) => method === 'POST')
  const reads = all.some(
    ({ method, success }) => method === 'GET' && success.kind === 'none' && success.status === 200,
  )
  if (!create?.sent || !reads || all.some(({ success }) => success.kind !== 'none')) return undefined
  const { node, name } = resolve(create.sent)
  const properties = propertiesOf(node, resolve)
  if (Object.keys(properties).length === 0) return undefined
  const last = items.flatMap((operation) => operation.params.slice(-1))[0]
  const isNumber = last?.shape.kind === 'integer' || last?.shape.kind === 'number'
  const key = Object.keys(properties).find((one) => /^_?id$/i.test(one))
  const segment = segments.at(-1)
  const noun = segment && 'text' in segment ? toPascal(singular(segment.text)) : undefined
  const title = name?.replace(BODY_WORDS, '').replace(BODY_WORDS, '') || noun
  return {
    type: 'object',
    ...(title !== undefined && { title }),
    required: [...new Set([...(key === undefined ? ['id'] : [key]), ...requiredOf(node)])],
    properties: {
      ...(key === undefined && { id: { type: isNumber ? 'integer' : 'string' } }),
      ...properties,
    },
  }
}

const requiredOf = (node: Node): string[] => {
  const listed = nodeOf(node)['required']
  return Array.isArray(listed) ? listed.filter((name) => typeof name === 'string') : []
}
