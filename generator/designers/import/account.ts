import type { Entity } from '#contract'
import { toKebab } from '../../blueprint/words.ts'

/** The account entity: documents require authentication without describing accounts. */
export function accountFor(entities: readonly Entity[]): Entity {
  const isFree = (name: string) => entities.every((one) => one.name !== name && one.plural !== `${name}s`)
  const name = ['Account', 'ApiAccount', 'ServiceAccount', 'SignInAccount'].find(isFree) ?? 'TokenAccount'
  return {
    name,
    plural: `${name}s`,
    label: 'Account',
    labelPlural: 'Accounts',
    description: 'A user who signs in.',
    path: `/${toKebab(name)}s`,
    fields: [
      {
        name: 'email',
        label: 'Email',
        type: { kind: 'email' },
        required: true,
        unique: true,
        example: 'grace@example.com',
      },
    ],
    belongsTo: [],
    operations: [],
    access: { read: 'owner', write: 'owner' },
  }
}
