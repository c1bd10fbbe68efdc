import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { propertiesAt } from '../../../../blueprint/lint/crud.ts'
import { literal, stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../../codegen/imports.ts'
import type { Crud } from '../../crud.ts'
import type { Resource } from '../../resource.ts'

export const bodyOf = ({ binding }: Crud): string => `body${binding.bodyAt.map(access).join('')}`

export const isRequired = ({ operation, binding }: Crud): boolean =>
  propertiesAt(operation.body, binding.bodyAt)?.find(({ name }) => name === binding.row?.name)?.required ===
  true

/** The key in the request, converted to the table's type. */
export function keyExpression({ operation, binding, row }: Crud): string {
  if (binding.row === null) throw new Error('a row without a key')
  const { in: where, name, property } = binding.row
  const text =
    where === 'path' ? `params${access(name)}` : `body${[...binding.bodyAt, name].map(access).join('')}`
  const isNumber = row.find((one) => one.name === property)?.shape.kind === 'integer'
  const given = operation.params.find((one) => one.name === name)?.shape.kind
  // A non-number matches nothing.
  return isNumber && where === 'path' && given !== 'integer' ? `Number(${text})` : text
}

/** Whether the path identifies the row by this property. */
export const isInPath = ({ binding: { row } }: Crud, name: string): boolean =>
  row?.in === 'path' && row.property === name

/** The owner of a row, and the account that asks. */
export const ownerOf = ({ owner }: Crud['binding']): string[] =>
  owner ? [`${propertyKey(owner)}: account.id`] : []

/** The rows of another entity that the account may refer to: its own, if they have owners. */
export const ownedBy = ({ binding }: Crud, { ownerProperty, policies }: Resource): string =>
  binding.owner !== undefined && ownerProperty !== undefined && policies.read.scope !== undefined
    ? `, { ${propertyKey(ownerProperty)}: account.id }`
    : ''

export function scopeOf({ binding }: Crud): string {
  const conditions = [
    ...binding.scope.map(({ param, property }) => `${propertyKey(property)}: params${access(param)}`),
    ...ownerOf(binding),
  ]
  return conditions.length > 0 ? `{ ${conditions.join(', ')} }` : ''
}

export function findBy(crud: Crud): string {
  const { binding, resource } = crud
  const conditions = [
    `${propertyKey(binding.row!.property)}: ${keyExpression(crud)}`,
    ...binding.scope.map(({ param, property }) => `${propertyKey(property)}: params${access(param)}`),
    ...ownerOf(binding),
  ]
  return `repositories.${resource.key}.findBy({ ${conditions.join(', ')} })`
}

export function referenceGuards(crud: Crud, imports: Imports): string[] {
  const body = bodyOf(crud)
  return crud.references.map(({ property, resource }) => {
    const kept = crud.kept.find((one) => one.property === property)
    const given = kept?.given ?? property.name
    const value = `${body}${access(given)}`
    const isGiven = [
      ...(kept?.isOptional ? [`${value} !== undefined`] : []),
      ...(kept?.mayBeNull ? [`${value} !== null`] : []),
    ]
    const test = [...isGiven, `!repositories.${resource.key}.find(${value}${ownedBy(crud, resource)})`].join(
      ' && ',
    )
    return `if (${test}) {
      throw ${imports.value('../errors.ts', 'unknownReference')}(${stringLiteral(given)}, ${stringLiteral(resource.label)});
    }`
  })
}

/** The values of a row: those of the body, and defaults for missing ones. */
export function valuesOf(crud: Crud): string {
  const { binding, kept, holdsMore, row, resource } = crud
  const body = bodyOf(crud)
  const isNew = binding.action === 'create'
  const fallback = (name: string) => resource.entity.fields.find((field) => field.name === name)?.default
  const completed = kept.flatMap(({ property, given, isOptional, mayBeNull }) => {
    const { name, shape, isAlwaysThere, hasDefault } = property
    const value = `${body}${access(given)}`
    // A value that a row always has stays where the body has null.
    if (binding.action === 'update')
      return mayBeNull && isAlwaysThere && !shape.nullable
        ? [`${propertyKey(name)}: ${value} ?? undefined`]
        : []
    // What the path identifies a row by stays, or nothing would find the row again.
    if (isInPath(crud, name))
      return isOptional ? [`${propertyKey(name)}: ${value} ?? ${keyExpression(crud)}`] : []
    if (hasDefault)
      return isOptional ? [`${propertyKey(name)}: ${value} ?? ${literal(fallback(name) ?? null)}`] : []
    if (isAlwaysThere) return isOptional && shape.nullable ? [`${propertyKey(name)}: ${value} ?? null`] : []
    if (isNew) return mayBeNull ? [`${propertyKey(name)}: ${value} ?? undefined`] : []
    return isOptional ? [`${propertyKey(name)}: ${value} ?? null`] : []
  })
  const scoped = [
    ...binding.scope.map(({ param, property }) => `${propertyKey(property)}: params${access(param)}`),
    ...ownerOf(binding),
  ]
  const taken = new Set([
    ...kept.map(({ property }) => property.name),
    ...binding.scope.map(({ property }) => property),
    ...(binding.owner ? [binding.owner] : []),
  ])
  const absent = isNew
    ? row
        .filter(({ name, isAutomatic, isAlwaysThere }) => !isAutomatic && isAlwaysThere && !taken.has(name))
        .map(
          ({ name, hasDefault }) =>
            `${propertyKey(name)}: ${hasDefault ? literal(fallback(name) ?? null) : 'null'}`,
        )
    : []
  const isCompleted = (name: string) => completed.some((line) => line.startsWith(`${propertyKey(name)}: `))
  const plain = holdsMore
    ? kept
        .filter(({ property }) => !isCompleted(property.name))
        .map(({ property, given }) => `${propertyKey(property.name)}: ${body}${access(given)}`)
    : kept.length > 0
      ? [`...${body}`]
      : []
  const all = [...plain, ...completed, ...absent, ...(isNew ? scoped : [])]
  return all.length === 1 && all[0] === `...${body}` ? body : `{ ${all.join(', ')} }`
}
