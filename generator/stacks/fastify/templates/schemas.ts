import { access, propertyKey } from '../../../codegen/encode/property.ts'
import type { Field } from '#contract'
import { commentText, literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { oneLine } from '../../../codegen/encode/text.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import { wordsOf } from '../../../codegen/names.ts'
import { refusesBlank } from '../../../blueprint/refuses-blank.ts'
import { patternCode, projectKind } from '../field-kinds.ts'
import { shapeSchema } from './operation-shapes.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, writableProperties, type Property, type Resource } from '../resource.ts'

/** Names of `Object.prototype` that a field can have: every object inherits them. */
const INHERITED = new Set(
  Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-zA-Z][a-zA-Z0-9]*$/.test(name)),
)

export const inheritedNames = (resource: Resource): string[] =>
  writableProperties(resource)
    .map(({ name }) => name)
    .filter((name) => INHERITED.has(name))

export const hasInheritedName = (resource: Resource): boolean => inheritedNames(resource).length > 0

/** `src/schemas/<entity>.ts`: the schemas of a row and its requests. */
export function schemasFile(resource: Resource, model: ProjectModel): string {
  const imports = makeImports()
  const body = [
    propertiesConstant(resource, imports),
    rowSchema(resource, imports),
    givenConstant(resource, imports),
    bodySchema(resource, model, imports),
    hasPatch(resource) ? patchSchema(resource, imports) : '',
    resource.operations.has('list') ? querySchema(resource, imports) : '',
    hasPage(resource, model) ? pageSchema(resource, imports) : '',
  ]
  return `${imports.render()}\n\n${body.filter(Boolean).join('\n\n')}\n`
}

function propertiesConstant(resource: Resource, imports: Imports): string {
  const properties = writableProperties(resource)
  if (properties.length === 0) return ''
  return `const properties = {
${properties.map((property) => `${propertyKey(property.name)}: ${propertySchema(resource, property, imports)},`).join('\n')}
};`
}

const refused = (resource: Resource): Property[] =>
  takesBodies(resource)
    ? writableProperties(resource).filter(
        (property) => property.kind === 'field' && givenChecks(property.field) !== '',
      )
    : []

const takesBodies = (resource: Resource): boolean =>
  resource.isAccount || hasCreate(resource) || hasPatch(resource)

export const givesText = (resource: Resource): boolean => refused(resource).length > 0

/** What a value of a request must be besides one that may be stored. */
function givenChecks(field: Field, imports?: Imports): string {
  const pattern = field.type.kind === 'string' ? patternCode(field.type) : ''
  const notBlank = refusesBlank(field)
    ? `.check(${imports?.value('../http/not-blank.ts', 'notBlank') ?? ''})`
    : ''
  return `${pattern}${notBlank}`
}

/** What requests give: rows that are stored already may hold blank text, or other text than a pattern says. */
function givenConstant(resource: Resource, imports: Imports): string {
  const properties = refused(resource)
  if (properties.length === 0) return ''
  const lines = properties.flatMap((property) => {
    if (property.kind !== 'field') return []
    const { name, field } = property
    if (field.type.kind !== 'string' || field.type.pattern === undefined)
      return [`${propertyKey(name)}: properties${access(name)}${givenChecks(field, imports)},`]
    const nullable = property.required || property.isOmitted ? '' : '.nullable()'
    const own = fieldSchema(resource, field, imports)
    return [`${propertyKey(name)}: ${own}${givenChecks(field, imports)}${nullable}${annotations(field)},`]
  })
  return `/** What requests give: ${givenWords(properties)}. */
const given = {
...properties,
${lines.join('\n')}
};`
}

function givenWords(properties: readonly Property[]): string {
  const fields = properties.flatMap((property) => (property.kind === 'field' ? [property.field] : []))
  return [
    ...(fields.some(refusesBlank) ? ['required text is not blank'] : []),
    ...(fields.some(({ type }) => type.kind === 'string' && type.pattern !== undefined)
      ? ['text matches its pattern']
      : []),
  ].join(', and ')
}

/** The constant with the properties of a body. */
const givenName = (resource: Resource): string => (givesText(resource) ? 'given' : 'properties')

/** The schema of the key. */
export function keySchema({ id }: Resource, z: string): string {
  switch (id.kind) {
    case 'uuid':
      return `${z}.uuid()`
    case 'integer':
      return `${z}.int()`
    case 'text':
      return `${z}.string()`
  }
}

function propertySchema(resource: Resource, property: Property, imports: Imports): string {
  const z = imports.value('zod', 'z')
  const nullable = property.required || property.isOmitted ? '' : '.nullable()'
  if (property.kind === 'relation') {
    return `${keySchema(property.relation.target, z)}${nullable}.describe(${stringLiteral(`The id of: ${property.relation.target.label}`)})`
  }
  return `${fieldSchema(resource, property.field, imports)}${nullable}${annotations(property.field)}`
}

