import { keyOf, type Blueprint, type CrudBinding, type CustomOperation, type Entity } from '#contract'
import { crudMismatch } from '../../../blueprint/lint/crud.ts'
import { looksLikeSecret } from '../../../blueprint/secret-names.ts'
import { bodyProperties } from './body-properties.ts'
import { keyOfPath } from './find-collections.ts'
import type { Inferred } from './infer-entities.ts'
import { wishes } from './possible-bindings.ts'
import type { Own } from './own-rows.ts'
import { ownershipOf, ownershipRule } from './ownership.ts'
import { withRenamed } from './renamed.ts'
import { headersOfRows } from './response-headers.ts'
import { dependsOnCaller, lossOf } from './silent-loss.ts'
import type { ReadOperation } from './operation.ts'
import type { Resolve } from './resolve.ts'
import { segmentsOf } from './rows.ts'

export type Bound = {
  readonly operation: CustomOperation
  /** Why it is a custom operation although its path looks like CRUD; undefined if it is CRUD, or never looked like it. */
  readonly reason: string | undefined
  /** The headers that rows say nothing of. */
  readonly unsent?: readonly string[]
}

/** Binds an operation to the rows of an entity, or leaves it a custom operation. */
export function bindOperation(
  read: ReadOperation,
  inferred: Inferred,
  given: {
    readonly blueprint: Blueprint
    readonly resolve: Resolve
    readonly owned: ReadonlyMap<string, Own>
  },
): Bound {
  const { blueprint, resolve, owned } = given
  const entity = entityOf(read, inferred, blueprint)
  const operation = toOperation(read, entity)
  if (!entity) return { operation, reason: undefined }
  if (looksLikeSecret(keyOf(entity).name, { entity: entity.name }))
    return { operation, reason: `${keyOf(entity).name}, the key of ${entity.name}, looks like a secret` }
  const faults: string[] = []
  const own = owned.get(entity.name)
  for (const wish of wishes(read, entity, inferred, resolve)) {
    const named = withRenamed(wish, operation, entity)
    const binding = own ? withOwner(named, own) : named
    const closed =
      blueprint.auth.kind !== 'jwt' || (own && (read.isGuarded || binding.owner === undefined))
        ? null
        : own
          ? { reason: 'its rows belong to accounts, and anyone may ask', rule: ownershipRule(read) }
          : ownershipOf(read, entity, binding, inferred)
    if (closed !== null) {
      const rules = [...operation.rules.slice(0, 19), closed.rule]
      return { operation: { ...operation, rules }, reason: closed.reason }
    }
    const { others: _others, ...responses } = operation.responses
    const { cookies: _cookies, ...rest } = operation
    const heads = headersOfRows(responses.success, binding, hasItem(read, inferred))
    const bound = { ...rest, responses: { ...responses, success: heads.success }, implementation: binding }
    const needed = uniqueFor(binding, entity)
    const judged = needed === undefined ? blueprint : withUnique(blueprint, entity.name, needed)
    const fault =
      crudMismatch(bound, judged) ??
      lossOf(bound, binding, entity, inferred.computed.get(entity.name) ?? { onCreate: [], onRead: [] }) ??
      (blueprint.auth.kind === 'jwt' ? dependsOnCaller(read, bound, binding, entity, inferred) : null)
    if (fault === null) {
      if (needed !== undefined) {
        const field = entity.fields.find(({ name }) => name === needed)
        if (field) field.unique = true
      }
      return {
        operation: { ...bound, params: openKey(bound, entity, inferred) },
        reason: undefined,
        unsent: heads.unsent,
      }
    }
    faults.push(fault)
  }
  return { operation, reason: faults[0] }
}

/** Whether a new row can be read at a path of its own. */
const hasItem = (read: ReadOperation, { collections }: Inferred): boolean =>
  collections.some(
    ({ key, items }) => key === keyOfPath(segmentsOf(read)) && items.some(({ method }) => method === 'GET'),
  )

/** The service makes text keys itself, and not in the lengths that the document states. */
function openKey(
  { params, implementation }: CustomOperation,
  entity: Entity,
  { collections }: Inferred,
): CustomOperation['params'] {
  const { row, action } = implementation ?? { row: null, action: 'list' }
  const key = keyOf(entity)
  if (row?.in !== 'path' || row.property !== key.name || key.kind !== 'text' || action === 'create')
    return params
  const creates = collections
    .filter((one) => one.entity === entity.name)
    .flatMap(({ operations }) => operations.filter(({ method }) => method === 'POST'))
  const isSent = creates.some(({ body }) =>
    bodyProperties(body, entity.name).some(({ name }) => name === key.name),
  )
  if (isSent) return params
  return params.map((param) =>
    param.name === row.name && param.shape.kind === 'string'
      ? { ...param, shape: { kind: 'string', nullable: false } }
      : param,
  )
}

export function toOperation(read: ReadOperation, entity: Entity | undefined): CustomOperation {
  const {
    id,
    method,
    path,
    summary,
    rules,
    params,
    query,
    headers,
    cookies,
    body,
    bodyTypes,
    bodyMediaType,
    files,
    rawBody,
    success,
    others,
    errors,
    isGuarded,
    isOptional,
    invalid,
    operationId,
  } = read
  return {
    id,
    ...(operationId !== undefined && operationId !== id && { operationId }),
    ...(entity && { entity: entity.name }),
    method,
    path,
    summary,
    rules,
    params,
    query,
    openQuery: true,
    ...(headers.length > 0 && { headers }),
    ...(cookies.length > 0 && { cookies }),
    body,
    ...(bodyTypes && { bodyTypes }),
    ...(bodyMediaType !== undefined && { bodyMediaType }),
    ...(files && { files }),
    ...(rawBody && { rawBody }),
    responses: {
      success,
      ...(others.length > 0 && { others }),
      errors,
      ...(invalid === 422 && { invalid }),
    },
    access: isGuarded ? 'authenticated' : isOptional ? 'optional' : 'public',
    examples: [],
  }
}

/** The entity of a path: that of its last collection. */
function entityOf(
  read: ReadOperation,
  { collections }: Inferred,
  { entities }: Blueprint,
): Entity | undefined {
  const segments = segmentsOf(read)
  for (let length = segments.length; length > 0; length--) {
    const key = keyOfPath(segments.slice(0, length))
    const found = collections.find((one) => one.key === key && one.entity !== undefined)
    if (found) return entities.find(({ name }) => name === found.entity)
  }
  return undefined
}

/** Rows are made and changed for the account that asks, and read for it where they are its own. */
const withOwner = (binding: CrudBinding, { property, isPrivate }: Own): CrudBinding =>
  isPrivate || !['list', 'read'].includes(binding.action) ? { ...binding, owner: property } : binding

/** A property other than the key that identifies a row. */
const uniqueFor = ({ row }: CrudBinding, entity: Entity): string | undefined =>
  row !== null && row.property !== keyOf(entity).name ? row.property : undefined

const withUnique = (blueprint: Blueprint, entity: string, property: string): Blueprint => ({
  ...blueprint,
  entities: blueprint.entities.map((one) =>
    one.name === entity
      ? {
          ...one,
          fields: one.fields.map((field) => (field.name === property ? { ...field, unique: true } : field)),
        }
      : one,
  ),
})
