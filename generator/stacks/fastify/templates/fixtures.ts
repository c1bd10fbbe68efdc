import { access, bound, propertyKey, variableOf } from '../../../codegen/encode/property.ts'
import { commentText } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import { lockedProperties, referencesOf, writableProperties, type Resource } from '../resource.ts'
import { jointValues } from './joint-fixtures.ts'
import { inheritedNames } from './schemas.ts'
import { idType } from './routes/reference-check.ts'
import { hasUniqueOwner, isScarce, isShared } from './row-capacity.ts'
import { needsNumber, sampleExpression, unsetValue } from './sample-code.ts'

/** The names of an entity's fixture functions. */
export const bodyFunction = (resource: Resource): string =>
  `${resource.repositoryFunction.replace(/^make|Repository$/g, '').replace(/^./, (first) => first.toLowerCase())}Body`
/** A body as every sender may send it: the same, but for fields that only some roles set. */
export const requestFunction = (resource: Resource): string =>
  lockedProperties(resource).length > 0
    ? bodyFunction(resource).replace(/Body$/, 'Request')
    : bodyFunction(resource)
export const insertFunction = (resource: Resource): string =>
  resource.repositoryFunction.replace(/^make(.*)Repository$/, 'insert$1Row')
/** For scarce entities only: finds a row, or inserts the first. */
export const shareFunction = (resource: Resource): string =>
  resource.repositoryFunction.replace(/^make(.*)Repository$/, 'share$1Row')

/** `tests/support/fixtures.ts`: valid bodies, and rows with their dependencies. */
export function fixturesFile(model: ProjectModel): string {
  if (model.resources.length === 0) return '/** This service keeps no rows. */\nexport {};\n'
  const imports = makeImports()
  const functions = model.resources.flatMap((resource) => [
    bodyFixture(resource, imports),
    ...(lockedProperties(resource).length > 0 ? [requestFixture(resource)] : []),
    insertFixture(resource, model, imports),
    ...(isScarce(resource) && isReferredTo(resource, model) ? [shareFixture(resource, imports)] : []),
  ])
  const repositories = imports.type('../../src/database/repositories.ts', 'Repositories')
  const account = model.account
  const hasPasswords = givesPasswords(model)
  const body = `${
    account
      ? `/** What the rows go into; those that have an owner belong to \`me\`, once there is one. */
type Target = { repositories: ${repositories}; nextNumber: (key: keyof ${repositories}) => number; me?: ${imports.type(`../../src/schemas/${account.fileName}.ts`, account.typeName)}${hasPasswords ? `; setPassword?: (accountId: ${idType(account)}) => void` : ''} };`
      : `/** What the rows go into. */
type Target = { repositories: ${repositories}; nextNumber: (key: keyof ${repositories}) => number };`
  }

${functions.join('\n\n')}
${account ? accountFixture(account, hasPasswords) : ''}`
  return `${imports.render()}\n\n${body}`
}

/** Whether operations check passwords, so that the accounts of tests need one. */
export const givesPasswords = ({ customs }: ProjectModel): boolean =>
  customs.some(({ takesPassword }) => takesPassword)

function accountFixture(account: Resource, hasPasswords: boolean): string {
  if (!hasPasswords)
    return `\n/** An account without a password: it cannot sign in, but a token of it is valid. */\nexport const insertAccount = ${insertFunction(account)};\n`
  return `
/** An account with the password of all accounts in tests. */
export const insertAccount = ${insertFunction(account)};

function withPassword(target: Target, account: ${account.typeName}): ${account.typeName} {
  target.setPassword?.(account.id);
  return account;
}
`
}

/** Some properties of a body; built-in names are excluded, or `{}` would not match. */
function givenType(resource: Resource): string {
  const inherited = inheritedNames(resource)
  if (inherited.length === 0) return `Partial<${resource.bodyName}>`
  return `Partial<Omit<${resource.bodyName}, ${inherited.map((name) => `'${name}'`).join(' | ')}>>`
}

function bodyFixture(resource: Resource, imports: Imports): string {
  const type = imports.type(`../../src/schemas/${resource.fileName}.ts`, resource.bodyName)
  const properties = writableProperties(resource)
  const needed = referencesOf(resource).filter(
    ({ required, relation }) => required && relation.target !== resource,
  )
  const joint = jointValues(resource, insertFunction)
  const lines = properties.map((property) => {
    const decided = joint.valueOf(property)
    if (decided !== undefined) return `${propertyKey(property.name)}: ${decided},`
    if (property.kind === 'field')
      return `${propertyKey(property.name)}: ${sampleExpression(resource, property.field)},`
    if (!property.required) return `${propertyKey(property.name)}: null,`
    if (property.relation.target === resource)
      return `${propertyKey(property.name)}: ${resource.id.kind === 'integer' ? '0' : "''"},`
    const { target } = property.relation
    // An account that only itself may read can only refer to itself.
    const row =
      target.isAccount && target.policies.read.scope
        ? `(target.me ?? ${insertFunction(target)}(target))`
        : `${isShared(property) ? shareFunction(target) : insertFunction(target)}(target)`
    return `${propertyKey(property.name)}: given${access(property.name)} ?? ${row}${access(target.id.name)},`
  })
  const usesTarget = needed.length > 0 || joint.lines.length > 0 || needsNumber(resource)
  const number = needsNumber(resource) ? `const n = target.nextNumber('${resource.key}');\n` : ''
  const comment = `/** A valid body: ${commentText(resource.label)}.${needed.length > 0 ? ' What it has to refer to is inserted first.' : ''} */`
  if (properties.length === 0)
    return `${comment}\nexport const ${bodyFunction(resource)} = (): ${type} => ({});`
  return `${comment}
export function ${bodyFunction(resource)}(${usesTarget ? 'target' : '_target'}: Target, given: ${givenType(resource)} = {}): ${type} {
  ${number}${joint.lines.map((line) => `${line}\n`).join('')}return { ${lines.join('\n')} ...given };
}`
}

