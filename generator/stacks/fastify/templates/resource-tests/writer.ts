import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import { type Imports } from '../../../../codegen/imports.ts'
import type { ProjectModel } from '../../model.ts'
import type { Property, Resource } from '../../resource.ts'
import type { Guard } from '../../guard.ts'
import { nobodyHas } from '../fixtures.ts'
import { requiredTargets, hasUniqueOwner, canCoexist } from '../row-capacity.ts'
import { inheritedNames } from '../schemas.ts'

export type Writer = {
  /** What stands before the operation that is tested. */
  readonly guard: Guard
  /** The role of the account that asks; empty where there are no roles. */
  readonly role: string
  /** The line that starts the server, so that the account that asks may do what is tested. */
  readonly server: string
  readonly resource: Resource
  readonly model: ProjectModel
  readonly imports: Imports
  /** The name of a fixture, which is imported by asking for it. */
  readonly body: (given?: string, target?: string) => string
  readonly insert: (given?: string, resource?: Resource, target?: string) => string
}

/** The role that may do what stands behind these guards, by itself alone: what a role opens has tests of its own. */
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

/** The way to one row; `row` is an expression. */
export const one = (resource: Resource, row = 'row'): string =>
  `\`${resource.path}/\${${row}.${resource.id.name}}\``

export const missingPath = (resource: Resource): string => `'${resource.path}/${nobodyHas(resource)}'`

/** The same as an expression, for a body. */
export const nobodyHasCode = (resource: Resource): string =>
  resource.id.kind === 'integer' ? nobodyHas(resource) : `'${nobodyHas(resource)}'`

/** The object that says `me` owns a row of this resource; empty where rows have no owner. */
function mine({ isAccount, ownerProperty }: Resource): string {
  return !isAccount && ownerProperty ? `${ownerProperty}: server.me.id` : ''
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

/** Whether there can be all these rows beside the account that asks. */
export const canCoexistWithAccount = ({ model: { account } }: Writer, ...rows: Resource[]): boolean =>
  canCoexist(...(account ? [account] : []), ...rows)

/** Whether two rows can exist that one account may change. */
export const canHaveTwo = (writer: Writer): boolean =>
  canCoexistWithAccount(writer, writer.resource, writer.resource) && !hasUniqueOwner(writer.resource)

/** Whether the account that asks had to refer to a row of this kind, so that a list has more than a test inserts. */
export const isPopulated = ({ resource, model: { account } }: Writer): boolean =>
  account !== undefined && requiredTargets(account).has(resource)

/** The types of the fixtures leave out names that every object has. */
export const isAskable = (resource: Resource, { name }: Property): boolean =>
  !inheritedNames(resource).includes(name)

export const targetGiven = (target: Resource): string => {
  const owner = mine(target)
  return owner ? `{ ${owner} }` : ''
}
