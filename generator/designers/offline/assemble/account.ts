import type { FactOf, Phrase } from '../read/facts.ts'
import { a } from './sentences.ts'
import { addEntity, addField, findEntity, type Draft, type DraftEntity } from './draft.ts'
import { nameOf } from '../read/phrase.ts'
import { fromTemplate } from './fields.ts'

/** Authentication, the account entity and access. */
const ACCOUNT_NAMES = [
  'User',
  'Account',
  'Member',
  'Customer',
  'Person',
  'Player',
  'Employee',
  'Student',
  'Author',
  'Client',
  'Patient',
  'Seller',
]

export function accountOf(
  draft: Draft,
  said: readonly FactOf<'auth'>[],
  withPassword: DraftEntity | undefined,
): DraftEntity {
  const spoken = said
    .map((fact) => fact.account)
    .find((phrase): phrase is Phrase => phrase !== null && ACCOUNT_NAMES.includes(nameOf(phrase) ?? ''))
  const actors = draft.reading.facts.flatMap((fact) =>
    fact.kind === 'relation' && fact.role === 'owner' ? [fact.to] : [],
  )
  const existing =
    findEntity(draft, spoken ?? null) ??
    withPassword ??
    findEntity(draft, actors.find((phrase) => ACCOUNT_NAMES.includes(nameOf(phrase) ?? '')) ?? null) ??
    (spoken
      ? null
      : ACCOUNT_NAMES.map((name) => draft.entities.get(name)).find(
          (entity) => entity !== undefined && isPerson(draft, entity),
        ))
  const fresh = existing === null || existing === undefined
  const account =
    existing ??
    (spoken && addEntity(draft, spoken)) ??
    addEntity(draft, 'User') ??
    [...draft.entities.values()][0]!
  if (fresh) {
    if (account.fields.length === 0) {
      addField(
        account,
        fromTemplate({
          text: 'name',
          kind: 'string',
          values: [],
          required: false,
          unique: false,
          fallback: null,
          example: 'Grace Park',
        }),
      )
    }
    account.operations = ['read', 'update', 'delete']
    draft.assumptions.add(`Added ${account.label} as the account that signs in, with email and name.`)
  } else {
    account.operations = account.operations.filter((operation) => operation !== 'create')
    draft.assumptions.add(
      `${account.labelPlural} sign in and register at POST /auth/register, so there is no separate create operation.`,
    )
  }
  const email = account.fields.find((field) => field.name === 'email')
  addField(account, {
    ...(email ?? { label: 'Email', example: 'grace@example.com' }),
    name: 'email',
    type: { kind: 'email' },
    required: true,
    unique: true,
  })
  delete account.fields.find((field) => field.name === 'email')!.default
  account.access = fresh ? { read: 'owner', write: 'owner' } : { read: 'authenticated', write: 'owner' }
  // A required parent could not be given at registration.
  for (const relation of account.relations) {
    if (!relation.required) continue
    relation.required = false
    if (relation.onDelete !== 'cascade') relation.onDelete = 'setNull'
    draft.assumptions.add(
      `Left the ${relation.name} of ${a(account.label.toLowerCase())} optional, so that registration needs only an account.`,
    )
  }
  return account
}

/** Authors or students sign in only if they have an email address, or nobody else could sign in. */
function isPerson(_draft: Draft, entity: DraftEntity): boolean {
  return (
    ['User', 'Account', 'Member', 'Customer', 'Person', 'Player', 'Employee'].includes(entity.name) ||
    entity.fields.some((field) => field.name === 'email')
  )
}
