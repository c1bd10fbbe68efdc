import { access, propertyKey } from '../../../codegen/encode/property.ts'
import { camelCase, makeNamespace } from '../../../codegen/names.ts'
import { deciderOf, type Property, type Resource, type ResourceForeignKey } from '../resource.ts'

/** What decides the values of foreign keys of several properties in a fixture. */
type JointValues = {
  /** Statements that find or insert the rows that are referred to. */
  readonly lines: string[]
  /** The expression of a property that such a row decides; undefined for any other. */
  readonly valueOf: (property: Property) => string | undefined
}

/**
 * A row of each required foreign key is inserted first, unless its values are given; those that share a property with an
 * earlier one, such as the tenant of both, have its value. Optional ones are left empty.
 */
export function jointValues(resource: Resource, insert: (target: Resource) => string): JointValues {
  const names = makeNamespace(['n', 'target', 'given'])
  const known = new Map<string, string>()
  const lines = resource.foreignKeys
    .filter(({ required }) => required)
    .map((key) => {
      const { properties, target, targets } = key
      const name = names.take(`${camelCase(target.entity.name)}Row`)
      const open = properties.filter((property) => !known.has(property.name))
      const stated = properties.map((property, at) => {
        const value = known.get(property.name) ?? `given${access(property.name)}`
        return `${propertyKey(targets[at]!.name)}: ${value}`
      })
      const partly = properties.map((property, at) => {
        const value = known.get(property.name)
        const own = targets[at]!.name
        if (value !== undefined) return `${propertyKey(own)}: ${value}`
        return `...(given${access(property.name)} !== undefined && { ${propertyKey(own)}: given${access(property.name)} })`
      })
      for (const [at, property] of properties.entries())
        if (!known.has(property.name)) known.set(property.name, `${name}${access(targets[at]!.name)}`)
      const inserted = `${insert(target)}(target, { ${partly.join(', ')} })`
      const isGiven = open.map((property) => `given${access(property.name)} !== undefined`).join(' && ')
      return isGiven === ''
        ? `const ${name} = { ${stated.join(', ')} };`
        : `const ${name} = ${isGiven} ? { ${stated.join(', ')} } : ${inserted};`
    })
  return {
    lines,
    valueOf: ({ name }) => known.get(name) ?? (isLeftEmpty(resource, name) ? 'null' : undefined),
  }
}

/** Whether a fixture leaves out the property so that an optional foreign key refers to nothing. */
const isLeftEmpty = (resource: Resource, name: string): boolean =>
  deciderOf(resource, name) === undefined &&
  resource.foreignKeys.some((key: ResourceForeignKey) =>
    key.properties.some((property) => property.name === name && !property.required),
  )
