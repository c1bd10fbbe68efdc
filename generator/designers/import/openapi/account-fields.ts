import { ROW_NAME, type Field, type Shape, type ShapeProperty } from '#contract'
import { looksLikeSecret } from '../../../blueprint/secret-names.ts'
import { toField } from './make-field.ts'
import { simple } from './naming.ts'
import type { ReadOperation } from './operation.ts'
import type { Resolve } from './resolve.ts'

/** What an account may do is granted by the operator, never chosen at registration. */
export const GRANTED = /^(roles?|isadmin|isstaff|issuperuser|admin|superuser|permissions?|scopes?)$/

/**
 * What accounts have beyond what they register with: properties that may be null in the answer of registration or sign-in
 * and that another request of a signed-in caller sets, in whose answer the account is as well.
 */
export function changedLater(
  read: readonly ReadOperation[],
  signIns: readonly ReadOperation[],
  given: {
    readonly fields: readonly Field[]
    readonly identity: string
    readonly resolve: Resolve
  },
): Field[] {
  const { fields, identity, resolve } = given
  const isSet = (name: string) =>
    read.some(
      ({ method, isGuarded, body, success }) =>
        ['PUT', 'PATCH', 'POST'].includes(method) &&
        isGuarded &&
        body !== null &&
        objectsIn(body).some((one) => one.some((property) => property.name === name)) &&
        success.kind === 'json' &&
        objectsIn(success.shape).some((one) =>
          [identity, name].every((wish) => one.some((property) => property.name === wish)),
        ),
    )
  const found = new Map<string, Field>()
  for (const { success } of signIns)
    for (const property of success.kind === 'json' ? objectsIn(success.shape).flat() : []) {
      const { name, shape } = property
      if (fields.some((one) => one.name === name) || found.has(name)) continue
      if (!shape.nullable || !isStorable(property) || GRANTED.test(simple(name)) || !isSet(name)) continue
      found.set(name, toField(property, { name, isAnswered: true, sent: [], schema: undefined, resolve }))
    }
  return [...found.values()]
}

/** The properties of an object and of those within it. */
function objectsIn(shape: Shape, depth = 0): (readonly ShapeProperty[])[] {
  if (shape.kind !== 'object' || depth > 2) return []
  return [shape.properties, ...shape.properties.flatMap((one) => objectsIn(one.shape, depth + 1))]
}

export function isStorable({ name, shape }: ShapeProperty): boolean {
  return (
    !['array', 'object', 'record', 'any', 'entity'].includes(shape.kind) &&
    ROW_NAME.test(name) &&
    !/^(id|createdAt|updatedAt)$/.test(name) &&
    !looksLikeSecret(name, { entity: 'Account' })
  )
}
