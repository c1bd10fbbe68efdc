import { listOf, nodeOf } from '../openapi/resolve.ts'
import type { PostmanRequest } from './collection.ts'
import { filled, type Variables } from './variables.ts'

/** The security scheme of requests; undefined if they are open. */
export function securityOf(
  requests: readonly PostmanRequest[],
  variables: Variables,
): { name: string | undefined; node: Record<string, unknown> } {
  const open = { name: undefined, node: {} }
  for (const { auth, request } of requests) {
    const sent = listOf(request['header'])
      .map(nodeOf)
      .find(({ key, disabled }) => /^authorization$/i.test(String(key)) && disabled !== true)
    if (sent) {
      const word = /^\s{0,5}([a-zA-Z]{1,20})\s/.exec(filled(String(sent['value'] ?? ''), variables))?.[1]
      if (word !== undefined && /^basic$/i.test(word))
        return { name: 'basic', node: { type: 'http', scheme: 'basic' } }
      if (word === undefined || /^bearer$/i.test(word))
        return { name: 'bearer', node: { type: 'http', scheme: 'bearer' } }
      return {
        name: 'token',
        node: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: `${word} followed by the token.`,
        },
      }
    }
    const type = auth?.['type']
    if (auth === undefined || type === 'noauth') continue
    if (type === 'basic') return { name: 'basic', node: { type: 'http', scheme: 'basic' } }
    if (type === 'apikey') {
      const values = new Map(listOf(auth['apikey']).map((one) => [nodeOf(one)['key'], nodeOf(one)['value']]))
      const at = values.get('in') === 'query' ? 'query' : 'header'
      return {
        name: 'key',
        node: { type: 'apiKey', in: at, name: filled(String(values.get('key') ?? 'X-API-Key'), variables) },
      }
    }
    return { name: 'bearer', node: { type: 'http', scheme: 'bearer' } }
  }
  return open
}
