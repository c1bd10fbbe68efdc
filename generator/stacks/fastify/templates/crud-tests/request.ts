import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { fillPath, rowPropertyOf, type Field, type Json, type Shape } from '#contract'
import { literal, stringLiteral, templateText } from '../../../../codegen/encode/typescript.ts'
import { sampleOf } from '../../../../codegen/sample-of.ts'
import { rangeOf } from '../../../../blueprint/number-range.ts'
import { sampleValues } from '../../../../codegen/samples.ts'
import { shapeOf, type Writer } from './writer.ts'

// A request to a CRUD operation: its URL and a valid body.

/** The path of the row in a variable. */
export function pathOf(writer: Writer, row: string, more: ReadonlyMap<string, string> = new Map()): string {
  const { custom, crud } = writer
  const path = fillPath(custom.operation.path, (name) => {
    const known = more.get(name)
    if (known !== undefined) return known
    const property =
      crud.binding.row?.in === 'path' && crud.binding.row.name === name
        ? crud.binding.row.property
        : crud.binding.scope.find(({ param }) => param === name)?.property
    if (property === undefined) return String(sampleOf(shapeOf(custom, name)))
    const value = `${row}${access(property)}`
    const kind = crud.row.find((one) => one.name === property)?.shape.kind
    return kind === 'integer' || kind === 'uuid' ? `\${${value}}` : `\${encodeURIComponent(String(${value}))}`
  })
  const needed = neededQuery(writer, row)
  return `\`${path}${needed ? `?${needed}` : ''}\``
}

/** The required query parameters; with the values of the row in a variable. */
export function neededQuery({ custom, crud }: Writer, row: string): string {
  return custom.operation.query
    .filter(({ required, default: value }) => required && value === undefined)
    .map(({ name, shape }) => {
      const meaning = crud.binding.query.find((one) => one.name === name)
      const text =
        meaning?.means === 'equals'
          ? `\${encodeURIComponent(String(${row}${access(meaning.property)}))}`
          : meaning?.means === 'limit'
            ? '20'
            : templateText(encodeURIComponent(String(sampleOf(shape))))
      return `${encodeURIComponent(name)}=${text}`
    })
    .join('&')
}

export function send({ custom }: Writer, url: string, body?: string): string {
  const { method } = custom.operation
  return `await server.send('${method}', ${url}${body === undefined ? '' : `, ${body}`})`
}

/** A valid body with references to existing rows. */
export function bodyCode(writer: Writer): string | undefined {
  const { custom, crud, insert } = writer
  const { body } = custom.operation
  if (body === null) return undefined
  const code = (shape: Shape, at: readonly string[]): string =>
    shape.kind === 'object' ? objectCode(shape, at) : literal(sampleOf(shape))
  const objectCode = (shape: Extract<Shape, { kind: 'object' }>, at: readonly string[]): string => {
    const isThere = at.join('\n') === crud.binding.bodyAt.join('\n')
    const lines = shape.properties.flatMap(({ name, required, shape: inner }) => {
      if (isThere) {
        // A new row has its own key, unless a body has to bring it.
        if (
          crud.binding.action === 'create' &&
          name === crud.resource.id.name &&
          crud.resource.id.kind === 'integer'
        )
          return required ? [`${stringLiteral(name)}: ${freeKey(inner)},`] : []
        const reference = crud.references.find(
          ({ property }) => property.name === rowPropertyOf(crud.binding, name),
        )
        if (reference)
          return [
            `${stringLiteral(name)}: ${insert(reference.resource)}${access(reference.resource.id.name)},`,
          ]
        if (
          crud.binding.row?.in === 'body' &&
          crud.binding.row.name === name &&
          crud.binding.action !== 'create'
        )
          return [`${stringLiteral(name)}: row${access(crud.binding.row.property)},`]
      }
      const value = isThere ? fieldSample(writer, rowPropertyOf(crud.binding, name), inner) : undefined
      if (value !== undefined) return [`${stringLiteral(name)}: ${literal(value)},`]
      const isOnTheWay = crud.binding.bodyAt.length > at.length && crud.binding.bodyAt[at.length] === name
      return [
        `${stringLiteral(name)}: ${isOnTheWay ? code(inner, [...at, name]) : literal(sampleOf(inner))},`,
      ]
    })
    return `{ ${lines.join(' ')} }`
  }
  return code(body, [])
}

/** A key beyond those of the rows that a test inserts. */
function freeKey(shape: Shape): number {
  const { min = 0, max = Infinity } = shape.kind === 'integer' ? shape : {}
  return Math.min(max, Math.max(min, 0) + 1000)
}

/** A realistic value, if the body allows it. */
function fieldSample({ crud }: Writer, name: string, shape: Shape): Json | undefined {
  const field = crud.resource.entity.fields.find((one) => one.name === name)
  const rare = field && rareNumber(field, shape)
  if (rare !== undefined) return rare
  if (!field || field.type.kind === 'json' || 'min' in shape || 'max' in shape) return undefined
  const isSame = shape.kind === field.type.kind && shape.kind !== 'enum'
  return isSame ? sampleValues(crud.resource.entity.name, field, 1)[0] : undefined
}

/** Test rows count up from the minimum; a unique number in a body is out of their reach. */
const BEYOND_ROWS = 60

function rareNumber({ type, unique }: Field, shape: Shape): number | undefined {
  if (!unique || (type.kind !== 'integer' && type.kind !== 'number') || type.kind !== shape.kind)
    return undefined
  const { low, high } = rangeOf(type)
  const value = low + BEYOND_ROWS
  const { min = low, max = high } = 'min' in shape || 'max' in shape ? shape : {}
  return value <= high && value >= min && value <= max ? value : undefined
}

/** The stored properties of the body. */
export function keptOf({ crud }: Writer, body: string): string {
  const object = `${body}${crud.binding.bodyAt.map(access).join('')}`
  return `{ ${crud.kept.map(({ property: { name }, given }) => `${propertyKey(name)}: ${object}${access(given)}`).join(', ')} }`
}
