import {
  Kind,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
  type UnionTypeDefinitionNode,
} from 'graphql'

export type JsonSchema = Record<string, unknown>

export type Types = {
  readonly objects: ReadonlyMap<string, ObjectType>
  readonly enums: ReadonlyMap<string, EnumTypeDefinitionNode>
  readonly inputs: ReadonlyMap<string, InputObjectTypeDefinitionNode>
  readonly unions: ReadonlyMap<string, UnionTypeDefinitionNode>
  /** The types that have a key, whose values are rows, by their name in lower case. */
  readonly rows: ReadonlyMap<string, ObjectType>
  /** The fields of the operations, by the name of their type. */
  readonly roots: { readonly query: string; readonly mutation: string; readonly subscription: string }
}

export type ObjectType = {
  readonly name: string
  readonly description: string | undefined
  readonly isInterface: boolean
  readonly fields: FieldDefinitionNode[]
  readonly at: { readonly line: number; readonly column: number } | undefined
}

/** The types of a document, with what `extend` adds to them. */
export function typesOf({ definitions }: DocumentNode): Types {
  const objects = new Map<string, ObjectType>()
  const enums = new Map<string, EnumTypeDefinitionNode>()
  const inputs = new Map<string, InputObjectTypeDefinitionNode>()
  const unions = new Map<string, UnionTypeDefinitionNode>()
  const roots = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }
  const addObject = (node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode) => {
    const name = node.name.value
    const known = objects.get(name)
    if (known) known.fields.push(...(node.fields ?? []))
    else
      objects.set(name, {
        name,
        description: node.description?.value,
        isInterface: node.kind === Kind.INTERFACE_TYPE_DEFINITION,
        fields: [...(node.fields ?? [])],
        at: node.loc?.startToken,
      })
  }
  for (const node of definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        addObject(node)
        break
      case Kind.OBJECT_TYPE_EXTENSION:
        addObject({ ...node, kind: Kind.OBJECT_TYPE_DEFINITION } as ObjectTypeDefinitionNode)
        break
      case Kind.ENUM_TYPE_DEFINITION:
        enums.set(node.name.value, node)
        break
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        inputs.set(node.name.value, node)
        break
      case Kind.UNION_TYPE_DEFINITION:
        unions.set(node.name.value, node)
        break
      case Kind.SCHEMA_DEFINITION:
        for (const { operation, type } of node.operationTypes) roots[operation] = type.name.value
        break
      default:
    }
  }
  const hasKey = ({ name, fields, isInterface }: ObjectType) =>
    !isInterface &&
    !Object.values(roots).includes(name) &&
    fields.some((field) => field.name.value === 'id' || field.name.value === '_id')
  const rows = new Map(
    [...objects.values()].filter(hasKey).map((type) => [type.name.toLowerCase(), type] as const),
  )
  return { objects, enums, inputs, unions, rows, roots }
}

/** Whether its values are rows. */
export const isResource = (type: ObjectType, { rows }: Types): boolean =>
  rows.get(type.name.toLowerCase()) === type

export type Reference = { readonly name: string; readonly isList: boolean; readonly required: boolean }

/** `[User!]!` is a required list of `User`. */
export function referenceOf(node: TypeNode): Reference {
  let [type, isList] = [node, false]
  const required = node.kind === Kind.NON_NULL_TYPE
  while (type.kind !== Kind.NAMED_TYPE) {
    if (type.kind === Kind.LIST_TYPE) isList = true
    type = type.type
  }
  return { name: type.name.value, isList, required }
}

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  id: { type: 'string' },
  string: { type: 'string' },
  int: { type: 'integer' },
  float: { type: 'number' },
  boolean: { type: 'boolean' },
  bigint: { type: 'integer', format: 'int64' },
  long: { type: 'integer', format: 'int64' },
  decimal: { type: 'number' },
  datetime: { type: 'string', format: 'date-time' },
  timestamp: { type: 'string', format: 'date-time' },
  timestamptz: { type: 'string', format: 'date-time' },
  awsdatetime: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  uuid: { type: 'string', format: 'uuid' },
  email: { type: 'string', format: 'email' },
  emailaddress: { type: 'string', format: 'email' },
  url: { type: 'string', format: 'uri' },
  uri: { type: 'string', format: 'uri' },
}

/** The JSON schema of a named type: a reference to what the document defines, or that of a scalar. */
export function schemaOfName(name: string, { objects, enums, inputs, unions }: Types): JsonSchema {
  const isDefined = [objects, enums, inputs, unions].some((known) => known.has(name))
  if (isDefined) return { $ref: `#/components/schemas/${name}` }
  const key = name.toLowerCase()
  return Object.hasOwn(SCALARS, key) ? SCALARS[key]! : {}
}

export const isKnownScalar = (name: string): boolean => Object.hasOwn(SCALARS, name.toLowerCase())

export function schemaOfType(node: TypeNode, types: Types): JsonSchema {
  switch (node.kind) {
    case Kind.NON_NULL_TYPE:
      return schemaOfType(node.type, types)
    case Kind.LIST_TYPE:
      return { type: 'array', items: itemsOf(node.type, types) }
    case Kind.NAMED_TYPE:
      return schemaOfName(node.name.value, types)
  }
}

const itemsOf = (node: TypeNode, types: Types): JsonSchema =>
  node.kind === Kind.NON_NULL_TYPE
    ? schemaOfType(node, types)
    : { anyOf: [schemaOfType(node, types), { type: 'null' }] }

/** A field that may be null. */
export const nullableOf = (node: TypeNode, types: Types): JsonSchema =>
  node.kind === Kind.NON_NULL_TYPE
    ? schemaOfType(node, types)
    : { anyOf: [schemaOfType(node, types), { type: 'null' }] }
