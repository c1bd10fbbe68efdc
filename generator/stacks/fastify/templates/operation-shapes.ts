import type { Shape, ShapeProperty } from '#contract'
import { literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { oneLine } from '../../../codegen/encode/text.ts'
import type { Imports } from '../../../codegen/imports.ts'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import type { NamedOperation } from '../custom-operations.ts'
import { boundsCode, projectKind } from '../field-kinds.ts'

/** Resolves the entities of a shape. */
type Rows = Pick<NamedOperation, 'resourceOf'>

/** The zod schema of a shape in JSON. */
export function shapeSchema(
  shape: Shape,
  rows: Rows,
  imports: Imports,
  /** Bodies reject unknown properties, unless they are open; responses omit them. */
  object: 'strictObject' | 'object' = 'strictObject',
): string {
  const z = imports.value('zod', 'z')
  const suffix = shape.nullable ? '.nullable()' : ''
  switch (shape.kind) {
    case 'array':
      return `${z}.array(${shapeSchema(shape.items, rows, imports, object)})${boundsCode(shape)}${suffix}`
    case 'object':
      return `${z}.${shape.open ? 'object' : object}({ ${propertyLines(shape.properties, (inner) => shapeSchema(inner, rows, imports, object))} })${suffix}`
    case 'record':
      return `${z}.record(${z}.string(), ${shapeSchema(shape.values, rows, imports, object)})${suffix}`
    case 'any':
      // A nullable one is the same: null is JSON.
      return `${z}.unknown()`
    case 'entity': {
      const { typeName, fileName } = rows.resourceOf(shape.entity)
      return `${imports.value(`../${fileName}.ts`, typeName)}${suffix}`
    }
    default:
      return `${projectKind(shape).schema(z, (inner) => shapeSchema(inner, rows, imports, object))}${suffix}`
  }
}

/** The same for a value that arrives as text, in a path or a query. */
export function textSchema(shape: Shape, custom: NamedOperation, imports: Imports): string {
  const pagination = '../../http/pagination.ts'
  if (shape.kind === 'array')
    return `${imports.value(pagination, shape.separator ? 'separatedList' : 'queryList')}(${textSchema(shape.items, custom, imports)}${shape.separator && shape.separator !== ',' ? `, '${shape.separator}'` : ''})`
  const fromText = isPlain(shape) ? projectKind(shape).fromText : null
  if (fromText === null) return shapeSchema({ ...shape, nullable: false }, custom, imports)
  const text = imports.value(pagination, fromText.helper)
  return fromText.bounds === ''
    ? text
    : `${text}.pipe(${imports.value('zod', 'z')}.number()${fromText.bounds})`
}

export function propertyLines(
  properties: readonly ShapeProperty[],
  schemaOf: (shape: Shape) => string,
): string {
  return properties
    .map(({ name, shape, required, description, default: value }) => {
      const said = oneLine(description ?? '')
      const note = said ? `.describe(${stringLiteral(said)})` : ''
      const absent = value === undefined ? (required ? '' : '.optional()') : `.default(${literal(value)})`
      return `${stringLiteral(name)}: ${schemaOf(shape)}${absent}${note},`
    })
    .join('\n')
}
