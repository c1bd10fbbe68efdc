import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../../codegen/imports.ts'
import type { ProjectModel } from '../../model.ts'
import { referenceGuard, referencesOf, type Property, type Resource } from '../../resource.ts'
import { scopeOf } from '../guard-code.ts'
import { andScope } from './row-access.ts'

export const hasPrivateReferences = (resource: Resource): boolean =>
  referencesOf(resource).some((property) => referenceGuard(property).scope !== undefined)

export const checkCall = (resource: Resource): string =>
  `checkReferences(repositories, request.body${hasPrivateReferences(resource) ? ', account' : ''});`

/** The type of the key of a row. */
export const idType = ({ id }: Resource): string => (id.kind === 'integer' ? 'number' : 'string')

export function referenceCheck(resource: Resource, { account }: ProjectModel, imports: Imports): string {
  const references = referencesOf(resource)
  const types = references.map(
    ({ name, required, relation: { target } }) =>
      `${propertyKey(name)}?: ${idType(target)} ${required ? '' : '| null'} | undefined;`,
  )
  const who =
    account && hasPrivateReferences(resource)
      ? imports.type(`../schemas/${account.fileName}.ts`, account.typeName)
      : undefined
  const repositories = imports.type('../database/repositories.ts', 'Repositories')
  return `/** Refuses ids of rows that do not exist${who ? ', or that this account may not refer to' : ''}. */
function checkReferences(
  repositories: ${repositories},
  body: { ${types.join(' ')} },
  ${who ? `account: ${who},` : ''}
): void {
  ${references.map((property) => checkOf(property, imports)).join('\n')}
}`
}

/** Whether a body has the key; an empty string and zero are also valid keys. */
export const isGiven = ({ name, relation: { target } }: Property & { kind: 'relation' }): string =>
  target.id.kind === 'uuid' ? `body${access(name)}` : `typeof body${access(name)} === '${idType(target)}'`

function checkOf(property: Property & { kind: 'relation' }, imports: Imports): string {
  const { target } = property.relation
  const scope = andScope(scopeOf(referenceGuard(property), imports, 'account'))
  return `if (${isGiven(property)} && !repositories.${target.key}.find(body${access(property.name)}${scope})) {
    throw ${imports.value('../errors.ts', 'unknownReference')}('${property.name}', ${stringLiteral(target.label)});
  }`
}
