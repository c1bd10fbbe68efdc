import {
  keyOf,
  relationProperty,
  stampsOf,
  type CrudBinding,
  type CustomOperation,
  type Entity,
} from '#contract'
import { propertiesAt } from '../../../blueprint/lint/crud.ts'
import { simple } from './naming.ts'

/** With the properties of the body that a row has in another spelling: `FriendlyName` sets `friendly_name`. */
export function withRenamed(binding: CrudBinding, { body }: CustomOperation, entity: Entity): CrudBinding {
  if (!['create', 'update', 'replace'].includes(binding.action)) return binding
  const given = propertiesAt(body, binding.bodyAt) ?? []
  const names = new Set(given.map(({ name }) => name))
  const { created, updated } = stampsOf(entity)
  const automatic = new Set([keyOf(entity).name, created, updated])
  const stored = [...entity.fields.map(({ name }) => name), ...entity.belongsTo.map(relationProperty)]
  const bySpelling = new Map(stored.map((name) => [simple(name), name]))
  const renamed = given.flatMap(({ name }) => {
    const property = bySpelling.get(simple(name))
    if (property === undefined || property === name || names.has(property) || automatic.has(name)) return []
    return [{ name, property }]
  })
  const isDistinct = new Set(renamed.map(({ property }) => property)).size === renamed.length
  return renamed.length > 0 && isDistinct ? { ...binding, renamed } : binding
}
