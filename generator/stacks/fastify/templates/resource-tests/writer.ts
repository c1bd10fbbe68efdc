import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import { type Imports } from '../../../../codegen/imports.ts'
import type { ProjectModel } from '../../model.ts'
import type { Property, Resource } from '../../resource.ts'
import type { Guard } from '../../guard.ts'
import { nobodyHas } from '../fixtures.ts'
import { requiredTargets, hasUniqueOwner, canCoexist } from '../row-capacity.ts'
import { inheritedNames } from '../schemas.ts'

export type Writer = {
  /** The guard of the tested operation. */
  readonly guard: Guard
  /** The role of the sender; empty if there are no roles. */
  readonly role: string
  /** The line that starts the server with an allowed sender. */
  readonly server: string
  readonly resource: Resource
  readonly model: ProjectModel
  readonly imports: Imports
  /** A fixture call; its import is added. */
  readonly body: (given?: string, target?: string) => string
  readonly insert: (given?: string, resource?: Resource, target?: string) => string
}

/** A role that passes these guards without an exemption, which has separate tests. */
export function roleBehind(guards: readonly Guard[], roles: readonly string[]): string {
  const may = roles.filter((role) =>
    guards.every((guard) => guard.roles.length === 0 || guard.roles.includes(role)),
  )
  return may.find((role) => guards.every(({ beyond }) => !beyond.includes(role))) ?? may[0] ?? ''
}

export const startLine = (role: string, { roles }: ProjectModel): string =>
  `await using server = await startServer(${role === roles[0] || role === '' ? '' : stringLiteral(role)});`

export const group = (name: string, tests: string[]): string =>
  `describe(${stringLiteral(name)}, () => {\n${tests.filter(Boolean).join('\n\n')}\n});`

export const test = (name: string, ...lines: string[]): string =>
  `it(${stringLiteral(name)}, async () => {\n${lines.filter(Boolean).join('\n')}\n});`

export const status = (code: number, response = 'response'): string =>
  `assert.equal(${response}.statusCode, ${code});`

/** An object literal; nothing for no properties. */
export const objectOf = (properties: readonly string[]): string =>
  properties.length > 0 ? `{ ${properties.join(', ')} }` : ''

/** The path of one row; `row` is an expression. */
export const one = (resource: Resource, row = 'row'): string =>
  `\`${resource.path}/\${${row}${access(resource.id.name)}}\``

export const missingPath = (resource: Resource): string => `'${resource.path}/${nobodyHas(resource)}'`

/** The same as an expression, for a body. */
export const nobodyHasCode = (resource: Resource): string =>
  resource.id.kind === 'integer' ? nobodyHas(resource) : `'${nobodyHas(resource)}'`

/** The owner property of a row of `me`; empty if rows have no owner. */
function mine({ isAccount, ownerProperty }: Resource): string {
  return !isAccount && ownerProperty ? `${propertyKey(ownerProperty)}: server.me.id` : ''
}

/** A row that `me` may read and change. */
export function ownRow(writer: Writer): string {
  const { resource } = writer
  if (resource.isAccount && writer.guard.scope !== undefined) return 'server.me'
  const owner = mine(resource)
  return writer.insert(owner ? `{ ${owner} }` : '')
}

export const insertMine = (writer: Writer, ...given: string[]): string => {
  const properties = [mine(writer.resource), ...given].filter(Boolean).join(', ')
  return writer.insert(properties ? `{ ${properties} }` : '')
}

/** Whether all these rows can exist next to the sender's account. */
export const canCoexistWithAccount = ({ model: { account } }: Writer, ...rows: Resource[]): boolean =>
  canCoexist(...(account ? [account] : []), ...rows)

/** Whether one account can have two rows. */
export const canHaveTwo = (writer: Writer): boolean =>
  canCoexistWithAccount(writer, writer.resource, writer.resource) && !hasUniqueOwner(writer.resource)

/** Whether the sender's account requires a row of this entity, so that lists have more rows than a test inserts. */
export const isPopulated = ({ resource, model: { account } }: Writer): boolean =>
  account !== undefined && requiredTargets(account).has(resource)

/** Fixture types exclude built-in property names. */
export const isAskable = (resource: Resource, { name }: Property): boolean =>
  !inheritedNames(resource).includes(name)

export const targetGiven = (target: Resource): string => {
  const owner = mine(target)
  return owner ? `{ ${owner} }` : ''
}