function fieldSchema(resource: Resource, field: Field, imports: Imports): string {
  const z = imports.value('zod', 'z')
  // The email of an account is normalized, so that it is unique.
  if (resource.isAccount && field.name === 'email' && field.type.kind === 'email')
    return `${z}.string().check(${z}.trim(), ${z}.toLowerCase(), ${z}.email())`
  const type = field.type.kind === 'string' ? { ...field.type, pattern: undefined } : field.type
  return projectKind(type).schema(z, (shape) => shapeSchema(shape, noEntities, imports))
}

/** A JSON field stores input, and contains no rows. */
const noEntities = {
  resourceOf(name: string): never {
    throw new Error(`a field cannot hold a ${name}`)
  },
}

/** The description of a property. */
function annotations(field: Field): string {
  const label = oneLine(field.label)
  const saysMore = label.toLowerCase() !== wordsOf(field.name).join(' ')
  const said = oneLine(field.description ?? '') || (saysMore ? label : '')
  const setBy = field.setBy === undefined ? '' : `Set by ${field.setBy.join(', ')} only.`
  const description = [said && setBy ? said.replace(/(?<![.!?])$/, '.') : said, setBy]
    .filter(Boolean)
    .join(' ')
  if (field.example === undefined) return description ? `.describe(${stringLiteral(description)})` : ''
  const described = description ? `description: ${stringLiteral(description)}, ` : ''
  return `.meta({ ${described}examples: [${literal(field.example)}] })`
}

function rowSchema(resource: Resource, imports: Imports): string {
  const z = imports.value('zod', 'z')
  const owner = resource.properties.find(({ name }) => name === resource.ownerProperty)
  const ownerLine = owner ? `${propertyKey(owner.name)}: ${propertySchema(resource, owner, imports)},\n` : ''
  const role = resource.properties.some(({ isRole }) => isRole)
    ? `role: ${imports.value('../auth/roles.ts', 'Role')},\n`
    : ''
  const own = writableProperties(resource).length > 0 ? '...properties,\n' : ''
  const omitted = writableProperties(resource)
    .filter(({ isOmitted }) => isOmitted)
    .map(({ name }) => `${propertyKey(name)}: properties${access(name)}.optional(),\n`)
  const stamps = [resource.created, resource.updated].flatMap((stamp) =>
    stamp === undefined ? [] : [`${propertyKey(stamp.name)}: ${z}.iso.datetime(),\n`],
  )
  return `/** ${commentText(resource.label)}, as the API answers it. */
export const ${resource.typeName} = ${z}
  .object({
    ${propertyKey(resource.id.name)}: ${keySchema(resource, z)},
    ${own}${omitted.join('')}${role}${ownerLine}${stamps.join('')}
  })
  .meta({ id: '${resource.typeName}' });
export type ${resource.typeName} = ${z}.infer<typeof ${resource.typeName}>;`
}

function bodySchema(resource: Resource, model: ProjectModel, imports: Imports): string {
  const z = imports.value('zod', 'z')
  const verbs = [
    ...(resource.isAccount ? ['of a registration'] : hasCreate(resource) ? ['of POST'] : []),
    ...(resource.operations.has('update') ? ['of PUT'] : []),
  ]
  const comment =
    verbs.length > 0
      ? `/** The body ${verbs.join(' and ')}: what may be left out has a default.${resource.isAccount ? ' The password is apart.' : ''} */`
      : '/** What a new row is made of. */'
  const given = givenName(resource)
  const optional = writableProperties(resource).flatMap((property) => {
    const value = defaultOf(property)
    if (property.isOmitted)
      return [`${propertyKey(property.name)}: ${given}${access(property.name)}.optional(),`]
    return value === undefined
      ? []
      : [`${propertyKey(property.name)}: ${given}${access(property.name)}.default(${literal(value)}),`]
  })
  const own = writableProperties(resource).length > 0 ? `...${given},\n${optional.join('\n')}` : ''
  const schema = strictObject(resource, `{${own}}`, imports)
  const infer = `export type ${resource.bodyName} = ${z}.infer<typeof ${resource.bodyName}>;`
  if (!resource.isAccount || !model.hasAuthRoutes)
    return `${comment}\nexport const ${resource.bodyName} = ${schema};\n${infer}`
  return `const writable = {${own}};

${comment}
export const ${resource.bodyName} = ${strictObject(resource, 'writable', imports)};
${infer}

/** The body of a registration. */
export const RegisterBody = ${strictObject(resource, `{ ...writable, password: ${imports.value('../auth/passwords.ts', 'password')} }`, imports)};

/** The body of a login; the email is normalized as at registration. */
export const LoginBody = ${z}.strictObject({ email: properties.email, password: ${imports.value('../auth/passwords.ts', 'password')} });`
}

