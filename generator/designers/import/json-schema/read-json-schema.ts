import { pluralName, toKebab, toPascal } from '../../../blueprint/words.ts'
import { bounded } from '../openapi/bounded.ts'
import { mendSchemas } from '../openapi/mend-schemas.ts'
import { makeOverlooked } from '../openapi/overlooked.ts'
import type { OpenApiDocument } from '../openapi/document.ts'
import { removeLooseReferences } from '../openapi/references.ts'
import { isNode, nodeOf, textOf } from '../openapi/resolve.ts'
import { readSource, type PlaceOf } from '../openapi/source.ts'
import { SpecError } from '../spec-error.ts'
import { crudPaths } from './crud-paths.ts'

const ROOT = '#/components/schemas/'

/** A JSON Schema as OpenAPI: objects with properties are rows, with requests to list, create, read, replace and delete them. */
export function readJsonSchema(text: string): OpenApiDocument {
  const { value, placeOf } = readSource(text)
  const given = bounded(value, placeOf)
  const { overlook, notes } = makeOverlooked(placeOf)
  const { $defs, definitions, $schema: _version, $id: _id, ...own } = given
  const parts = { ...nodeOf(definitions), ...nodeOf($defs) }
  const title = textOf(given['title']) ?? 'Rows'
  const name = toPascal(title) ?? 'Row'
  removeLooseReferences(given, overlook)
  const isRow = isObject(own)
  const schemas: Record<string, unknown> = { ...parts, ...(isRow && { [name]: own }) }
  const root: Record<string, unknown> = {
    openapi: '3.1.0',
    info: { title, version: '1', description: textOf(given['description']) },
    components: { schemas },
  }
  redirect(root, isRow ? `${ROOT}${name}` : undefined)
  mendSchemas(root, false, overlook)
  // A list of rows or a choice of them names the schemas that have rows of their own.
  const rows =
    isRow && !isContainer(own) ? [name] : Object.keys(parts).filter((one) => isObject(nodeOf(parts[one])))
  const withKey = Object.keys(parts).filter((one) => hasKey(nodeOf(parts[one])))
  const chosen = [...new Set([...rows, ...withKey])]
  if (chosen.length === 0) {
    throw new SpecError('It describes no object with properties, so there are no rows to store.', {
      place: placeOf([]),
      hint: 'Give it a schema of type object with properties.',
    })
  }
  const paths = chosen.map((one) => {
    const pascal = toPascal(one) ?? 'Row'
    return crudPaths(one, `/${toKebab(pluralName(pascal)) ?? 'rows'}`, nodeOf(schemas[one]))
  })
  return {
    root: { ...root, paths: Object.assign({}, ...paths) as unknown },
    placeOf: placeIn(placeOf, name, $defs === undefined ? 'definitions' : '$defs'),
    notes: [
      `A JSON Schema describes data and no requests: the rows of ${chosen.join(', ').slice(0, 300)} can be listed, created, read, replaced and deleted.`,
      ...notes(),
    ],
  }
}

const isObject = (node: Record<string, unknown>): boolean =>
  Object.keys(nodeOf(node['properties'])).length > 0 || Array.isArray(node['allOf'])

const hasKey = (node: Record<string, unknown>): boolean =>
  Object.keys(nodeOf(node['properties'])).some((name) => /^_?id$/i.test(name))

/** An object that only holds lists of others. */
const isContainer = (node: Record<string, unknown>): boolean => {
  const properties = Object.values(nodeOf(node['properties']))
  return (
    properties.length > 0 &&
    properties.every((one) => typeof nodeOf(nodeOf(one)['items'])['$ref'] === 'string')
  )
}

/** References to parts of the schema lead to where the parts are now. */
function redirect(root: Record<string, unknown>, whole: string | undefined): void {
  const stack: unknown[] = [root]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (typeof top !== 'object' || top === null) continue
    if (isNode(top) && typeof top['$ref'] === 'string') {
      const ref = top['$ref']
      if (/^#\/(\$defs|definitions)\//.test(ref))
        top['$ref'] = ref.replace(/^#\/(\$defs|definitions)\//, ROOT)
      else if (whole !== undefined && !ref.startsWith(ROOT)) top['$ref'] = ref.replace(/^#/, whole)
    }
    for (const inner of Object.values(top)) stack.push(inner)
  }
}

const placeIn =
  (placeOf: PlaceOf, name: string, holder: string): PlaceOf =>
  ([first, second, schema, ...rest]) => {
    if (first !== 'components' || second !== 'schemas' || schema === undefined) return placeOf([])
    return schema === name ? placeOf(rest) : placeOf([holder, schema, ...rest])
  }
