import { relationProperty, type CrudBinding, type Entity } from '#contract'
import type { Inferred } from './infer-entities.ts'
import type { ReadOperation } from './operation.ts'

const OWNER_KEY = /^(user|owner|author|creator|created_?by|account|member|profile|sender)(_?(id|uuid|key))?$/i

/** Sentences that give rows to who asks: "only its author may", "of the current user". */
const OWN =
  /\bonly (the |its |their |an? )?(\w+ )?(owners?|authors?|creators?|users? who|accounts? that|person who|members? who)\b|\b(owner|author|creator)s? (only|may|can|must)\b|\b(must|has to) be the (owner|author|creator)\b|\b(current|authenticated|signed[- ]in|logged[- ]in|calling|requesting) (user|account|member|customer|caller)('s|s'|\b)|\b(your|their|his|her|one's|the caller's|my) own\b|\bowned by (you|them|the (caller|user))\b/i

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

/**
 * Why an operation behind sign-in is not open to every account. The rows of a document name accounts that are not those of
 * this service, so nothing could be compared: such operations are closed until their code is written.
 */
export function ownershipOf(
  read: ReadOperation,
  entity: Entity,
  { action }: CrudBinding,
  { collections }: Inferred,
): string | null {
  if (!read.isGuarded) return null
  const own = collections.filter((one) => one.entity === entity.name)
  const around = own.flatMap((one) => [...one.operations, ...one.items])
  if (saysOwn(read)) return 'it is about the rows of the account that asks'
  if (action === 'list' || action === 'read') return null
  const owner = ownerOf(entity, around)
  return owner === null
    ? null
    : `its rows belong to accounts (${owner}), and only its own account may change a row`
}

/** What the code of such an operation has to keep. */
export const OWNERSHIP_RULE =
  'A row belongs to one account. A new row belongs to the account that asks; rows of other accounts are treated as if they did not exist.'
