import { propertyKey } from '../../../codegen/encode/property.ts'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports } from '../../../codegen/imports.ts'
import { projectKind } from '../field-kinds.ts'
import type { ProjectModel } from '../model.ts'
import { isConditional, ownNames, relationsOf, type Property, type Resource } from '../resource.ts'
import { conditionInErrors } from './index-conditions.ts'
import { hasSearch, isSearchable } from './schemas.ts'

/** `src/repositories/<entity>.ts`: the table of one entity. */
export function repositoryFile(resource: Resource, model: ProjectModel): string {
  const imports = makeImports()
  const type = imports.type(`../schemas/${resource.fileName}.ts`, resource.typeName)
  const searched = hasSearch(resource)
  const columns = [
    own(resource.id),
    ...resource.properties.map((property) => `${propertyKey(property.name)}: ${column(property, searched)},`),
    own(resource.created),
    own(resource.updated),
  ].filter(Boolean)
  const restrictedBy = restrictionsOf(resource, model)
  const body = `/** Reads and writes of the table ${resource.table}. */
export function ${resource.repositoryFunction}(database: ${imports.type('node:sqlite', 'DatabaseSync')}) {
  return ${imports.value('../database/table.ts', 'makeTable')}<${[type, ...(model.isExact ? ownTypes(resource) : [])].join(', ')}>(database, {
    name: '${resource.table}',
    label: ${stringLiteral(resource.label)},
    ${model.isExact ? exactTraits(resource) : ''}columns: {
      ${columns.join('\n')}
    },
    ${namedIndexes(resource)}${jointReferences(resource, model)}${restrictedBy.length > 0 ? `restrictedBy: [${restrictedBy.join(', ')}],` : ''}
  });
}`
  return `${imports.render()}\n\n${body}\n`
}

const own = (one: { readonly name: string; readonly column: string } | undefined): string =>
  one === undefined ? '' : `${propertyKey(one.name)}: { name: '${one.column}' },`

/** The properties that the table sets itself, excluded from writes. */
const ownTypes = (resource: Resource): string[] => [
  `'${resource.id.name}'`,
  ownNames(resource)
    .map((name) => `'${name}'`)
    .join(' | '),
]

const exactTraits = ({ id, created, updated }: Resource): string =>
  [
    `key: '${id.name}',`,
    id.kind === 'integer' ? 'isNumbered: true,' : '',
    created ? `created: '${created.name}',` : '',
    updated ? `updated: '${updated.name}',` : '',
  ]
    .filter(Boolean)
    .map((line) => `${line}\n`)
    .join('')

function column(property: Property, searched: boolean): string {
  const trait = property.kind === 'field' ? projectKind(property.field.type).column.trait : null
  const traits = [
    `name: '${property.column}'`,
    ...(trait === null ? [] : [`${trait}: true`]),
    ...(property.isOmitted ? ['isOmitted: true'] : []),
    ...(searched && isSearchable(property) ? ['isSearchable: true'] : []),
  ]
  return `{ ${traits.join(', ')} }`
}

/** The unique indexes of which an error of SQLite does not say everything. */
function namedIndexes(resource: Resource): string {
  const entries = resource.indexes.filter(isConditional).map((index) => {
    const said = conditionInErrors(index, resource)
    const names = index.properties.map(({ name }) => stringLiteral(name)).join(', ')
    return `{ name: ${stringLiteral(index.name)}, properties: [${names}]${said && `, where: ${stringLiteral(said)}`} },`
  })
  return entries.length === 0 ? '' : `uniqueIndexes: [\n${entries.join('\n')}\n],\n`
}

/** Foreign keys of several properties, from here and to here, so that an error says which rows it is about. */
function jointReferences(resource: Resource, model: ProjectModel): string {
  const list = (properties: readonly Property[], of: 'name' | 'column') =>
    `[${properties.map((property) => stringLiteral(property[of])).join(', ')}]`
  const own = resource.foreignKeys.map(
    ({ properties, target, targets }) =>
      `{ properties: ${list(properties, 'name')}, table: '${target.table}', columns: ${list(targets, 'column')}, label: ${stringLiteral(target.label)} },`,
  )
  const others = model.resources.flatMap((other) =>
    other.foreignKeys
      .filter(({ target }) => target === resource)
      .map(
        ({ properties, targets, onDelete }) =>
          `{ properties: ${list(targets, 'name')}, table: '${other.table}', columns: ${list(properties, 'column')}, label: ${stringLiteral(other.labelPlural)}${onDelete === 'restrict' ? ', isRestricting: true' : ''} },`,
      ),
  )
  return [
    own.length > 0 ? `jointReferences: [${own.join('\n')}],\n` : '',
    others.length > 0 ? `jointlyReferredBy: [${others.join('\n')}],\n` : '',
  ].join('')
}

function restrictionsOf(resource: Resource, model: ProjectModel): string[] {
  return model.resources.flatMap((other) =>
    relationsOf(other)
      .filter(({ relation }) => relation.target === resource && relation.onDelete === 'restrict')
      .map(
        ({ column }) =>
          `{ table: '${other.table}', column: '${column}', label: ${stringLiteral(other.labelPlural)} }`,
      ),
  )
}

/** `src/database/repositories.ts`: all repositories. */
export function repositoriesFile(model: ProjectModel): string {
  const imports = makeImports()
  const entries = model.resources.map(
    (resource) =>
      `${resource.key}: ${imports.value(`../repositories/${resource.fileName}.ts`, resource.repositoryFunction)}(database),`,
  )
  const links = model.links.map((link) => {
    const definition = `{ table: '${link.table}', left: '${link.leftColumn}', right: '${link.rightColumn}' }`
    const comment = commentText(`${link.left.labelPlural} and ${link.right.labelPlural}, many to many.`)
    return `/** ${comment} */\n${link.key}: ${imports.value('./links.ts', 'makeLinks')}(database, ${definition}),`
  })
  const body = `export type Repositories = ReturnType<typeof makeRepositories>;

/** All repositories. */
export function makeRepositories(${entries.length === 0 ? '_database' : 'database'}: ${imports.type('node:sqlite', 'DatabaseSync')}) {
  return {
    ${[...entries, ...links].join('\n')}
  };
}`
  return `${imports.render()}\n\n${body}\n`
}
