import type { Index } from '#contract'
import { makeNamespace } from '../../codegen/names.ts'
import type { Property, Resource, ResourceIndex } from './resource.ts'

/** The indexes of a resource, with their names in the database. */
export function makeIndexes({
  entity,
  table,
  properties: all,
}: Pick<Resource, 'entity' | 'table' | 'properties'>): ResourceIndex[] {
  const names = makeNamespace([], (name) => name.toLowerCase())
  const named = (list: readonly string[]): Property[] =>
    list.flatMap((name) => all.filter((property) => property.name === name))
  return (entity.indexes ?? []).map((index) => {
    // Unique indexes use the order of the row, as in conflict errors; others keep their own.
    const properties = index.unique
      ? all.filter(({ name }) => index.properties.includes(name))
      : named(index.properties)
    const where = (index.where ?? []).flatMap((rule) =>
      named([rule.property]).map((property) => ({ property, rule })),
    )
    return {
      name: names.take(nameOf(table, properties, index, where), ' '),
      properties,
      unique: index.unique,
      where,
      caseless: properties.filter(({ name }) => index.ignoreCase?.includes(name)),
    }
  })
}

/** `users.email ignoring case where deleted_at`. */
function nameOf(
  table: string,
  properties: readonly Property[],
  { ignoreCase }: Index,
  where: ResourceIndex['where'],
): string {
  const columns = (list: readonly Property[]) => list.map(({ column }) => column).join('.')
  return [
    `${table}.${columns(properties)}`,
    ...(ignoreCase ? ['ignoring case'] : []),
    ...(where.length > 0 ? [`where ${columns(where.map(({ property }) => property))}`] : []),
  ].join(' ')
}
