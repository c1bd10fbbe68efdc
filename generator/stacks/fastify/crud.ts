import { keyOf, rowPropertyOf, type Blueprint, type CrudBinding, type CustomOperation } from '#contract'
import { propertiesAt } from '../../blueprint/lint/crud.ts'
import { rowProperties, type RowProperty } from '../../blueprint/lint/row-properties.ts'
import type { Resource } from './resource.ts'

/** A CRUD operation: its binding, resolved. */
export type Crud = {
  readonly operation: CustomOperation
  readonly binding: CrudBinding
  readonly resource: Resource
  /** The properties of a row. */
  readonly row: readonly RowProperty[]
  /** The properties of the body that are stored, and whether the body has others. */
  readonly kept: readonly KeptProperty[]
  readonly holdsMore: boolean
  /** The parent rows in the path, which must exist. */
  readonly parents: readonly { readonly param: string; readonly resource: Resource }[]
  /** Properties of the body that contain the key of another row. */
  readonly references: readonly { readonly property: RowProperty; readonly resource: Resource }[]
}

export type KeptProperty = {
  readonly property: RowProperty
  /** Its name in the body. */
  readonly given: string
  /** Optional in the body. */
  readonly isOptional: boolean
  /** Nullable in the body. */
  readonly mayBeNull: boolean
}

const WRITES = new Set<CrudBinding['action']>(['create', 'update', 'replace'])

export function makeCrud(
  operation: CustomOperation,
  {
    entities,
    resources,
  }: Pick<Blueprint, 'entities'> & { readonly resources: ReadonlyMap<string, Resource> },
): Crud | undefined {
  const { implementation: binding } = operation
  if (binding === undefined) return undefined
  const entity = entities.find(({ name }) => name === binding.entity)
  const resource = resources.get(binding.entity)
  if (!entity || !resource) throw new Error(`${operation.id} keeps ${binding.entity}, which is not an entity`)
  const row = rowProperties(entity, { entities })
  const scoped = new Set([
    ...binding.scope.map(({ property }) => property),
    ...(binding.owner ? [binding.owner] : []),
  ])
  const given = WRITES.has(binding.action) ? (propertiesAt(operation.body, binding.bodyAt) ?? []) : []
  const kept = given.flatMap(({ name, required, shape, default: value }): KeptProperty[] => {
    const property = row.find((one) => one.name === rowPropertyOf(binding, name))
    if (!property || property.isAutomatic || scoped.has(property.name)) return []
    return [
      { property, given: name, isOptional: !required && value === undefined, mayBeNull: shape.nullable },
    ]
  })
  // A new row sets its own key and timestamps.
  const harmless = binding.action === 'create' ? row.filter(({ isAutomatic }) => isAutomatic) : []
  return {
    operation,
    binding,
    resource,
    row,
    kept,
    holdsMore: given.some(
      ({ name }) =>
        !kept.some(({ property }) => property.name === name) && !harmless.some((own) => own.name === name),
    ),
    parents: binding.scope.flatMap(({ param, property }) => {
      const target = resources.get(row.find(({ name }) => name === property)?.target ?? '')
      return target ? [{ param, resource: target }] : []
    }),
    references: kept.flatMap(({ property }) => {
      const target = resources.get(property.target ?? '')
      return target ? [{ property, resource: target }] : []
    }),
  }
}

/** Whether a row is found by its key, not by another unique property. */
export const isByKey = ({ binding, resource }: Crud): boolean =>
  binding.row === null || binding.row.property === keyOf(resource.entity).name
