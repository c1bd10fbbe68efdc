import { isNode, listOf, nodeOf, textOf } from '../openapi/resolve.ts'
import type { Path } from '../openapi/source.ts'

/** A request of a collection, with what it inherits of its folders. */
export type PostmanRequest = {
  readonly name: string
  readonly description: string | undefined
  readonly folders: readonly string[]
  readonly request: Record<string, unknown>
  readonly responses: readonly Record<string, unknown>[]
  /** The statuses that its tests expect. */
  readonly expected: readonly number[]
  readonly auth: Record<string, unknown> | undefined
  readonly at: Path
}

/** The requests of a collection in their order. */
export function requestsOf(root: Record<string, unknown>): PostmanRequest[] {
  const found: PostmanRequest[] = []
  type Inherited = { readonly folders: readonly string[]; readonly auth: PostmanRequest['auth'] }
  const stack: { item: unknown; at: Path; from: Inherited }[] = []
  const push = (holder: Record<string, unknown>, at: Path, from: Inherited) => {
    for (const [index, item] of [...listOf(holder['item']).entries()].toReversed())
      stack.push({ item, at: [...at, 'item', index], from })
  }
  push(root, [], { folders: [], auth: authOf(root) })
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { item, at, from } = top
    if (!isNode(item)) continue
    const name = textOf(item['name']) ?? ''
    if (Array.isArray(item['item'])) {
      push(item, at, { folders: [...from.folders, name], auth: authOf(item) ?? from.auth })
      continue
    }
    const given = item['request']
    if (given === undefined) continue
    const request = typeof given === 'string' ? { method: 'GET', url: given } : nodeOf(given)
    found.push({
      name,
      description: describing(request['description']) ?? describing(item['description']),
      folders: from.folders,
      request,
      responses: listOf(item['response']).filter(isNode),
      expected: expectedIn(item['event']),
      auth: authOf(request) ?? from.auth,
      at,
    })
  }
  return found
}

const authOf = ({ auth }: Record<string, unknown>): Record<string, unknown> | undefined =>
  isNode(auth) ? auth : auth === null ? { type: 'noauth' } : undefined

/** A description is a text, or an object with one. */
export const describing = (given: unknown): string | undefined =>
  textOf(given) ?? textOf(nodeOf(given)['content'])

/** `pm.response.to.have.status(201)` and its older forms. */
function expectedIn(events: unknown): number[] {
  const scripts = listOf(events).filter((event) => nodeOf(event)['listen'] === 'test')
  const lines = scripts.flatMap((event) => {
    const { exec } = nodeOf(nodeOf(event)['script'])
    return typeof exec === 'string' ? exec.split('\n') : listOf(exec)
  })
  return lines.slice(0, 2_000).flatMap((line) => {
    const text = String(line).slice(0, 400)
    const status =
      /have\.status\((\d{3})\)|\.code\)?(?:\.to)?\.?(?:be\.)?(?:eql|equals?|eq)\((\d{3})\)|\.code\s{0,3}={2,3}\s{0,3}(\d{3})/.exec(
        text,
      )
    return status ? [Number(status[1] ?? status[2] ?? status[3])] : []
  })
}
