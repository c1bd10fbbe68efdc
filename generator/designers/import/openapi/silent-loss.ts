import {
  relationProperty,
  ROW_NAME,
  type CrudBinding,
  type CustomOperation,
  type Entity,
  type Shape,
} from '#contract'
import { propertiesAt } from '../../../blueprint/lint/crud.ts'
import { bodyProperties } from './body-properties.ts'
import type { Collection, EntityCandidate } from './find-collections.ts'
import { simple } from './naming.ts'
import type { ReadOperation } from './operation.ts'

/**
 * The answered properties of a row that no body sets: the service computes them. Where the request that creates a row
 * answers them, it is what computes them; all others come into being when they are read.
 */
export type Computed = { readonly onCreate: readonly string[]; readonly onRead: readonly string[] }

/** Without a request that creates rows, rows are only read, and nothing is known about where their values come from. */
export function computedProperties({ name, fields }: Entity, { collections }: EntityCandidate): Computed {
  const operations = collections.flatMap((one) => [...one.operations, ...one.items])
  const creates = operations.filter(({ method }) => method === 'POST')
  if (creates.length === 0) return { onCreate: [], onRead: [] }
  const writes = operations.filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method))
  const set = new Set(writes.flatMap(({ body }) => bodyProperties(body, name).map((one) => simple(one.name))))
  // A property that may be null is null until something sets it.
  const computed = fields.filter((field) => field.unset === 'omitted' && !set.has(simple(field.name)))
  const made = new Set(
    creates.flatMap(({ success }) => (success.kind === 'json' ? namesIn(success.shape) : [])),
  )
  return {
    onCreate: computed.flatMap((field) => (made.has(field.name) ? [field.name] : [])),
    onRead: computed.flatMap((field) => (made.has(field.name) ? [] : [field.name])),
  }
}

const namesIn = (shape: Shape): string[] => {
  if (shape.kind === 'array') return namesIn(shape.items)
  return shape.kind === 'object'
    ? shape.properties.flatMap((property) => [property.name, ...namesIn(property.shape)])
    : []
}

/** Why a binding would lose something without an error: a value that is sent, or one that is answered. Null if it does not. */
export function lossOf(
  { body, responses: { success } }: CustomOperation,
  binding: CrudBinding,
  entity: Entity,
  computed: Computed,
): string | null {
  const stored = [...entity.fields.map(({ name }) => name), ...entity.belongsTo.map(relationProperty)]
  const given = propertiesAt(body, binding.bodyAt) ?? []
  for (const { name } of binding.action === 'create' || binding.row !== null ? given : []) {
    if (binding.renamed?.some((one) => one.name === name)) continue
    const twin = stored.find((own) => own !== name && simple(own) === simple(name))
    if (twin !== undefined && !stored.includes(name))
      return `${name} of the body and ${twin} of a row are spelled differently`
  }
  if (success.kind !== 'json') return null
  const place = binding.answer.find(({ holds }) => holds === 'row' || holds === 'rows')
  const answered = namesAt(success.shape, place?.at ?? [])
  const unset = binding.action === 'create' ? computed.onCreate : computed.onRead
  const found = answered.find(
    (name) => name !== binding.owner && unset.includes(name) && stored.includes(name),
  )
  if (found !== undefined) return `${found} is in the response, but no body sets it: it is computed`
  const automatic = new Set([entity.key?.name ?? 'id', entity.stamps?.created, entity.stamps?.updated])
  const strange = answered.find(
    (name) => ROW_NAME.test(name) && !stored.includes(name) && !automatic.has(name),
  )
  return strange === undefined ? null : `${strange} is in the response but not stored`
}

/**
 * Where signing in is optional, what a row says about the caller (whether it is a favourite) is answered, but no body sets
 * it. Of rows that no request creates, only what is true or false counts: where other values come from is not known.
 */
export function dependsOnCaller(
  { isOptional }: Pick<ReadOperation, 'isOptional'>,
  { responses: { success } }: CustomOperation,
  binding: CrudBinding,
  entity: Entity,
  { collections }: { readonly collections: readonly Collection[] },
): string | null {
  if (!isOptional || success.kind !== 'json') return null
  const own = collections.filter((one) => one.entity === entity.name)
  const operations = own.flatMap((one) => [...one.operations, ...one.items])
  const isMade = operations.some(({ method }) => method === 'POST')
  const set = new Set(
    operations.flatMap(({ body }) => bodyProperties(body, entity.name).map(({ name }) => simple(name))),
  )
  const place = binding.answer.find(({ holds }) => holds === 'row' || holds === 'rows')
  const answered = namesAt(success.shape, place?.at ?? [])
  const found = entity.fields.find(
    ({ name, type, required }) =>
      answered.includes(name) && !set.has(simple(name)) && required && (isMade || type.kind === 'boolean'),
  )
  return found ? `${found.name} is in the response, no body sets it, and it may depend on who asks` : null
}

function namesAt(shape: Shape, at: readonly string[]): string[] {
  let found: Shape | undefined = shape
  for (const name of at)
    found =
      found?.kind === 'object'
        ? found.properties.find((property) => property.name === name)?.shape
        : undefined
  const row = found?.kind === 'array' ? found.items : found
  return row?.kind === 'object' ? row.properties.map(({ name }) => name) : []
}
