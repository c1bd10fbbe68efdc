import type { Blueprint, CustomOperation, Shape, Success } from '#contract'
import { rowProperties } from '../../blueprint/lint/row-properties.ts'

/**
 * Replaces whole rows in the answers of an operation by their properties as they are now, so that these stay the same when
 * the rows of such entities change.
 */
export function spellOutRows(
  operation: CustomOperation,
  entities: ReadonlySet<string>,
  blueprint: Blueprint,
): CustomOperation {
  const spelled = (shape: Shape): Shape => {
    switch (shape.kind) {
      case 'entity': {
        const entity = blueprint.entities.find(({ name }) => name === shape.entity)
        if (!entity || !entities.has(entity.name)) return shape
        const properties = rowProperties(entity, blueprint).map(({ name, shape: own, isAlwaysThere }) => ({
          name,
          shape: own,
          required: isAlwaysThere,
        }))
        return { kind: 'object', properties, nullable: shape.nullable }
      }
      case 'array':
        return { ...shape, items: spelled(shape.items) }
      case 'record':
        return { ...shape, values: spelled(shape.values) }
      case 'object':
        return {
          ...shape,
          properties: shape.properties.map((one) => ({ ...one, shape: spelled(one.shape) })),
        }
      default:
        return shape
    }
  }
  const spelledIn = <S extends Success>(success: S): S =>
    success.kind === 'json' ? { ...success, shape: spelled(success.shape) } : success
  const { responses } = operation
  return {
    ...operation,
    responses: {
      ...responses,
      success: spelledIn(responses.success),
      ...(responses.others && { others: responses.others.map(spelledIn) }),
    },
  }
}
