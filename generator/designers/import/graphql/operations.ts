import type { FieldDefinitionNode, InputValueDefinitionNode } from 'graphql'
import { pluralName, toKebab } from '../../../blueprint/words.ts'
import { inputSchema, plainValue } from './components.ts'
import {
  isResource,
  nullableOf,
  referenceOf,
  schemaOfType,
  type JsonSchema,
  type ObjectType,
  type Types,
} from './types.ts'

export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly operation: Record<string, unknown>
}

/** The row of a type, and where its rows are: `/order-lines`. */
export const pathOfType = (name: string): string => `/${toKebab(pluralName(name)) ?? 'rows'}`

/** What a field of Query or Mutation is as a request: rows where its name and its arguments say so. */
export function routeOf(
  field: FieldDefinitionNode,
  isMutation: boolean,
  { types, taken }: { readonly types: Types; readonly taken: ReadonlySet<string> },
): Route {
  const plain = (isMutation ? mutationOfRow : queryOfRow)(field, types)
  if (plain && !taken.has(`${plain.method} ${plain.path}`)) return plain
  return ownRoute(field, isMutation, types)
}

/** The type of rows that a field answers: itself, a list, or one in an envelope. */
function rowOf(
  field: FieldDefinitionNode,
  types: Types,
): { readonly type: ObjectType; readonly isList: boolean } | undefined {
  const { name, isList } = referenceOf(field.type)
  const type = types.objects.get(name)
  if (!type) return undefined
  if (isResource(type, types)) return { type, isList }
  // `UserConnection` and `CreateUserPayload` hold a row.
  for (const inner of type.fields) {
    const held = referenceOf(inner.type)
    const target = types.objects.get(held.name)
    if (target && isResource(target, types) && !isList && /payload|result|response|output/i.test(name))
      return { type: target, isList: held.isList }
  }
  return undefined
}

/** `id`, or `postId` of a Post. */
const keyArgument = (args: readonly InputValueDefinitionNode[], { name }: ObjectType) =>
  args.find((one) => /^_?id$/i.test(one.name.value)) ??
  args.find((one) => one.name.value.replace('_', '').toLowerCase() === `${name.toLowerCase()}id`)

function queryOfRow(field: FieldDefinitionNode, types: Types): Route | undefined {
  const row = rowOf(field, types)
  const args = field.arguments ?? []
  if (!row) return undefined
  const path = pathOfType(row.type.name)
  const ref = { $ref: `#/components/schemas/${row.type.name}` }
  if (row.isList) {
    const isWhole = new RegExp(`^(all|list|get|find)?${pluralName(row.type.name)}$`, 'i').test(
      field.name.value,
    )
    if (!isWhole || !args.every((one) => isPlainArgument(one, types))) return undefined
    return {
      method: 'get',
      path,
      operation: {
        ...head(field),
        parameters: args.map((one) => queryParameter(one, types)),
        responses: json('200', { type: 'array', items: ref }),
      },
    }
  }
  if (args.length !== 1 || !keyArgument(args, row.type)) return undefined
  return {
    method: 'get',
    path: `${path}/{id}`,
    operation: {
      ...head(field),
      parameters: [pathParameter(args[0]!, types)],
      responses: { ...json('200', ref), 404: { description: `There is no such ${row.type.name}.` } },
    },
  }
}

function mutationOfRow(field: FieldDefinitionNode, types: Types): Route | undefined {
  const args = field.arguments ?? []
  const verb = /^(create|add|new|insert|update|edit|modify|patch|delete|remove|destroy)([A-Z]\w{0,60})$/.exec(
    field.name.value,
  )
  const named = verb && types.rows.get(verb[2]!.toLowerCase())
  if (!verb || !named) return undefined
  const path = pathOfType(named.name)
  const ref = { $ref: `#/components/schemas/${named.name}` }
  const key = keyArgument(args, named)
  const others = args.filter((one) => one !== key)
  if (/^(create|add|new|insert)/.test(verb[1]!)) {
    if (key || args.length === 0) return undefined
    return {
      method: 'post',
      path,
      operation: { ...head(field), requestBody: bodyOf(others, types), responses: json('201', ref) },
    }
  }
  if (!key) return undefined
  const parameters = [pathParameter(key, types)]
  const missing = { 404: { description: `There is no such ${named.name}.` } }
  if (/^(delete|remove|destroy)/.test(verb[1]!)) {
    if (others.length > 0) return undefined
    const responses = { 204: { description: 'Deleted.' }, ...missing }
    return { method: 'delete', path: `${path}/{id}`, operation: { ...head(field), parameters, responses } }
  }
  if (others.length === 0) return undefined
  return {
    method: 'patch',
    path: `${path}/{id}`,
    operation: {
      ...head(field),
      parameters,
      requestBody: bodyOf(others, types),
      responses: { ...json('200', ref), ...missing },
    },
  }
}

/** Anything else: a request of its own under the name of the field. */
function ownRoute(field: FieldDefinitionNode, isMutation: boolean, types: Types): Route {
  const args = field.arguments ?? []
  const path = `/${toKebab(field.name.value) ?? 'operation'}`
  const responses = json('200', nullableOf(field.type, types))
  if (!isMutation && args.every((one) => isPlainArgument(one, types)))
    return {
      method: 'get',
      path,
      operation: { ...head(field), parameters: args.map((one) => queryParameter(one, types)), responses },
    }
  const requestBody = args.length > 0 ? { requestBody: bodyOf(args, types, false) } : {}
  return { method: 'post', path, operation: { ...head(field), ...requestBody, responses } }
}

const head = (field: FieldDefinitionNode) => ({
  operationId: field.name.value,
  summary: field.description?.value ?? field.name.value,
})

const json = (status: string, schema: JsonSchema) => ({
  [status]: { description: 'OK', content: { 'application/json': { schema } } },
})

const isPlainArgument = ({ type }: InputValueDefinitionNode, { inputs }: Types): boolean =>
  !inputs.has(referenceOf(type).name)

const queryParameter = (one: InputValueDefinitionNode, types: Types) => {
  const value = one.defaultValue && plainValue(one.defaultValue)
  return {
    name: one.name.value,
    in: 'query',
    required: referenceOf(one.type).required && !one.defaultValue,
    schema: { ...schemaOfType(one.type, types), ...(value !== undefined && { default: value }) },
    ...(one.description && { description: one.description.value }),
  }
}

const pathParameter = (one: InputValueDefinitionNode, types: Types) => ({
  name: 'id',
  in: 'path',
  required: true,
  schema: schemaOfType(one.type, types),
})

/** The values of a row: those of the single input, or the arguments themselves. */
function bodyOf(args: readonly InputValueDefinitionNode[], types: Types, isRow = true) {
  const [only] = args
  const input = args.length === 1 && only && isRow ? types.inputs.get(referenceOf(only.type).name) : undefined
  const schema = input ? { $ref: `#/components/schemas/${input.name.value}` } : inputSchema(args, types)
  return { required: true, content: { 'application/json': { schema } } }
}
