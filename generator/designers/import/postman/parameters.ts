import { listOf, nodeOf } from '../openapi/resolve.ts'
import { describing } from './collection.ts'
import type { Found } from './found.ts'
import type { JsonSchema } from './schema-of-examples.ts'
import { filled, type Variables } from './variables.ts'

/** More parameters than any request has. */
const MAX_PARAMETERS = 100
/** What a client sends with any request. */
const USUAL_HEADER =
  /^(content-type|content-length|accept(-.*)?|authorization|user-agent|host|connection|cache-control|origin|referer|postman-token|x-requested-with)$/i

export function parametersOf(
  found: readonly Found[],
  path: string,
  variables: Variables,
): Record<string, unknown>[] {
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name!)
  const inPath = names.map((name, index) => {
    const nodes = found.flatMap(({ url }) => url.params[index] ?? []).map(({ node }) => node)
    return {
      name,
      in: 'path',
      required: true,
      schema: keySchema(nodes.map(({ value }) => filled(String(value ?? ''), variables))),
      ...described(nodes),
    }
  })
  const queries = found.flatMap(({ url }) => url.query)
  const inQuery = [...new Set(queries.map((one) => String(one['key'])))]
    .slice(0, MAX_PARAMETERS)
    .map((name) => {
      const own = queries.filter((one) => one['key'] === name)
      return {
        name,
        in: 'query',
        schema: textSchema(
          own.map(({ value }) => value),
          variables,
        ),
        ...described(own),
      }
    })
  const headers = found
    .flatMap(({ one }) => listOf(one.request['header']).map(nodeOf))
    .filter(
      (one) => typeof one['key'] === 'string' && one['disabled'] !== true && !USUAL_HEADER.test(one['key']),
    )
  const inHeader = [...new Set(headers.map((one) => String(one['key'])))]
    .slice(0, MAX_PARAMETERS)
    .map((name) => ({
      name,
      in: 'header',
      schema: { type: 'string' },
    }))
  return [...inPath, ...inQuery, ...inHeader]
}

const described = (nodes: readonly Record<string, unknown>[]) => {
  const description = nodes.map((node) => describing(node['description'])).find((one) => one !== undefined)
  return description === undefined ? {} : { description }
}

/** A key is a whole number only if each example is one. */
function keySchema(values: readonly string[]): JsonSchema {
  const known = values.filter((value) => value !== '' && !/[{}:]/.test(value))
  if (known.length > 0 && known.every((value) => /^\d{1,15}$/.test(value))) return { type: 'integer' }
  const isUuid =
    known.length > 0 && known.every((value) => /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i.test(value))
  return { type: 'string', ...(isUuid && { format: 'uuid' }) }
}

function textSchema(values: readonly unknown[], variables: Variables): JsonSchema {
  const known = values.map((value) => filled(String(value ?? ''), variables)).filter((value) => value !== '')
  if (known.length > 0 && known.every((value) => /^-?\d{1,15}$/.test(value))) return { type: 'integer' }
  if (known.length > 0 && known.every((value) => /^(true|false)$/.test(value))) return { type: 'boolean' }
  return { type: 'string' }
}
