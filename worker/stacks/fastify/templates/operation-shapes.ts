import type { Shape, ShapeProperty } from '#contract'
import { literal, stringLiteral } from '../../../generate/render/encode/typescript.ts'
import { oneLine } from '../../../generate/render/encode/text.ts'
import type { Imports } from '../../../generate/render/imports.ts'
import type { Custom } from '../customs.ts'

/** Whoever has a shape knows the rows that it may hold. */
type Rows = Pick<Custom, 'resourceOf'>

/** The zod schema of a shape in JSON. */
export function shapeSchema(
  shape: Shape,
  rows: Rows,
  imports: Imports,
  /** Bodies refuse properties that they do not know; answers leave them out. */
  object: 'strictObject' | 'object' = 'strictObject',
): string {
  const z = imports.value('zod', 'z')
  const suffix = shape.nullable ? '.nullable()' : ''
  switch (shape.kind) {
    case 'string':
      return `${z}.string()${bounds(shape)}${suffix}`
    case 'integer':
      return `${z}.int()${bounds(shape)}${suffix}`
    case 'number':
      return `${z}.number()${bounds(shape)}${suffix}`
    case 'boolean':
      return `${z}.boolean()${suffix}`
    case 'date':
      return `${z}.iso.date()${suffix}`
    case 'datetime':
      return `${z}.iso.datetime({ offset: true })${suffix}`
    case 'email':
      return `${z}.email()${suffix}`
    case 'url':
      return `${z}.url({ protocol: /^https?$/ })${suffix}`
    case 'uuid':
      return `${z}.uuid()${suffix}`
    case 'enum':
      return `${z}.enum([${shape.values.map(stringLiteral).join(', ')}])${suffix}`
    case 'array':
      return `${z}.array(${shapeSchema(shape.items, rows, imports, object)})${bounds(shape)}${suffix}`
    case 'object':
      return `${z}.${object}({ ${propertyLines(shape.properties, (inner) => shapeSchema(inner, rows, imports, object))} })${suffix}`
    case 'record':
      return `${z}.record(${z}.string(), ${shapeSchema(shape.values, rows, imports, object)})${suffix}`
    case 'any':
      // A nullable one is the same: null is JSON.
      return `${z}.unknown()`
    case 'entity': {
      const { typeName, fileName } = rows.resourceOf(shape.entity)
      return `${imports.value(`../${fileName}.ts`, typeName)}${suffix}`
    }
  }
}

const bounds = ({ min, max }: { min?: number | undefined; max?: number | undefined }): string =>
  `${min === undefined ? '' : `.min(${literal(min)})`}${max === undefined ? '' : `.max(${literal(max)})`}`

/** The same for a value that arrives as text, in a path or a query. */
export function textSchema(shape: Shape, custom: Custom, imports: Imports): string {
  const pagination = '../../http/pagination.ts'
  switch (shape.kind) {
    case 'integer':
    case 'number': {
      const text = imports.value(pagination, shape.kind === 'integer' ? 'queryInteger' : 'queryNumber')
      const range = bounds(shape)
      return range === '' ? text : `${text}.pipe(${imports.value('zod', 'z')}.number()${range})`
    }
    case 'array':
      return `${imports.value(pagination, 'queryList')}(${textSchema(shape.items, custom, imports)})`
    case 'boolean':
      return imports.value(pagination, 'queryBoolean')
    default:
      return shapeSchema({ ...shape, nullable: false }, custom, imports)
  }
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
