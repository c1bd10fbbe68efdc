import type { OpenApiDocument } from '../openapi/document.ts'
import { bounded } from '../openapi/bounded.ts'
import { isNode, nodeOf, textOf } from '../openapi/resolve.ts'
import { readSource, type Path, type PlaceOf } from '../openapi/source.ts'
import { SpecError } from '../spec-error.ts'
import { bodiesOf, mediaOf } from './bodies.ts'
import { describing, requestsOf } from './collection.ts'
import type { Found } from './found.ts'
import { parametersOf } from './parameters.ts'
import { otherSchemeOf, readUrl } from './path-of-url.ts'
import { responsesOf } from './responses.ts'
import { securityOf } from './security.ts'
import { variablesOf, type Variables } from './variables.ts'

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** Further requests for one operation add nothing. */
const MAX_SAME = 50

/** A Postman collection as OpenAPI: its requests are operations, and its examples tell their schemas. */
export function readPostman(text: string): OpenApiDocument {
  const source = readSource(text)
  const root = bounded(source.value, source.placeOf)
  // An exported backup wraps its collection.
  const isWrapped = isNode(root['collection']) && root['item'] === undefined
  const collection = isWrapped ? nodeOf(root['collection']) : root
  const variables = variablesOf(collection)
  const notes = new Set<string>()
  const routes = new Map<string, Found[]>()
  for (const one of requestsOf(collection)) {
    const method = String(one.request['method'] ?? 'GET').toUpperCase()
    const url = readUrl(one.request['url'], variables)
    const scheme = otherSchemeOf(one.request['url'], variables)
    if (scheme !== undefined) {
      notes.add(`The request ${JSON.stringify(one.name)} is not built: it is sent by ${scheme}, not by HTTP.`)
      continue
    }
    if (!METHODS.has(method)) {
      notes.add(`The request ${JSON.stringify(one.name)} is not built: its method is ${method.slice(0, 20)}.`)
      continue
    }
    // The names of parameters do not tell routes apart.
    const key = `${method} ${url.path.replaceAll(/\{[^}]*\}/g, '{}')}`
    const same = routes.get(key) ?? []
    same.push({ one, url, method })
    routes.set(key, same)
  }
  if (routes.size === 0) {
    throw new SpecError('It has no requests.', {
      place: source.placeOf(['item']),
      hint: 'Export the collection with its requests, as Collection v2.1.',
    })
  }
  const places = new Map<string, Path>()
  const paths: Record<string, Record<string, unknown>> = {}
  const schemes = new Map<string, Record<string, unknown>>()
  const named = new Map<string, string>()
  for (const found of routes.values()) {
    const [{ url, method, one }] = found as [Found]
    // The first spelling of a path is that of all its methods.
    const shape = url.path.replaceAll(/\{[^}]*\}/g, '{}')
    const path = named.get(shape) ?? url.path
    named.set(shape, path)
    places.set(`${path} ${method.toLowerCase()}`, one.at)
    paths[path] ??= {}
    paths[path][method.toLowerCase()] = operationOf(found.slice(0, MAX_SAME), path, {
      variables,
      schemes,
      notes,
    })
    if (found.length > 1)
      notes.add(
        `${found.length} requests are ${method} ${path}: they are one operation, with the examples of each.`,
      )
  }
  const info = nodeOf(collection['info'])
  const base = [...routes.values()]
    .flat()
    .map(({ url }) => url.base)
    .find((value) => value !== undefined)
  notes.add('Schemas come from the examples of the collection: what each example has is required.')
  return {
    root: {
      openapi: '3.0.3',
      info: {
        title: textOf(info['name']) ?? 'API',
        version: '1',
        description: describing(info['description']),
      },
      ...(base !== undefined && { servers: [{ url: base }] }),
      paths,
      components: { securitySchemes: Object.fromEntries(schemes) },
    },
    placeOf: placeIn(source.placeOf, places, isWrapped),
    notes: [...notes],
  }
}

const placeIn =
  (placeOf: PlaceOf, places: ReadonlyMap<string, Path>, isWrapped: boolean): PlaceOf =>
  ([first, path, method]) =>
    placeOf([
      ...(isWrapped ? ['collection'] : []),
      ...((first === 'paths' && places.get(`${String(path)} ${String(method)}`)) || []),
    ])

function operationOf(
  found: readonly Found[],
  path: string,
  given: {
    readonly variables: Variables
    readonly schemes: Map<string, Record<string, unknown>>
    readonly notes: Set<string>
  },
): Record<string, unknown> {
  const [{ one, method }] = found as [Found]
  const { variables, schemes, notes } = given
  const bodies = found.flatMap((each) => bodiesOf(each, variables))
  const { name: scheme, node } = securityOf(
    found.map((each) => each.one),
    variables,
  )
  if (scheme !== undefined) schemes.set(scheme, node)
  const bodyType = bodies[0]?.type
  const same = bodies.filter(({ type }) => type === bodyType)
  if (same.length < bodies.length)
    notes.add(`${method} ${path} has bodies of several types: ${bodyType} is accepted.`)
  return {
    summary: one.name || `${method} ${path}`,
    ...(one.description !== undefined && { description: one.description }),
    ...(one.folders.length > 0 && { tags: [one.folders.join(' / ').slice(0, 100)] }),
    parameters: parametersOf(found, path, variables),
    ...(bodyType !== undefined &&
      method !== 'GET' && {
        requestBody: { required: true, content: { [bodyType]: mediaOf(bodyType, same, method) } },
      }),
    responses: responsesOf(found, variables),
    security: scheme === undefined ? [] : [{ [scheme]: [] }],
  }
}
