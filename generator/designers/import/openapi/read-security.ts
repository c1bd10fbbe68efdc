import { Auth, Credential } from '#contract'
import type { ImportOptions } from '../import-result.ts'
import type { Notes } from './notes.ts'
import type { ReadOperation } from './operation.ts'
import type { Node } from './document.ts'
import { nodeOf, textOf, type Resolve } from './resolve.ts'

type Given = {
  readonly root: Node
  readonly resolve: Resolve
  readonly wish: ImportOptions
  readonly notes: Notes
}
type Scheme = { readonly name: string; readonly node: Node }
type KeyAuth = Extract<Auth, { kind: 'apiKey' }>

/** What requests carry: keys of programs, or the token of an account, and where. */
export type Security =
  | { readonly kind: 'keys'; readonly auth: KeyAuth }
  | { readonly kind: 'tokens'; readonly credentials: Credential[] | undefined }

/**
 * API keys, if the document has no other authentication or the request asks for keys. A key in `Authorization` is what
 * documents call a token, and where an API gives tokens for passwords, its keys are tokens too.
 */
export function readSecurity(
  read: readonly ReadOperation[],
  { givesTokens, ...given }: Given & { readonly givesTokens: boolean },
): Security {
  const { root, resolve, wish, notes } = given
  const known = nodeOf(nodeOf(root['components'])['securitySchemes'])
  const schemes = [...new Set(read.flatMap((one) => one.schemes))].map((name) => ({
    name,
    node: resolve(known[name]).node,
  }))
  const isKey = ({ node }: Scheme) =>
    node['type'] === 'apiKey' && !/^authorization$/i.test(String(node['name']))
  const keys = schemes.filter(isKey)
  const onlyKeys = keys.length > 0 && keys.length === schemes.length && !givesTokens
  if (wish.auth === 'apiKey' || (wish.auth !== 'jwt' && onlyKeys))
    return { kind: 'keys', auth: keyAuth(keys, notes) }
  const credentials = withToken(schemes.flatMap((scheme) => credentialOf(scheme, notes)))
  const [first] = credentials
  const isUsual =
    first === undefined ||
    (credentials.length === 1 && first.in === 'authorization' && first.word === 'Bearer')
  const places = credentials.filter((one) => one.in !== 'basic').map(placeText)
  if (places.length < credentials.length)
    notes.add(
      'Requests carry the name and the password of an account (HTTP Basic), or the token of a sign-in.',
    )
  if (!isUsual) notes.add(`A token is accepted in any of these: ${places.join(', ')}.`)
  return { kind: 'tokens', credentials: isUsual || wish.auth === 'jwt' ? undefined : credentials.slice(0, 8) }
}

/** Sign-in gives tokens, which need a place beside a password in each request. */
function withToken(credentials: Credential[]): Credential[] {
  if (credentials.length === 0 || credentials.some((one) => one.in !== 'basic')) return credentials
  const scheme = credentials.some((one) => one.scheme === 'bearer') ? 'token' : 'bearer'
  return [...credentials.slice(0, 7), { in: 'authorization', word: 'Bearer', scheme }]
}

function keyAuth(keys: readonly Scheme[], notes: Notes): KeyAuth {
  const credentials = keys.flatMap((scheme) => credentialOf(scheme, notes)).slice(0, 8)
  const [first] = credentials
  const isHeader = credentials.length === 1 && first?.in === 'header'
  const auth = Auth.safeParse({
    kind: 'apiKey',
    ...(isHeader ? { header: first.name } : credentials.length > 0 && { credentials }),
  })
  const stated = credentials.filter((one) => one.in !== 'basic').map(placeText)
  const places = stated.length > 0 ? stated : ['the header X-API-Key']
  notes.add(`Callers authenticate with a key in ${places.join(' or ')}; npm run key creates one.`)
  return auth.success ? (auth.data as KeyAuth) : { kind: 'apiKey' }
}

const placeText = (credential: Exclude<Credential, { in: 'basic' }>): string =>
  credential.in === 'authorization'
    ? `Authorization: ${credential.word} <token>`
    : `the ${credential.in === 'query' ? 'query parameter' : credential.in} ${credential.name}`

function credentialOf({ name, node }: Scheme, notes: Notes): Credential[] {
  const scheme = /^[a-zA-Z0-9._-]{1,80}$/.test(name) ? { scheme: name } : {}
  const made = Credential.safeParse({ ...placeOf(name, node, notes), ...scheme })
  if (made.success) return [made.data]
  notes.add(`The security scheme ${name} is not supported: its requests carry a bearer token.`)
  return [{ in: 'authorization', word: 'Bearer', ...scheme }]
}

function placeOf(name: string, node: Node, notes: Notes): object {
  const bearer = { in: 'authorization', word: 'Bearer' }
  switch (node['type']) {
    case 'apiKey':
      if (/^authorization$/i.test(String(node['name']))) return { in: 'authorization', word: wordIn(node) }
      return { in: node['in'], name: node['name'] }
    case 'http':
      if (/^bearer$/i.test(String(node['scheme']))) return bearer
      if (/^basic$/i.test(String(node['scheme']))) return { in: 'basic' }
      notes.add(
        `The security scheme ${name} (${String(node['scheme'])}) is not built: its requests carry a bearer token.`,
      )
      return bearer
    case 'oauth2':
    case 'openIdConnect':
      notes.add(
        `The security scheme ${name} (${String(node['type'])}) is not built: accounts of this service sign in, and send a bearer token.`,
      )
      return bearer
    default:
      return {}
  }
}

const NO_WORDS = new Set([
  'the',
  'a',
  'an',
  'your',
  'api',
  'with',
  'in',
  'http',
  'this',
  'that',
  'and',
  'access',
  'auth',
  'valid',
  'header',
  'user',
  'jwt-token',
])

/** The word before the token in `Authorization`: `Token <token>`, "Token, a space, and the token". */
function wordIn(node: Node): string {
  const text = textOf(node['description'])?.slice(0, 2000) ?? ''
  const word =
    /\b([A-Za-z][A-Za-z-]{1,30})\s+(?:[<{[]|x{3,}|ey[A-Za-z0-9]|\.{3}|…)/.exec(text)?.[1] ??
    /\b([A-Za-z][A-Za-z-]{1,30})["'`]?,? (?:followed by )?(?:and )?a (?:single )?(?:space|blank)/i.exec(
      text,
    )?.[1] ??
    /\b(Bearer|Token|JWT)\b(?=\s)/.exec(text)?.[1]
  return word === undefined || NO_WORDS.has(word.toLowerCase()) ? 'Bearer' : word
}
