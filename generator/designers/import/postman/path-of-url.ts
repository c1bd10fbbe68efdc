import { singular, toCamel } from '../../../blueprint/words.ts'
import { listOf, nodeOf, textOf } from '../openapi/resolve.ts'
import { filled, type Variables } from './variables.ts'

export type PostmanUrl = {
  /** `/users/{userId}` */
  readonly path: string
  readonly query: readonly Record<string, unknown>[]
  /** Path parameters with their example and description. */
  readonly params: readonly { readonly name: string; readonly node: Record<string, unknown> }[]
  /** The base before the path, if a variable or the address has one. */
  readonly base: string | undefined
}

/** The path of a request's address: variables and values that look like keys are parameters. */
export function readUrl(given: unknown, variables: Variables): PostmanUrl {
  const node = typeof given === 'string' ? { raw: given } : nodeOf(given)
  const raw = (textOf(node['raw']) ?? rawOf(node)).slice(0, 2_000)
  const [address = '', search = ''] = raw.split('#')[0]!.split(/\?(.*)/s)
  const { base, rest } = withoutHost(address, variables)
  const declared = new Map(
    listOf(node['variable']).map((one) => [String(nodeOf(one)['key'] ?? nodeOf(one)['id']), nodeOf(one)]),
  )
  const params: PostmanUrl['params'][number][] = []
  const parameter = (name: string, part: string): string => {
    let free = name
    for (let number = 2; params.some((one) => one.name === free); number++) free = `${name}${number}`
    params.push({ name: free, node: declared.get(name) ?? { value: part } })
    return `{${free}}`
  }
  let before = ''
  const segments = rest
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      const name = paramOf(part, before, variables)
      if (name === undefined) {
        before = filled(part, variables)
        // A part of a name may be a variable: `user_{{id}}`.
        const inner = /\{\{\s{0,5}\$?([^{}\s]{1,100})\s{0,5}\}\}/.exec(before)?.[1]
        if (inner !== undefined) return parameter(toCamel(inner) ?? 'id', part)
        return encodeURI(before).replaceAll(/[{}]/g, '')
      }
      return parameter(name, part)
    })
  const query = Array.isArray(node['query'])
    ? node['query'].map(nodeOf).filter((one) => typeof one['key'] === 'string')
    : [...new URLSearchParams(search)].map(([key, value]) => ({ key, value }))
  return { path: `/${segments.join('/')}`, query, params, base }
}

/** The scheme of an address that is no HTTP: `ws`, `grpc`. */
export function otherSchemeOf(given: unknown, variables: Variables): string | undefined {
  const node = typeof given === 'string' ? { raw: given } : nodeOf(given)
  const raw = filled((textOf(node['raw']) ?? '').slice(0, 2_000), variables)
  const scheme = (/^([a-z][a-z0-9+.-]{0,20}):\/\//i.exec(raw)?.[1] ?? textOf(node['protocol']))?.toLowerCase()
  return scheme === undefined || !/^(wss?|grpcs?|mqtts?|tcp|ftps?)$/.test(scheme) ? undefined : scheme
}

const rawOf = (node: Record<string, unknown>): string => {
  const parts = (value: unknown, by: string) =>
    typeof value === 'string'
      ? value
      : listOf(value)
          .map((one) => textOf(nodeOf(one)['value']) ?? String(one))
          .join(by)
  return `${parts(node['host'], '.')}/${parts(node['path'], '/')}`
}

/** The address without its scheme and host, which are often one variable. */
function withoutHost(address: string, variables: Variables): { base: string | undefined; rest: string } {
  const known = /^\{\{\s{0,5}([^{}\s]{1,100})\s{0,5}\}\}/.exec(address)
  if (known) {
    const value = variables.get(known[1]!) ?? ''
    const rest = address.slice(known[0].length)
    const isHost = value === '' || /^(https?:\/\/|localhost|[\w-]+(\.[\w-]+)+|\{\{)/i.test(value)
    if (isHost || /^(:\d+)?(\/|$)/.test(rest))
      return { base: value || undefined, rest: rest.replace(/^:\d+/, '') }
  }
  const host =
    /^(?:https?:)?\/\/[^/]*|^(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?=\/|$)|^\{\{[^{}]*\}\}(?=:|\/)(?::\d+)?/i.exec(
      address,
    )?.[0]
  return { base: undefined, rest: host === undefined ? address : address.slice(host.length) }
}

/** `:id`, `{{id}}`, `{id}`, and what looks like a key: `42`, a UUID, an object id. */
function paramOf(part: string, before: string, variables: Variables): string | undefined {
  const named = /^:([a-zA-Z_]\w{0,59})$/.exec(part)?.[1] ?? /^\{([a-zA-Z_]\w{0,59})\}$/.exec(part)?.[1]
  if (named !== undefined) return named
  const variable = /^\{\{\s{0,5}\$?([^{}\s]{1,100})\s{0,5}\}\}$/.exec(part)?.[1]
  if (variable !== undefined) {
    const value = variables.get(variable)
    const isWord = value !== undefined && /^[a-z][a-z-]{0,30}(\/[a-z-]{1,30})?$|^v\d+$/.test(value)
    return isWord && !/id$|slug|name|key/i.test(variable) ? undefined : (toCamel(variable) ?? 'id')
  }
  const isKey = /^(\d{1,18}|[\da-f]{24}|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})$/i.test(part)
  if (!isKey) return undefined
  const noun = toCamel(singular(before)) ?? ''
  return noun === '' ? 'id' : `${noun}Id`
}
