import type { Json, Shape, ShapeProperty } from '#contract'
import { stringLiteral } from '../../../generate/render/encode/typescript.ts'
import { oneLine } from '../../../generate/render/encode/text.ts'
import type { Imports } from '../../../generate/render/imports.ts'
import type { Custom } from '../customs.ts'

/** The zod schema of a shape in JSON. */
export function shapeSchema(
  shape: Shape,
  custom: Custom,
  imports: Imports,
  /** Bodies refuse properties that they do not know; answers leave them out. */
  object: 'strictObject' | 'object' = 'strictObject',
): string {
  const z = imports.value('zod', 'z')
  const suffix = shape.nullable ? '.nullable()' : ''
  switch (shape.kind) {
    case 'string':
      return `${z}.string()${suffix}`
    case 'integer':
      return `${z}.int()${suffix}`
    case 'number':
      return `${z}.number()${suffix}`
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
      return `${z}.array(${shapeSchema(shape.items, custom, imports, object)})${suffix}`
    case 'object':
      return `${z}.${object}({ ${propertyLines(shape.properties, (inner) => shapeSchema(inner, custom, imports, object))} })${suffix}`
    case 'entity': {
      const { typeName, fileName } = custom.resourceOf(shape.entity)
      return `${imports.value(`../${fileName}.ts`, typeName)}${suffix}`
    }
  }
}

/** The same for a value that arrives as text, in a path or a query. */
export function textSchema(shape: Shape, custom: Custom, imports: Imports): string {
  const pagination = '../../http/pagination.ts'
  switch (shape.kind) {
    case 'integer':
      return imports.value(pagination, 'queryInteger')
    case 'number':
      return imports.value(pagination, 'queryNumber')
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
    .map(({ name, shape, required, description }) => {
      const said = oneLine(description ?? '')
      const note = said ? `.describe(${stringLiteral(said)})` : ''
      return `${name}: ${schemaOf(shape)}${required ? '' : '.optional()'}${note},`
    })
    .join('\n')
}

/** A value that fits the shape, with all of its properties. */
export function sampleOf(shape: Shape): Json {
  switch (shape.kind) {
    case 'string':
      return 'text'
    case 'integer':
    case 'number':
      return 1
    case 'boolean':
      return true
    case 'date':
      return '2026-05-31'
    case 'datetime':
      return '2026-05-31T09:00:00Z'
    case 'email':
      return 'ada@example.com'
    case 'url':
      return 'https://example.com/1'
    case 'uuid':
      return '00000000-0000-4000-8000-000000000000'
    case 'enum':
      return shape.values[0] ?? ''
    case 'array':
      return [sampleOf(shape.items)]
    case 'object':
      return Object.fromEntries(shape.properties.map(({ name, shape: inner }) => [name, sampleOf(inner)]))
    case 'entity':
      return {}
  }
}
