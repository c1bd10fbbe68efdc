import type { Blueprint } from '#contract'
import { listOf, nodeOf, textOf, type Deref, type DocumentOperation, type Node } from './document.ts'
import type { Call, Credential, Reference, Value } from './plan.ts'

/** What a request of the plan proves itself with. */
export type Held = {
  readonly token: Reference
  /** Of the account that was opened; for `basic`. */
  readonly name: Reference
  readonly password: Reference
}

export type Security = {
  /** Ways to sign in: the document's, then those of generated projects. */
  readonly credentials: readonly (readonly Credential[])[]
  /** How many of them are the document's. */
  readonly stated: number
  /** Whether the document refuses a request without credentials. */
  readonly isRequired: boolean
}

export function securityOf(
  operation: DocumentOperation,
  given: { readonly root: Node; readonly deref: Deref; readonly blueprint: Blueprint; readonly held: Held },
): Security {
  const { root, deref, blueprint, held } = given
  const needs = listOf(operation.node['security'] ?? root['security']).map(nodeOf)
  const schemes = nodeOf(nodeOf(root['components'])['securitySchemes'])
  const takesKeys = blueprint.auth.kind === 'apiKey'
  const secret: Value = takesKeys ? { $apiKey: true } : held.token
  const stated = needs
    .filter((need) => Object.keys(need).length > 0)
    .map((need) => Object.keys(need).map((name) => credentialFor(deref(schemes[name]), secret, held)))
  if (stated.length === 0) return { credentials: [], stated: 0, isRequired: false }
  const usual: Credential = takesKeys
    ? { in: 'header', name: 'x-api-key', value: secret }
    : { in: 'header', name: 'authorization', value: { $join: ['Bearer ', secret] } }
  return {
    credentials: [...stated, [usual]],
    stated: stated.length,
    isRequired: needs.every((need) => Object.keys(need).length > 0),
  }
}

function credentialFor(scheme: Node, secret: Value, held: Held): Credential {
  const authorization = (value: Value): Credential => ({ in: 'header', name: 'authorization', value })
  if (scheme['type'] === 'apiKey') {
    const name = textOf(scheme['name']) ?? 'x-api-key'
    const place = scheme['in'] === 'query' || scheme['in'] === 'cookie' ? scheme['in'] : 'header'
    if (place !== 'header' || name.toLowerCase() !== 'authorization')
      return { in: place, name, value: secret }
    // Such documents say in words what stands before the token.
    const word = /\b(Token|Bearer|JWT|ApiKey|Key)\b/i.exec(textOf(scheme['description']) ?? '')?.[1]
    return authorization(word === undefined ? secret : { $join: [`${word} `, secret] })
  }
  if (scheme['type'] !== 'http') return authorization({ $join: ['Bearer ', secret] })
  const kind = textOf(scheme['scheme']) ?? 'bearer'
  if (kind.toLowerCase() === 'basic')
    return authorization({
      $join: ['Basic ', { $join: [held.name, ':', held.password], isBase64: true }],
    })
  const word = kind.toLowerCase() === 'bearer' ? 'Bearer' : kind
  return authorization({ $join: [`${word} `, secret] })
}

/** Registers where a project has accounts of its own; the document does not know this route. */
export function registration({ auth, entities }: Blueprint): Call[] {
  // Where the document's operations register accounts, there is no such route.
  if (auth.kind !== 'jwt' || 'ownRoutes' in auth) return []
  const account = entities.find(({ name }) => name === auth.account)
  const fields = (account?.fields ?? []).filter(
    ({ name, required, default: usual }) => name !== 'email' && required && usual === undefined,
  )
  const value = {
    ...Object.fromEntries(fields.map(({ name, example }) => [name, example ?? `conformance-${name}`])),
    email: 'conformance@example.com',
    password: 'correct horse battery staple',
  }
  return [
    {
      purpose: 'prepare',
      operation: '',
      method: 'POST',
      prefixes: [''],
      path: '/auth/register',
      params: {},
      query: [],
      headers: {},
      cookies: {},
      body: { kind: 'json', type: 'application/json', value },
      credentials: [],
    },
  ]
}
