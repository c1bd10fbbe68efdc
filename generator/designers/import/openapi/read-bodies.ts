import { REDIRECTS, type Shape } from '#contract'
import type { One, ReadOperation } from './operation.ts'
import type { Node } from './document.ts'
import { filesOf, withoutFiles } from './read-files.ts'
import { isBytes, rawBodyOf } from './raw-bodies.ts'
import { headersOf } from './response-headers.ts'
import { isNode, nodeOf } from './resolve.ts'

export type Body = Pick<ReadOperation, 'body' | 'bodyTypes' | 'bodyMediaType' | 'files' | 'rawBody' | 'sent'>

const NO_BODY: Body = {
  body: null,
  bodyTypes: undefined,
  bodyMediaType: undefined,
  files: undefined,
  rawBody: undefined,
  sent: undefined,
}

export function bodyOf(given: One, node: Node): Body {
  const { resolve, toShape, notes, missing, route, method } = given
  if (node['requestBody'] === undefined) return NO_BODY
  const { node: body } = resolve(node['requestBody'])
  const content = Object.entries(nodeOf(body['content']))
  if (content.length === 0) return NO_BODY
  const types = content.map(([type]) => type)
  const read = content.filter(([type, media]) => !isBytes(type, nodeOf(media), resolve))
  const json = read.find(([type]) => isJson(type)) ?? read.find(([type]) => type.startsWith('*/*'))
  const form = content.find(([type]) => /^application\/x-www-form-urlencoded/i.test(type))
  const parts = content.find(([type]) => /^multipart\/form-data/i.test(type))
  const files = parts && filesOf(given, nodeOf(parts[1]))
  const chosen = files && files.length > 0 ? parts : (json ?? form ?? parts)
  if (method === 'GET') {
    missing.add(`${route}: its body; a GET has none.`)
    return NO_BODY
  }
  if (body['required'] !== true && method !== 'DELETE')
    notes.add('Request bodies are required, even if the document makes them optional.')
  if (chosen === undefined) return { ...NO_BODY, rawBody: rawBodyOf(types) }
  const bodyTypes: Body['bodyTypes'] =
    form || parts
      ? [
          ...(json ? ['json' as const] : []),
          ...(form ? ['form' as const] : []),
          ...(parts ? ['multipart' as const] : []),
        ]
      : undefined
  const others = types.filter((type) => ![json, form, parts].some((one) => one?.[0] === type))
  if (others.length > 0) missing.add(`${route}: its body as ${others.join(' or ')}; it takes ${chosen[0]}.`)
  const sent = nodeOf(chosen[1])['schema'] ?? {}
  const shape = withoutFiles(toShape(sent, 'in', `the body of ${route}`), files ?? [])
  if (parts && shape.kind !== 'object') {
    missing.add(`${route}: the parts of its body, which no schema names; it accepts any JSON.`)
    return { ...NO_BODY, body: { kind: 'any', nullable: true }, sent }
  }
  const jsonType = mediaTypeOf(json?.[0])
  if (['object', 'array', 'record', 'any'].includes(shape.kind))
    return {
      body: { ...shape, nullable: false } as Shape,
      bodyTypes,
      bodyMediaType: jsonType,
      files: files && files.length > 0 ? files : undefined,
      rawBody: undefined,
      sent,
    }
  missing.add(`${route}: its body, a bare ${shape.kind}; bodies are objects or lists.`)
  return NO_BODY
}

/** The media type of JSON where it is not `application/json` itself. */
function mediaTypeOf(type = ''): string | undefined {
  const plain = type.split(';')[0]!.trim().toLowerCase()
  return /^application\/[a-z0-9][a-z0-9.-]*\+json$/.test(plain) && plain.length <= 80 ? plain : undefined
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
  given: One,
  { status, response: stated }: { readonly status: number; readonly response: unknown },
): Pick<ReadOperation, 'success' | 'answered'> {
  const { resolve, toShape, notes, route } = given
  const { node: response } = resolve(stated)
  const isRedirect = REDIRECTS.includes(status)
  const headers = headersOf(given, response, status)
  if (Object.keys(nodeOf(response['links'])).length > 0)
    notes.add(`The links of ${route} are for readers of the document: nothing is built from them.`)
  if (isRedirect) return { success: { kind: 'redirect', status, ...headers }, answered: undefined }
  const content = Object.entries(nodeOf(response['content']))
  if (content.length === 0 || status === 204 || status === 205 || status >= 300)
    return { success: { kind: 'none', status, ...headers }, answered: undefined }
  const chosen = content.find(([type]) => isJson(type)) ?? content[0]!
  if (content.length > 1) notes.add(`${route} responds with ${chosen[0]}, the only supported content type.`)
  const [type = '', media] = chosen
  const mediaType = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}$/.exec(type.split(';')[0]!.trim().toLowerCase())?.[0]
  const schema = nodeOf(media)['schema']
  if (isJson(type) || (type === '*/*' && isNode(schema) && !isBytes(type, nodeOf(media), resolve))) {
    const shape = toShape(schema ?? {}, 'out', `the answer of ${route}`)
    const jsonType = mediaTypeOf(type)
    return {
      success: {
        kind: 'json',
        status,
        shape: { ...shape, nullable: false } as Shape,
        ...(jsonType !== undefined && { mediaType: jsonType }),
        ...headers,
      },
      answered: schema,
    }
  }
  const of = { ...(mediaType !== undefined && { mediaType }), ...headers }
  if (mediaType === 'text/html') return { success: { kind: 'html', status, ...headers }, answered: undefined }
  if (mediaType?.startsWith('text/')) return { success: { kind: 'text', status, ...of }, answered: undefined }
  return { success: { kind: 'binary', status, ...of }, answered: undefined }
}
