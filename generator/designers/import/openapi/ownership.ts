import { relationProperty, type CrudBinding, type Entity } from '#contract'
import type { Inferred } from './infer-entities.ts'
import type { ReadOperation } from './operation.ts'

const OWNER_KEY = /^(user|owner|author|creator|created_?by|account|member|profile|sender)(_?(id|uuid|key))?$/i

/** Sentences that give rows to who asks: "only its author may", "of the current user". */
const OWN =
  /\bonly (the |its |their |an? )?(\w+ )?(owners?|authors?|creators?|users? who|accounts? that|person who|members? who|who(ever)? (wrote|made|created|added|posted|opened|owns?))\b|\b(owner|author|creator)s? (only|may|can|must)\b|\b(must|has to) be the (owner|author|creator)\b|\b(current|authenticated|signed[- ]in|logged[- ]in|calling|requesting) (user|account|member|customer|caller)('s|s'|\b)|\b(your|their|his|her|one's|the caller's|my) own\b|\bowned by (you|them|the (caller|user))\b/i

/** The properties of a row with the key of an account. */
export const ownerKeys = (entity: Entity): string[] =>
  [...entity.fields.map(({ name }) => name), ...entity.belongsTo.map(relationProperty)].filter((name) =>
    OWNER_KEY.test(name),
  )

/** Whose rows an entity has: the key of an account in a row, or what the document says. Null if it says nothing. */
function ownerOf(entity: Entity, operations: readonly ReadOperation[]): string | null {
  const [key] = ownerKeys(entity)
  if (key !== undefined) return key
  return operations.some(saysOwn) ? 'what the document says' : null
}

export const saysOwn = ({ summary, rules }: ReadOperation): boolean =>
  [summary, ...rules].some((sentence) => OWN.test(sentence))

/** Why an operation is closed until its code is written, and what that code has to keep. */
export type Ownership = { readonly reason: string; readonly rule: string }

/**
 * Why an operation behind sign-in is not open to every account. The rows of a document name accounts that are not those of
 * this service, so nothing could be compared. Null if it is open.
 */
export function ownershipOf(
  read: ReadOperation,
  entity: Entity,
  { action }: CrudBinding,
  inferred: Inferred,
): Ownership | null {
  if (!read.isGuarded) return null
  const rule = ownershipRule(read)
  if (saysOwn(read)) return { reason: 'it is about the rows of the account that asks', rule }
  const isRead = action === 'list' || action === 'read'
  const parent = ownedParent(entity, inferred, isRead)
  if (parent !== undefined)
    return {
      reason: `its rows belong to ${parent.labelPlural.toLowerCase()}, which belong to accounts, and only the account of one may ${isRead ? 'read them' : 'change them'}`,
      rule: isRead
        ? rule
        : `A row of ${parent.name} belongs to one account; what other accounts may do below it is what the other rules say.`,
    }
  if (isRead) return null
  const owner = ownerOf(entity, around(entity, inferred))
  return owner === null
    ? null
    : {
        reason: `its rows belong to accounts (${owner}), and only its own account may change a row`,
        rule,
      }
}

const around = ({ name }: Entity, { collections }: Inferred): ReadOperation[] =>
  collections.flatMap((one) => (one.entity === name ? [...one.operations, ...one.items] : []))

/** The entity above, at any depth, whose rows belong to accounts; for a read, one that only its account reads. */
function ownedParent(entity: Entity, inferred: Inferred, isRead: boolean): Entity | undefined {
  const seen = new Set([entity.name])
  const isOwned = (one: Entity) =>
    isRead
      ? one.access.read === 'owner'
      : one.owner !== undefined || ownerOf(one, around(one, inferred)) !== null
  // The list grows while it is gone through.
  const above = [entity]
  for (const { belongsTo } of above)
    for (const { target } of belongsTo) {
      const parent = inferred.entities.find(({ name }) => name === target)
      if (parent === undefined || seen.has(target)) continue
      if (isOwned(parent)) return parent
      seen.add(target)
      above.push(parent)
    }
  return undefined
}

/** What the code of such an operation has to keep. */
export const ownershipRule = ({ errors }: Pick<ReadOperation, 'errors'>): string => {
  const isRefused = errors.some(({ status }) => status === 403)
  return `A row belongs to one account. A new row belongs to the account that asks; rows of other accounts are ${isRefused ? 'refused with 403' : 'treated as if they did not exist'}.`
}
