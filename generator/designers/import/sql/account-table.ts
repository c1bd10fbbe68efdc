import { relationProperty, type Entity, type Field } from '#contract'
import { looksLikeSecret } from '../../../blueprint/secret-names.ts'
import type { Table } from './table-definition.ts'

const ACCOUNTS = /(^|_)(users?|accounts?|members?|logins?)$/i
const EMAIL = /^e?_?mail(_?address)?$/i
const PASSWORD = /pass|pwd|crypt/i
/** What an account may do is granted by the operator, never chosen at registration. */
const GRANTED =
  /^(roles?|is_?(admin|staff|superuser|moderator)|admin|superuser|permissions?|privileges?|capabilities)$/i

/** The table whose rows sign in: named like accounts, with a password. */
export const accountTable = (tables: readonly Table[]): Table | undefined =>
  tables.find(
    ({ name, columns }) =>
      ACCOUNTS.test(name) &&
      columns.some((column) => PASSWORD.test(column.name) && looksLikeSecret(column.name, { entity: name })),
  )

/** An email of its own, or one with the table's name before it: `user_email`. */
const emailOf = ({ fields }: Entity): Field | undefined =>
  fields.find(({ name }) => EMAIL.test(name)) ?? fields.find(({ name }) => /_e?mail(_?address)?$/i.test(name))

/** The account entity of a table of accounts; null if nobody could sign in with what it holds. */
export function toAccount(entity: Entity, table: string, notes: Set<string>): Entity | null {
  const email = emailOf(entity)
  if (email === undefined || entity.key?.kind === 'text') {
    notes.add(
      `${table} holds accounts, but ${email ? 'its key is a text' : 'has no email to sign in with'}: no route reads or writes its rows.`,
    )
    return null
  }
  const { key: _key, stamps: _stamps, indexes = [], ...rest } = entity
  const granted = rest.fields.filter(({ name }) => GRANTED.test(name))
  for (const { name } of granted)
    notes.add(`${name} of ${table} is granted, not chosen at registration: it is omitted.`)
  const renamed = (name: string) => (name === email.name ? 'email' : name)
  const kept = indexes.filter(
    ({ properties }) =>
      !properties.some((name) => granted.some((field) => field.name === name)) &&
      !(properties.length === 1 && properties[0] === email.name),
  )
  notes.add(
    `Rows of ${table} are accounts: they register and sign in at /auth with their email, their key is a UUID named id, and each sees and changes only itself.`,
  )
  if (email.name !== 'email')
    notes.add(`${email.name} of ${table} is named email, which accounts sign in with.`)
  return {
    ...rest,
    fields: rest.fields
      .filter((field) => !granted.includes(field))
      .map((field) => (field === email ? asEmail(field) : field)),
    ...(kept.length > 0 && {
      indexes: kept.map((index) => ({ ...index, properties: index.properties.map(renamed) })),
    }),
    operations: ['read', 'update', 'delete'],
    access: { read: 'owner', write: 'owner' },
  }
}

const asEmail = ({ default: _default, ...field }: Field): Field => ({
  ...field,
  name: 'email',
  type: { kind: 'email' },
  required: true,
  unique: true,
})

const OWNERS =
  /^(user|owner|author|creator|created_?by|account|member|writer|sender|customer|profile)(_?id)?$/i

/**
 * Who may do what with the rows of a table, where accounts sign in: everybody who is signed in reads, and only the account
 * that a row refers to changes it. Where several could be meant, nobody does.
 */
export function accessOf(entity: Entity, account: Entity, notes: Set<string>): Entity {
  const access = { read: 'authenticated', write: 'authenticated' } as const
  const keys = entity.belongsTo.filter(({ target }) => target === account.name)
  if (keys.length === 0) return { ...entity, access }
  const named = keys.filter((key) => OWNERS.test(relationProperty(key)) || OWNERS.test(key.name))
  const owner = named.length === 1 ? named[0] : keys.length === 1 && keys[0]?.required ? keys[0] : undefined
  const rows = entity.labelPlural
  if (owner !== undefined && entity.operations.length > 0) {
    notes.add(
      `${rows} belong to the account in ${relationProperty(owner)}: it is filled from the caller, and only that account changes them.`,
    )
    return { ...entity, access: { read: 'authenticated', write: 'owner' }, owner: owner.name }
  }
  notes.add(
    `${rows} refer to accounts (${keys.map(relationProperty).join(', ')}), and the definitions do not say who may change them: they are only read.`,
  )
  return {
    ...entity,
    operations: entity.operations.filter((operation) => operation === 'list' || operation === 'read'),
    access,
  }
}
