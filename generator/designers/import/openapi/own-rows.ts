import { relationProperty, type Blueprint, type Entity } from '#contract'
import { toCamel } from '../../../blueprint/words.ts'
import type { Inferred } from './infer-entities.ts'
import { label } from './naming.ts'
import { ownerKeys, saysOwn } from './ownership.ts'
import type { Notes } from './notes.ts'
import type { ReadOperation } from './operation.ts'
import { bodyProperties } from './body-properties.ts'

/** How the rows of an entity belong to accounts. */
export type Own = {
  /** The property with the account. */
  readonly property: string
  /** Whether others may not read them either. */
  readonly isPrivate: boolean
}

/**
 * Gives rows to accounts: by the key of an account in a row that no body sets, or by what the document says where a row
 * has none. Where several could be meant, or a body chooses, nothing is decided, and what changes rows stays closed.
 */
export function giveOwners(
  { collections, entities }: Inferred,
  { auth, entities: all }: Pick<Blueprint, 'auth' | 'entities'>,
  notes: Notes,
): Map<string, Own> {
  const owned = new Map<string, Own>()
  const account = auth.kind === 'jwt' ? all.find(({ name }) => name === auth.account) : undefined
  if (account === undefined) return owned
  for (const entity of entities) {
    const around = collections.flatMap((one) =>
      one.entity === entity.name ? [...one.operations, ...one.items] : [],
    )
    const own = ownerOf(entity, around, account)
    if (own === undefined) continue
    entity.owner = own.relation
    entity.access = { read: own.isPrivate ? 'owner' : 'authenticated', write: 'owner' }
    owned.set(entity.name, own)
    notes.add(
      `${entity.labelPlural} belong to the account that makes them (${own.property}): it is filled from the caller, and only that account ${own.isPrivate ? 'reads and changes' : 'changes'} them.`,
    )
  }
  return owned
}

type Found = Own & { readonly relation: string }

function ownerOf(entity: Entity, around: readonly ReadOperation[], account: Entity): Found | undefined {
  const isChange = ({ method }: ReadOperation) => method !== 'GET'
  const isPrivate = around.some((one) => !isChange(one) && saysOwn(one))
  const makes = around.filter(({ method }) => method === 'POST')
  // Without an account that asks, nothing can be filled.
  if (makes.length === 0 || !makes.every(({ isGuarded }) => isGuarded)) return undefined
  const keys = ownerKeys(entity)
  if (keys.length > 1) return undefined
  const [key] = keys
  if (key === undefined) {
    if (!around.some(saysOwn)) return undefined
    return addOwner(entity, account, isPrivate)
  }
  const isChosen = around.some(({ body }) =>
    bodyProperties(body, entity.name).some(({ name }) => name === key),
  )
  const relation = entity.belongsTo.find((one) => relationProperty(one) === key)
  if (isChosen || relation !== undefined) return undefined
  const field = entity.fields.find(({ name }) => name === key)
  const kinds = account.key?.kind === 'integer' ? ['integer'] : ['uuid', 'string']
  if (field === undefined || !kinds.includes(field.type.kind)) return undefined
  const name = freeName(entity, toCamel(key.replace(/_?(id|uuid|key)$/i, '')) ?? 'owner')
  if (name === undefined) return undefined
  entity.fields = entity.fields.filter((one) => one !== field)
  entity.belongsTo.push({
    name,
    property: key,
    label: label(name),
    target: account.name,
    required: true,
    unique: false,
    onDelete: 'cascade',
  })
  return { property: key, relation: name, isPrivate }
}

/** An owner that rows do not show. */
function addOwner(entity: Entity, account: Entity, isPrivate: boolean): Found | undefined {
  const isTaken = (property: string) =>
    [
      entity.key?.name,
      ...entity.fields.map(({ name }) => name),
      ...entity.belongsTo.map(relationProperty),
    ].some((name) => name?.toLowerCase() === property.toLowerCase())
  const wish = ['owner', 'account', 'holder'].find(
    (one) => !isTaken(`${one}Id`) && freeName(entity, one) === one,
  )
  if (wish === undefined || entity.belongsTo.length >= 20) return undefined
  entity.belongsTo.push({
    name: wish,
    property: `${wish}Id`,
    label: label(wish),
    target: account.name,
    required: true,
    unique: false,
    onDelete: 'cascade',
  })
  return { property: `${wish}Id`, relation: wish, isPrivate }
}

const freeName = (entity: Entity, wish: string): string | undefined =>
  entity.belongsTo.some(({ name }) => name === wish) ? undefined : wish
