import { REDIRECTS, type Shape } from '#contract'
import type { One, ReadOperation } from './operation.ts'
import type { Node } from './document.ts'
import { isNode, nodeOf } from './resolve.ts'

export type Body = Pick<ReadOperation, 'body' | 'bodyTypes' | 'sent'>

const NO_BODY: Body = { body: null, bodyTypes: undefined, sent: undefined }

export function bodyOf({ resolve, toShape, notes, missing, route, method }: One, node: Node): Body {
  if (node['requestBody'] === undefined) return NO_BODY
  const { node: body } = resolve(node['requestBody'])
  const content = Object.entries(nodeOf(body['content']))
  if (content.length === 0) return NO_BODY
  const types = content.map(([type]) => type)
  const json = content.find(([type]) => isJson(type)) ?? content.find(([type]) => type.startsWith('*/*'))
  const form =
    content.find(([type]) => /^application\/x-www-form-urlencoded/i.test(type)) ??
    content.find(([type]) => /^multipart\/form-data/i.test(type))
  const chosen = json ?? form
  if (chosen === undefined) {
    missing.add(`${route}: its body as ${types.join(' or ')}; bodies are JSON.`)
    return NO_BODY
  }
  if (method === 'GET') {
    missing.add(`${route}: its body; a GET has none.`)
    return NO_BODY
  }
  const isForm = types.some((type) => /^application\/x-www-form-urlencoded/i.test(type))
  const bodyTypes: Body['bodyTypes'] = isForm ? [...(json ? ['json' as const] : []), 'form'] : undefined
  if (!json && !isForm) notes.add(`${route} accepts JSON instead of ${chosen[0]}, with the same properties.`)
  if (body['required'] !== true && method !== 'DELETE')
    notes.add('Request bodies are required, even if the document makes them optional.')
  const sent = nodeOf(chosen[1])['schema'] ?? {}
  const shape = toShape(sent, 'in', `the body of ${route}`)
  if (['object', 'array', 'record', 'any'].includes(shape.kind))
    return { body: { ...shape, nullable: false } as Shape, bodyTypes, sent }
  missing.add(`${route}: its body, a bare ${shape.kind}; bodies are objects or lists.`)
  return NO_BODY
}

const isJson = (type: string): boolean => /^application\/(json|[\w.+-]+\+json)\b/i.test(type)

/** The success responses of an operation, the usual one first. */
export function successOf(given: One, node: Node): Pick<ReadOperation, 'success' | 'others' | 'answered'> {
  const { notes, route } = given
  const responses = Object.entries(nodeOf(node['responses']))
  const good = responses
    .map(([status, response]) => ({ status: /^2XX$/i.test(status) ? 200 : Number(status), response }))
    .filter(({ status }) => status >= 200 && status < 400 && status !== 304)
    .toSorted((a, b) => a.status - b.status)
  const otherwise = responses.find(([status]) => status === 'default')?.[1]
  if (good.length === 0) notes.add(`${route} has no success status: it responds with 200.`)
  const [first = { status: 200, response: otherwise }, ...rest] = good
  const others = rest.filter(({ status }, at) => status !== (rest[at - 1] ?? first).status)
  if (others.length > MAX_OTHERS)
    notes.add(`${route} has more than ${MAX_OTHERS + 1} success statuses: the rest is left out.`)
  return {
    ...oneSuccess(given, first),
    others: others.slice(0, MAX_OTHERS).map((one) => oneSuccess(given, one).success),
  }
}

const MAX_OTHERS = 4

function oneSuccess(
  { resolve, toShape, notes, route }: One,
  { status, response: stated }: { readonly status: number; readonly response: unknown },
): Pick<ReadOperation, 'success' | 'answered'> {
  const { node: response } = resolve(stated)
  const headers = Object.keys(nodeOf(response['headers']))
  const isRedirect = REDIRECTS.includes(status)
  const unsent = headers.filter((name) => !(isRedirect && /^location$/i.test(name)))
  if (unsent.length > 0)
    notes.add(`${route} responds with ${status} without the header ${unsent.slice(0, 5).join(', ')}.`)
  if (Object.keys(nodeOf(response['links'])).length > 0)
    notes.add(`The links of ${route} are for readers of the document: nothing is built from them.`)
  if (isRedirect) return { success: { kind: 'redirect', status }, answered: undefined }
  const content = Object.entries(nodeOf(response['content']))
  if (content.length === 0 || status === 204 || status === 205 || status >= 300)
    return { success: { kind: 'none', status }, answered: undefined }
  const chosen = content.find(([type]) => isJson(type)) ?? content[0]!
  if (content.length > 1) notes.add(`${route} responds with ${chosen[0]}, the only supported content type.`)
  const [type = '', media] = chosen
  const mediaType = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}$/.exec(type.split(';')[0]!.trim().toLowerCase())?.[0]
  const schema = nodeOf(media)['schema']
  if (isJson(type) || (type === '*/*' && isNode(schema))) {
    const shape = toShape(schema ?? {}, 'out', `the answer of ${route}`)
    return {
      success: { kind: 'json', status, shape: { ...shape, nullable: false } as Shape },
      answered: schema,
    }
  }
  const of = mediaType === undefined ? {} : { mediaType }
  if (mediaType === 'text/html') return { success: { kind: 'html', status }, answered: undefined }
  if (mediaType?.startsWith('text/')) return { success: { kind: 'text', status, ...of }, answered: undefined }
  return { success: { kind: 'binary', status, ...of }, answered: undefined }
}
