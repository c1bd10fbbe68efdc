import { isNode, listOf, type Node } from './document.ts'

/** Parts with arbitrary JSON, in which a `$ref` is not a reference and `required` no keyword. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

/**
 * A document whose schemas mean to a validator of JSON Schema 2020-12 what they mean in OpenAPI for answers: `nullable`
 * and exclusive bounds of 3.0, `$ref` without what stands beside it in 3.0, and no demand for what only requests have.
 */
export function toAnswerSchemas(document: Node): Node {
  const isOld = String(document['openapi']).startsWith('3.0.')
  return convert(document, false) as Node

  function convert(value: unknown, areNames: boolean): unknown {
    if (Array.isArray(value)) return value.map((one) => convert(one, false))
    if (!isNode(value)) return value
    if (!areNames && typeof value['$ref'] === 'string')
      return isOld ? { $ref: value['$ref'] } : withoutIds(mapped(value, areNames))
    const made = withoutIds(mapped(value, areNames))
    return areNames ? made : asSchema(made, value)
  }

  function mapped(value: Node, areNames: boolean): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        !areNames && DATA.has(name) ? inner : convert(inner, !areNames && NAMED.has(name)),
      ]),
    )
  }

  function asSchema(node: Record<string, unknown>, original: Node): Record<string, unknown> {
    const hidden = writeOnlyNames(original)
    const required = listOf(node['required'])
    if (hidden.size > 0 && required.length > 0)
      node = { ...node, required: required.filter((name) => !hidden.has(name)) }
    if (!isOld) return node
    const made = { ...node }
    for (const [limit, exclusive] of [
      ['minimum', 'exclusiveMinimum'],
      ['maximum', 'exclusiveMaximum'],
    ] as const) {
      if (typeof made[exclusive] !== 'boolean') continue
      if (made[exclusive] === true && typeof made[limit] === 'number') {
        made[exclusive] = made[limit]
        delete made[limit]
      } else delete made[exclusive]
    }
    if (made['nullable'] !== true) return made
    const { nullable: _, ...rest } = made
    return { anyOf: [rest, { type: 'null' }] }
  }

  function writeOnlyNames({ properties }: Node): Set<unknown> {
    const entries = isNode(properties) ? Object.entries(properties) : []
    return new Set(
      entries.flatMap(([name, part]) => (isNode(part) && part['writeOnly'] === true ? [name] : [])),
    )
  }
}

/** Under these, keys are names and not keywords. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  'schemas',
  '$defs',
  'definitions',
  'dependentSchemas',
  'paths',
  'responses',
  'headers',
  'content',
])

/** An address of its own would change where references lead. */
function withoutIds(node: Record<string, unknown>): Record<string, unknown> {
  const { $id: _, $schema: _schema, $anchor: _anchor, $dynamicAnchor: _dynamic, ...rest } = node
  return rest
}
