import { keyOf, type Entity, type Shape, type ShapeProperty } from '#contract'
import { canBeSecret, looksLikeSecret } from '../../../blueprint/secret-names.ts'
import type { ReadOperation } from './operation.ts'

/** Whether a property of a row looks like a credential. */
export const isSecretProperty = (
  { name, shape }: ShapeProperty,
  entity: string,
  all: readonly ShapeProperty[],
): boolean =>
  canBeSecret(shape, name) &&
  looksLikeSecret(name, {
    entity,
    siblings: all.map((one) => one.name).filter((other) => other !== name),
  })

/** Operations that hand out credentials on purpose. */
const SIGN_IN = /log-?_?in|sign-?_?(in|up)|auth|token|session|register|refresh|\bkeys?\b|key$/i

/** A row is answered without its credentials, also where the document states them. Other answers, as of a sign-in, keep them. */
export function hideSecrets(operation: ReadOperation, entities: readonly Entity[]): ReadOperation {
  const { success, documentPath, id } = operation
  if (success.kind !== 'json' || SIGN_IN.test(documentPath) || SIGN_IN.test(id)) return operation
  const keys = new Set(entities.map((entity) => keyOf(entity).name))
  const hidden = (shape: Shape): Shape => {
    switch (shape.kind) {
      case 'array':
        return { ...shape, items: hidden(shape.items) }
      case 'record':
        return { ...shape, values: hidden(shape.values) }
      case 'object': {
        const isRow = shape.properties.some(({ name }) => keys.has(name))
        const kept = shape.properties.filter(
          (property) => !isRow || !isSecretProperty(property, '', shape.properties),
        )
        return { ...shape, properties: kept.map((one) => ({ ...one, shape: hidden(one.shape) })) }
      }
      default:
        return shape
    }
  }
  return { ...operation, success: { ...success, shape: hidden(success.shape) } }
}
