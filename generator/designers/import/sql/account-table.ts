import type { Entity, Field } from '#contract'
import { looksLikeSecret } from '../../../blueprint/secret-names.ts'
import { ACCOUNTS, GRANTED_TABLE, isGranted } from './account-names.ts'
import type { Table } from './table-definition.ts'
import { keyOfTable } from './table-keys.ts'

const EMAIL = /^e?_?mail(_?address)?$/i
const EMAIL_OF_TABLE = /_e?mail(_?address)?$/i
const PASSWORD = /pass|pwd|crypt/i

/** The table whose rows sign in: named like accounts, with a password; or with an email, where sign-in is requested. */
export function accountTable(tables: readonly Table[], isRequested: boolean): Table | undefined {
  const named = tables.filter(({ name }) => ACCOUNTS.test(name))
  const hasPassword = ({ name, columns }: Table) =>
    columns.some((column) => PASSWORD.test(column.name) && looksLikeSecret(column.name, { entity: name }))
  return named.find(hasPassword) ?? (isRequested ? named.find(canSignIn) : undefined)
}

const isEmail = ({ name }: { readonly name: string }): boolean => EMAIL.test(name)
const isEmailOfTable = ({ name }: { readonly name: string }): boolean => EMAIL_OF_TABLE.test(name)

/** Whether accounts could sign in with what a table has: an email, and a key that is no text. */
export const canSignIn = (table: Table): boolean =>
  table.columns.some((column) => isEmail(column) || isEmailOfTable(column)) &&
  keyOfTable(table)?.kind !== 'text'

/** An email of its own, or one with the table's name before it: `user_email`. */
const emailOf = ({ fields }: Entity): Field | undefined => fields.find(isEmail) ?? fields.find(isEmailOfTable)

/** The account entity of a table of accounts; null if nobody could sign in with what it holds. */
export function toAccount(
  entity: Entity,
  table: string,
  { entities, notes }: { readonly entities: readonly Entity[]; readonly notes: Set<string> },
): Entity | null {
  const email = emailOf(entity)
  if (email === undefined || entity.key?.kind === 'text') {
    notes.add(
      `${table} holds accounts, but ${email ? 'its key is a text' : 'has no email to sign in with'}: no route reads or writes its rows.`,
    )
    return null
  }
  const { key: _key, stamps: _stamps, indexes = [], ...rest } = entity
  const tableOf = (target: string) => entities.find(({ name }) => name === target)?.table ?? target
  const granted = new Set([
    ...rest.fields.map(({ name }) => name).filter(isGranted),
    ...rest.belongsTo
      .filter(({ property, target }) => isGranted(property ?? '') || GRANTED_TABLE.test(tableOf(target)))
      .map(({ property }) => property!),
  ])
  for (const name of granted)
    notes.add(`${name} of ${table} is granted, not chosen at registration: it is omitted.`)
  const renamed = (name: string) => (name === email.name ? 'email' : name)
  const kept = indexes.filter(
    ({ properties }) =>
      !properties.some((name) => granted.has(name)) &&
      !(properties.length === 1 && properties[0] === email.name),
  )
  notes.add(
    `Rows of ${table} are accounts: they register and sign in at /auth with their email, their key is a UUID named id, and each sees and changes only itself.`,
  )
  if (email.name !== 'email')
    notes.add(`${email.name} of ${table} is named email, which accounts sign in with.`)
  const chosen = rest.belongsTo.filter(
    ({ property, target }) => !granted.has(property!) && target !== rest.name,
  )
  if (chosen.length > 0)
    notes.add(
      `${chosen.map(({ property }) => property).join(' and ')} of ${table} ${chosen.length > 1 ? 'are' : 'is'} chosen at registration, and limits nothing that an account may do.`,
    )
  return {
    ...rest,
    fields: rest.fields
      .filter(({ name }) => !granted.has(name))
      .map((field) => (field === email ? asEmail(field) : field)),
    belongsTo: rest.belongsTo.filter(({ property }) => !granted.has(property!)),
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
