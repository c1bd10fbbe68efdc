import { Kind, type ConstValueNode, type FieldDefinitionNode, type InputValueDefinitionNode } from 'graphql'
import {
  isResource,
  nullableOf,
  referenceOf,
  schemaOfType,
  type JsonSchema,
  type ObjectType,
  type Types,
} from './types.ts'

/** The schemas of the types of a document. */
export function componentsOf(types: Types, notes: Set<string>): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema>()
  for (const type of types.objects.values())
    if (!Object.values(types.roots).includes(type.name))
      found.set(type.name, objectSchema(type, types, notes))
  for (const [name, { values = [], description }] of types.enums)
    found.set(name, {
      type: 'string',
      enum: values.map((value) => value.name.value),
      ...(description && { description: description.value }),
    })
  for (const [name, { fields = [], description }] of types.inputs)
    found.set(name, { ...inputSchema(fields, types), ...(description && { description: description.value }) })
  for (const [name, { types: members = [] }] of types.unions)
    found.set(name, {
      oneOf: members.map((member) => ({ $ref: `#/components/schemas/${member.name.value}` })),
    })
  return Object.fromEntries(found)
}

function objectSchema(type: ObjectType, types: Types, notes: Set<string>): JsonSchema {
  const isRow = isResource(type, types)
  const names = new Set(type.fields.map((field) => field.name.value))
  const properties = type.fields.flatMap((field): (readonly [string, JsonSchema])[] => {
    const name = field.name.value
    const { name: target, isList, required } = referenceOf(field.type)
    const other = types.objects.get(target)
    const about = field.description ? { description: field.description.value } : {}
    if (!isRow || !other || !isResource(other, types)) {
      if (isRow && (field.arguments ?? []).length > 0) {
        notes.add(`${name} of ${type.name} takes arguments: it is left out of its rows.`)
        return []
      }
      return [[name, { ...nullableOf(field.type, types), ...about }]]
    }
    // Rows hold the key of another row, not the row.
    if (isList) {
      notes.add(`${name} of ${type.name} is not in its rows: ${target} has rows of its own.`)
      return []
    }
    const key = `${name}Id`
    if (names.has(key)) return []
    notes.add(`${name} of ${type.name} is the key of a ${target}, as ${key}.`)
    const schema = schemaOfType(keyType(other), types)
    return [[key, { ...(required ? schema : { anyOf: [schema, { type: 'null' }] }), ...about }]]
  })
  return {
    type: 'object',
    ...(type.description !== undefined && { description: type.description }),
    // What is asked for is always there, also as null.
    required: properties.map(([name]) => name),
    properties: Object.fromEntries(properties),
  }
}

const keyType = ({ fields }: ObjectType): FieldDefinitionNode['type'] =>
  fields.find((field) => /^_?id$/.test(field.name.value))!.type

export function inputSchema(fields: readonly InputValueDefinitionNode[], types: Types): JsonSchema {
  return {
    type: 'object',
    required: fields.flatMap((field) =>
      field.type.kind === Kind.NON_NULL_TYPE && !field.defaultValue ? [field.name.value] : [],
    ),
    properties: Object.fromEntries(
      fields.map((field) => {
        const value = field.defaultValue && plainValue(field.defaultValue)
        return [
          field.name.value,
          {
            ...(value === undefined ? nullableOf(field.type, types) : schemaOfType(field.type, types)),
            ...(value !== undefined && { default: value }),
            ...(field.description && { description: field.description.value }),
          },
        ]
      }),
    ),
  }
}

export function plainValue(node: ConstValueNode): string | number | boolean | undefined {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.ENUM:
      return node.value
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.BOOLEAN:
      return node.value
    default:
      return undefined
  }
}
