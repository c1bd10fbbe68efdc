import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { literal } from '../../../../codegen/encode/typescript.ts'
import { isJoint, openProperties, type Property } from '../../resource.ts'
import { isShared } from '../row-capacity.ts'
import { differsFromRow, otherValue } from '../sample-code.ts'
import { canCoexistWithAccount, isAskable, targetGiven, type Writer } from './writer.ts'

/** What a test states so that a body says something else than a row that states nothing: `title: 'Kindred'`. */
export const otherProperties = (writer: Writer): string[] =>
  openProperties(writer.resource).flatMap((property) => {
    const value = statedValue(writer, property)
    return value === undefined ? [] : [`${propertyKey(property.name)}: ${value}`]
  })

/** A property whose value in a body is another one than that of a row, and the value. */
export function otherProperty(writer: Writer): { readonly name: string; readonly value: string } | undefined {
  // A part of a foreign key alone refers to another row, or to none.
  const properties = openProperties(writer.resource).filter(({ name }) => !isJoint(writer.resource, name))
  for (const property of properties) {
    const value = property.kind === 'field' ? statedValue(writer, property) : undefined
    if (value !== undefined) return { name: property.name, value }
    if (differs(writer, property))
      return { name: property.name, value: `${writer.body()}${access(property.name)}` }
  }
  // Where a row has an owner, a reference of one account says nothing of another's request.
  const [reference] = writer.guard.scope === undefined ? existingRows(writer) : []
  if (reference !== undefined) return reference
  const [first] = properties
  return first && { name: first.name, value: `${writer.body()}${access(first.name)}` }
}

/** The ids of rows that exist, for references that a body leaves empty. */
export const givenReferences = (writer: Writer): string[] =>
  existingRows(writer).map(({ name, value }) => `${propertyKey(name)}: ${value}`)

const existingRows = (writer: Writer): { readonly name: string; readonly value: string }[] =>
  openProperties(writer.resource).flatMap((property) => {
    const value = property.kind === 'relation' ? existingRow(writer, property) : undefined
    return value === undefined ? [] : [{ name: property.name, value }]
  })

function statedValue(writer: Writer, property: Property): string | undefined {
  const { resource } = writer
  if (isJoint(resource, property.name)) return undefined
  if (property.kind === 'relation') return existingRow(writer, property)
  if (!isAskable(resource, property) || differsFromRow(resource, property.field)) return undefined
  const other = property.unique ? undefined : otherValue(resource, property.field)
  return other === undefined ? undefined : literal(other)
}

function differs({ resource }: Writer, property: Property): boolean {
  if (property.kind === 'field') return differsFromRow(resource, property.field)
  const { target } = property.relation
  // A body inserts the row that it has to refer to, unless one is shared or it is the sender.
  return property.required && target !== resource && !isShared(property) && !target.isAccount
}

/** The id of a row that an optional reference may have. */
function existingRow(writer: Writer, property: Property & { kind: 'relation' }): string | undefined {
  const { resource } = writer
  if (property.required || isJoint(resource, property.name) || !isAskable(resource, property))
    return undefined
  const { target } = property.relation
  // An account that only itself may read can only refer to itself.
  if (target.isAccount && target.policies.read.scope) return `server.me${access(target.id.name)}`
  if (!canCoexistWithAccount(writer, target, resource)) return undefined
  return `${writer.insert(targetGiven(target), target)}${access(target.id.name)}`
}
