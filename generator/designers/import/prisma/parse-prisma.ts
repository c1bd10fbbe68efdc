import {
  getSchema,
  type Attribute,
  type AttributeArgument,
  type Func,
  type Schema,
  type Value,
} from '@mrleebo/prisma-ast'
import { SpecError, type SourcePosition } from '../spec-error.ts'

export type PrismaField = {
  readonly name: string
  readonly type: string
  readonly isList: boolean
  readonly isOptional: boolean
  readonly attributes: readonly PrismaAttribute[]
  readonly comment: string | undefined
}
/** `@id`, `@db.VarChar(80)`, `@@unique([a, b])`. */
export type PrismaAttribute = {
  readonly name: string
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}
export type PrismaModel = {
  readonly name: string
  readonly fields: PrismaField[]
  readonly attributes: readonly PrismaAttribute[]
  readonly comment: string | undefined
}
export type PrismaSchema = {
  readonly models: readonly PrismaModel[]
  readonly enums: ReadonlyMap<string, readonly string[]>
  /** Composite types, which are JSON. */
  readonly types: ReadonlySet<string>
  readonly views: readonly string[]
  readonly placeOf: (model: string, field?: string) => SourcePosition | undefined
}

/** Parses a Prisma schema. Throws a `SpecError` with line and column. */
export function parsePrisma(text: string): PrismaSchema {
  const { list } = parsed(text)
  const models: PrismaModel[] = []
  const enums = new Map<string, readonly string[]>()
  const types = new Set<string>()
  const views: string[] = []
  let before: string[] = []
  for (const block of list) {
    const comment = before.join(' ').trim() || undefined
    if (block.type !== 'comment') before = []
    switch (block.type) {
      case 'comment':
        if (block.text.startsWith('///')) before.push(block.text.replace(/^\/+\s*/, ''))
        break
      case 'model':
        models.push(modelOf(block.name, block.properties, comment))
        break
      case 'enum':
        enums.set(
          block.name,
          block.enumerators.flatMap((one) => (one.type === 'enumerator' ? [one.name] : [])),
        )
        break
      case 'type':
        types.add(block.name)
        break
      case 'view':
        views.push(block.name)
        break
      default:
    }
  }
  return { models, enums, types, views, placeOf: placesIn(text) }
}

function parsed(text: string): Schema {
  try {
    const plain = withoutBlockComments(text)
    return getSchema(plain.endsWith('\n') ? plain : `${plain}\n`)
  } catch (error) {
    const { token, message } = error as {
      token?: { startLine?: number; startColumn?: number; image?: string }
      message?: string
    }
    const { startLine: line, startColumn: column } = token ?? {}
    if (error instanceof RangeError || message === undefined)
      throw new SpecError('It is nested too deeply.', { hint: 'Flatten it.' }, { cause: error })
    const found = token?.image ? ` ${JSON.stringify(token.image.slice(0, 40))} is not expected there.` : ''
    throw new SpecError(
      `It is not a Prisma schema.${found}`,
      {
        place:
          Number.isFinite(line) && Number.isFinite(column) ? { line: line!, column: column! } : undefined,
        hint: 'Correct that line; `npx prisma validate` shows every error in a schema.',
      },
      { cause: error },
    )
  }
}

/** Comments between slashes and stars become blank; their lines stay. */
function withoutBlockComments(text: string): string {
  const parts: string[] = []
  let at = 0
  for (let start = text.indexOf('/*'); start !== -1; start = text.indexOf('/*', at)) {
    const end = text.indexOf('*/', start + 2)
    if (end === -1) break
    parts.push(text.slice(at, start), text.slice(start, end + 2).replaceAll(/[^\n]/g, ' '))
    at = end + 2
  }
  return [...parts, text.slice(at)].join('')
}

type Properties = Extract<Schema['list'][number], { type: 'model' }>['properties']

function modelOf(name: string, properties: Properties, comment: string | undefined): PrismaModel {
  const fields: PrismaField[] = []
  const attributes: PrismaAttribute[] = []
  let before: string[] = []
  for (const property of properties) {
    if (property.type === 'comment') {
      if (property.text.startsWith('///')) before.push(property.text.replace(/^\/+\s*/, ''))
      continue
    }
    const said = before.join(' ').trim()
    before = []
    if (property.type === 'attribute') attributes.push(attributeOf(property))
    if (property.type !== 'field') continue
    const type = typeof property.fieldType === 'string' ? property.fieldType : property.fieldType.name
    const beside = property.comment?.startsWith('///') ? property.comment.replace(/^\/+\s*/, '') : ''
    fields.push({
      name: property.name,
      type,
      isList: property.array === true,
      isOptional: property.optional === true,
      attributes: (property.attributes ?? []).map(attributeOf),
      comment: said || beside || undefined,
    })
  }
  return { name, fields, attributes, comment }
}

function attributeOf({
  name,
  group,
  args,
}: Pick<Attribute, 'name' | 'group'> & { readonly args?: readonly AttributeArgument[] }): PrismaAttribute {
  const positional: Value[] = []
  const named = new Map<string, Value>()
  for (const { value } of args ?? []) {
    if (isKeyValue(value)) named.set(value.key, value.value)
    else positional.push(value as Value)
  }
  return { name: group ? `${group}.${name}` : name, positional, named }
}

const isKeyValue = (
  value: AttributeArgument['value'],
): value is { type: 'keyValue'; key: string; value: Value } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'keyValue'

/** A text without its quotes. */
export const textIn = (value: Value | undefined): string | undefined =>
  typeof value === 'string' ? unquoted(value) : undefined

export const unquoted = (text: string): string => {
  if (!/^".*"$/s.test(text)) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return text.slice(1, -1)
  }
}

export const isCall = (value: Value | undefined): value is Func =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'function'

/** The names of `[a, b(sort: Desc)]`. */
export const namesIn = (value: Value | undefined): string[] => {
  const list =
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'array' ? value.args : []
  return list.flatMap((one) => (typeof one === 'string' ? [one] : isCall(one) ? [one.name] : []))
}

/** Where models and their fields begin; the lines are read once. */
function placesIn(text: string): PrismaSchema['placeOf'] {
  const places = new Map<string, SourcePosition>()
  let model = ''
  for (const [index, line] of text.split('\n').entries()) {
    const opened = /^\s*(?:model|enum|view|type)\s+(\w+)\s*\{/.exec(line)?.[1]
    const field = /^\s*(\w+)\s+\w/.exec(line)?.[1]
    if (opened !== undefined) model = opened
    const name = opened ?? (field === undefined ? undefined : `${model} ${field}`)
    if (name !== undefined && !places.has(name))
      places.set(name, { line: index + 1, column: line.length - line.trimStart().length + 1 })
  }
  return (name, field) =>
    (field === undefined ? undefined : places.get(`${name} ${field}`)) ?? places.get(name)
}
