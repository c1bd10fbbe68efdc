import { pluralName, toKebab, toPascal } from '../../../blueprint/words.ts'
import { crudPaths } from '../json-schema/crud-paths.ts'
import { SpecError } from '../spec-error.ts'
import type { Node, OpenApiDocument } from './document.ts'
import { makeMergeAllOf } from './merge-all-of.ts'
import { isNode, makeResolve, nodeOf } from './resolve.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']
const ERRORS = /(error|problem|fault|exception)s?(details)?(response)?$/i

/**
 * A document without paths has those that follow from what it says: the requests of its webhooks are received, and schemas
 * of objects are rows. Throws where nothing follows, and names the files that did not come along.
 */
export function completePaths(document: OpenApiDocument, missingFiles: readonly string[]): OpenApiDocument {
  const { root, placeOf } = document
  const resolve = makeResolve(document)
  const hasMethods = (item: unknown) => METHODS.some((method) => isNode(resolve(item).node[method]))
  const paths = Object.values(nodeOf(root['paths']))
  if (paths.some(hasMethods)) return document
  const found = paths.length === 0 ? (fromWebhooks(document, hasMethods) ?? fromSchemas(document)) : undefined
  if (found) return found
  if (missingFiles.length === 0) return document
  const files = missingFiles.slice(0, 10).join(', ')
  throw new SpecError(`It has no operations, and refers to files that did not come along: ${files}.`, {
    place: placeOf(['paths']),
    hint: 'Attach these files as well, or bundle them into one first, for example with npx @redocly/cli bundle openapi.yaml.',
  })
}

function fromWebhooks(
  document: OpenApiDocument,
  hasMethods: (item: unknown) => boolean,
): OpenApiDocument | undefined {
  const { webhooks, ...root } = document.root
  const places = new Map<string, string>()
  for (const [name, item] of Object.entries(nodeOf(webhooks))) {
    const path = `/webhooks/${toKebab(name) ?? 'event'}`
    if (hasMethods(item)) places.set(places.has(path) ? `${path}-${places.size + 1}` : path, name)
  }
  if (places.size === 0) return undefined
  const paths = Object.fromEntries([...places].map(([path, name]) => [path, nodeOf(webhooks)[name]]))
  return {
    root: { ...root, paths },
    placeOf: ([part, path, ...rest]) =>
      document.placeOf(
        part === 'paths' ? ['webhooks', places.get(String(path)) ?? '', ...rest] : [part!, path!, ...rest],
      ),
    notes: [
      ...document.notes,
      `The document has webhooks and no paths: the service receives their requests, at ${[...places.keys()].join(', ').slice(0, 300)}.`,
    ],
  }
}

function fromSchemas(document: OpenApiDocument): OpenApiDocument | undefined {
  const resolve = makeResolve(document)
  const merged = makeMergeAllOf({ resolve, notes: new Set() })
  const rows: [string, Node][] = Object.entries(
    nodeOf(nodeOf(document.root['components'])['schemas']),
  ).flatMap(([name, schema]) => {
    const node = merged(resolve(schema).node, [])
    return Object.keys(nodeOf(node['properties'])).length > 0 && !ERRORS.test(name) ? [[name, node]] : []
  })
  if (rows.length === 0) return undefined
  const withKey = rows.filter(([, { properties }]) => Object.keys(nodeOf(properties)).some(isKey))
  const chosen = withKey.length > 0 ? withKey : rows
  const paths: Node = Object.assign(
    {},
    ...chosen.map(([name, node]) =>
      crudPaths(name, `/${toKebab(pluralName(toPascal(name) ?? 'Row')) ?? 'rows'}`, { ...node }),
    ),
  )
  return {
    ...document,
    root: { ...document.root, paths },
    notes: [
      ...document.notes,
      `The document has schemas and no paths: the rows of ${chosen
        .map(([name]) => name)
        .join(', ')
        .slice(0, 300)} can be listed, created, read, replaced and deleted.`,
    ],
  }
}

const isKey = (name: string): boolean => /^_?(id|uuid)$/i.test(name)
