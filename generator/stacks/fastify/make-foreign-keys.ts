import type { Property, Resource, ResourceForeignKey } from './resource.ts'

/** The foreign keys of several properties, once every resource has its properties. */
export function makeForeignKeys(
  { entity, properties: own }: Pick<Resource, 'entity' | 'properties'>,
  byName: ReadonlyMap<string, Resource>,
): ResourceForeignKey[] {
  return (entity.foreignKeys ?? []).map(({ properties, target: name, targets, onDelete }) => {
    const target = byName.get(name)
    if (!target) throw new Error(`${entity.name} refers to ${name}, which is not an entity`)
    const found = properties.map((property) => named(own, property))
    return {
      properties: found,
      target,
      targets: targets.map((property) => named(target.properties, property)),
      onDelete,
      required: found.every((property) => property.required),
    }
  })
}

function named(properties: readonly Property[], name: string): Property {
  const found = properties.find((property) => property.name === name)
  if (!found) throw new Error(`a foreign key names ${name}, which is not a property`)
  return found
}