function requestFixture(resource: Resource): string {
  const locked = lockedProperties(resource).map(({ name }) => name)
  return `/** The same without what only some roles set. */
export function ${requestFunction(resource)}(target: Target, given: ${givenType(resource)} = {}): Omit<${resource.bodyName}, ${locked.map((name) => `'${name}'`).join(' | ')}> {
  const { ${locked.map((name) => `${propertyKey(name)}: _${variableOf(name)}`).join(', ')}, ...request } = ${bodyFunction(resource)}(target, given);
  return request;
}`
}

function insertFixture(resource: Resource, model: ProjectModel, imports: Imports): string {
  const type = imports.type(`../../src/schemas/${resource.fileName}.ts`, resource.typeName)
  const owner = resource.ownerProperty
  const inserted = `target.repositories.${resource.key}.insert`
  const insert = (values: string): string =>
    resource.isAccount && givesPasswords(model)
      ? `withPassword(target, ${inserted}(${values}))`
      : `${inserted}(${values})`
  const hasRole = resource.properties.some(({ isRole }) => isRole)
  const role = hasRole ? imports.value('../../src/auth/roles.ts', 'initialRole') : ''
  const ownRelation = referencesOf(resource).find(
    ({ required, relation }) => required && relation.target === resource,
  )
  const hasBody = writableProperties(resource).length > 0
  const unset = unsetValues(resource)
  const values = unset.length > 0 ? `{ ${unset.join(', ')}, ...given }` : 'given'
  const body = hasBody ? `${bodyFunction(resource)}(target, ${values})` : `${bodyFunction(resource)}()`
  const lines: string[] = []
  if (owner && model.account) {
    const fallback = hasUniqueOwner(resource)
      ? `${insertFunction(model.account)}(target).id`
      : `(target.me ?? ${insertFunction(model.account)}(target)).id`
    const rest = hasBody ? ', ...given' : ''
    lines.push(`const { ${bound(owner)} = ${fallback}${rest} } = values;`)
    lines.push(`return ${insert(`{ ...${body}, ${bound(owner)} }`)};`)
    const given = hasBody
      ? `${givenType(resource)} & { ${propertyKey(owner)}?: ${idType(model.account)} }`
      : `{ ${propertyKey(owner)}?: ${idType(model.account)} }`
    return `export function ${insertFunction(resource)}(target: Target, values: ${given} = {}): ${type} {\n${lines.join('\n')}\n}`
  }
  if (ownRelation && !hasRole) {
    const id =
      resource.id.kind === 'integer'
        ? `const id = target.nextNumber('${resource.key}');`
        : `const id = ${imports.value('node:crypto', 'randomUUID')}();`
    return `/** The first row can only refer to itself. */
export function ${insertFunction(resource)}(target: Target, given: ${givenType(resource)} = {}): ${type} {
  ${id}
  return ${insert(`${bodyFunction(resource)}(target, { ${[`${propertyKey(ownRelation.name)}: id`, ...unset].join(', ')}, ...given }), id`)};
}`
  }
  if (hasRole) {
    const roleType = imports.type('../../src/auth/roles.ts', 'Role')
    return `export const ${insertFunction(resource)} = (target: Target, { role = ${role}, ...given }: ${givenType(resource)} & { role?: ${roleType} } = {}): ${type} =>\n  ${insert(`{ ...${body}, role }`)};`
  }
  if (!hasBody)
    return `export const ${insertFunction(resource)} = (target: Target): ${type} => ${insert(body)};`
  return `export const ${insertFunction(resource)} = (target: Target, given: ${givenType(resource)} = {}): ${type} =>\n  ${insert(body)};`
}

/** A row that nobody says more about: optional properties are null, or have their default. */
function unsetValues(resource: Resource): string[] {
  const inherited = inheritedNames(resource)
  return writableProperties(resource).flatMap((property) => {
    if (property.kind === 'relation' || inherited.includes(property.name)) return []
    const value = unsetValue(resource, property.field)
    return value === undefined ? [] : [`${propertyKey(property.name)}: ${value}`]
  })
}

/** A valid key that no row has. */
export const nobodyHas = ({ id }: Resource): string =>
  id.kind === 'integer' ? '999999999' : '00000000-0000-4000-8000-000000000000'

/** The first rows, in creation order. */
export const pageRequest = ({ created }: Resource, limit: number): string =>
  `limit: ${limit}, offset: 0${created ? `, sort: '${created.name}', order: 'asc'` : ''}`

const isReferredTo = (resource: Resource, { resources, links }: ProjectModel): boolean =>
  links.some(({ right }) => right === resource) ||
  resources.some((other) =>
    referencesOf(other).some(
      (property) => property.required && property.relation.target === resource && isShared(property),
    ),
  )

function shareFixture(resource: Resource, imports: Imports): string {
  const type = imports.type(`../../src/schemas/${resource.fileName}.ts`, resource.typeName)
  const owner = resource.ownerProperty
  const where = owner ? `, where: { ${propertyKey(owner)}: target.me?.id }` : ''
  const insert = owner
    ? `${insertFunction(resource)}(target, target.me && { ${propertyKey(owner)}: target.me.id })`
    : `${insertFunction(resource)}(target)`
  return `/** There can be only so many of these: rows that refer to one share it. */
export function ${shareFunction(resource)}(target: Target): ${type} {
  const { data: [known] } = target.repositories.${resource.key}.page({ ${pageRequest(resource, 1)}${where} });
  return known ? { ...known } : ${insert};
}`
}