/** The default of a property in a body; `undefined` if it is required. */
export function defaultOf(property: Property): string | number | boolean | null | undefined {
  if (property.kind === 'field' && property.field.default !== undefined) return property.field.default
  return property.required ? undefined : null
}

function patchSchema(resource: Resource, imports: Imports): string {
  return `/** The body of PATCH: only what changes. */
export const ${resource.patchName} = ${strictObject(resource, givenName(resource), imports, `.partial().refine((body) => Object.keys(body).length > 0, 'Expected at least one property')`)};`
}

function strictObject(resource: Resource, shape: string, imports: Imports, suffix = ''): string {
  const object = `${imports.value('zod', 'z')}.strictObject(${shape})${suffix}`
  return hasInheritedName(resource)
    ? `${imports.value('../http/own-properties.ts', 'ownProperties')}(${object})`
    : object
}

/** A query parameter that filters rows by an exact value. */
export type Filter = { readonly parameter: string; readonly property: Property }

const PAGE_PARAMETERS = new Set(['limit', 'offset', 'sort', 'order', 'q'])

/** Exact filters exclude long text, measured numbers and timestamps. */
export function filtersOf(resource: Resource): Filter[] {
  const filtered = resource.properties.filter((property) => {
    // Useless if it always has the same value.
    const { scope, beyond } = resource.policies.list
    if (property.name === scope && beyond.length === 0) return false
    return property.kind === 'relation' || projectKind(property.field.type).filter !== null
  })
  const names = new Set(filtered.map(({ name }) => name))
  return filtered.map((property) => {
    let parameter = property.name
    if (PAGE_PARAMETERS.has(parameter)) {
      do parameter = `${parameter}Is`
      while (names.has(parameter))
    }
    return { parameter, property }
  })
}

export const isSearchable = (property: Property): boolean =>
  property.kind === 'field' && projectKind(property.field.type).isSearched

export const hasSearch = (resource: Resource): boolean =>
  resource.operations.has('list') && resource.properties.some(isSearchable)

function querySchema(resource: Resource, imports: Imports): string {
  const z = imports.value('zod', 'z')
  const pagination = '../http/pagination.ts'
  const sortable = [
    ...(resource.created ? [resource.created.name] : [resource.id.name]),
    ...(resource.updated ? [resource.updated.name] : []),
    ...resource.properties.filter(isSortable).map(({ name }) => name),
  ]
  const search = hasSearch(resource)
    ? `q: ${z}.string().min(1).max(200).optional().describe('Text to look for in: ${resource.properties
        .filter(isSearchable)
        .map(({ name }) => name)
        .join(', ')}.'),\n`
    : ''
  const filters = filtersOf(resource).map(
    ({ parameter, property }) => `${propertyKey(parameter)}: ${filterSchema(property, imports)}.optional(),`,
  )
  return `/** The query of a list: a page, its order and what to look for. */
export const ${resource.queryName} = ${strictObject(
    resource,
    `{
  ...${imports.value(pagination, 'pageQuery')},
  sort: ${z}.enum([${sortable.map((name) => `'${name}'`).join(', ')}])${resource.created ? `.default('${resource.created.name}')` : '.optional()'},
  order: ${imports.value(pagination, 'sortOrder')},
  ${search}${filters.join('\n')}
}`,
    imports,
  )};`
}

/** Whether the entity has a list response. */
const hasPage = (resource: Resource, { links }: ProjectModel): boolean =>
  resource.operations.has('list') || links.some(({ left, right }) => left === resource || right === resource)

function pageSchema(resource: Resource, imports: Imports): string {
  return `export const ${resource.pageName} = ${imports.value('../http/pagination.ts', 'pageOf')}(${resource.typeName}).meta({ id: '${resource.pageName}' });`
}

const isSortable = (property: Property): boolean =>
  property.kind === 'field' && projectKind(property.field.type).isSortable

function filterSchema(property: Property, imports: Imports): string {
  const pagination = '../http/pagination.ts'
  const z = imports.value('zod', 'z')
  if (property.kind === 'relation') {
    const { target } = property.relation
    return target.id.kind === 'integer' ? imports.value(pagination, 'queryInteger') : keySchema(target, z)
  }
  if (property.isRole) return imports.value('../auth/roles.ts', 'Role')
  const { filter } = projectKind(property.field.type)
  if (filter === 'one of the values')
    return `properties${access(property.name)}${property.required || property.isOmitted ? '' : '.unwrap()'}`
  return filter === null || filter === 'text' ? `${z}.string()` : imports.value(pagination, filter)
}
