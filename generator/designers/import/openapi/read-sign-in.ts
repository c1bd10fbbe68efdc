import type { Entity, Field, Shape, ShapeProperty, SignInBinding } from '#contract'
import { isWithin, shapeOfField } from '../../../blueprint/lint/shape-compat.ts'
import { changedLater, GRANTED, isStorable } from './account-fields.ts'
import { credentialsIn, isToken, kindOf, type Credentials, type Kind } from './credentials-in-body.ts'
import { label, simple } from './naming.ts'
import { toField } from './make-field.ts'
import type { Notes } from './notes.ts'
import type { ReadOperation } from './operation.ts'

/** Registration and sign-in that a document describes: credentials in, a token out. */
export type SignIn = {
  /** The fields of an account, without its password. */
  readonly fields: Field[]
  /** Of its key `id`, as answers show it. */
  readonly keyKind: 'uuid' | 'integer'
  readonly identity: string
  /** By the id of the operation. */
  readonly bindings: ReadonlyMap<string, SignInBinding>
}

const IDENTITIES = [
  'email',
  'mail',
  'emailaddress',
  'username',
  'login',
  'handle',
  'nickname',
  'name',
  'phone',
  'phonenumber',
]

/** Both of them, or null: with one alone, accounts could not be made or not be used. */
export function readSignIn(
  read: readonly ReadOperation[],
  {
    notes,
    resolve,
    tokenType,
  }: {
    readonly notes: Notes
    readonly resolve: Parameters<typeof toField>[1]['resolve']
    readonly tokenType: string
  },
): SignIn | null {
  const found = (kind: Kind) => read.filter((one) => kindOf(one) === kind)
  const [register, ...registers] = found('register')
  const [signIn, ...signIns] = found('signIn')
  if (!register || !signIn) return null
  const routes = [register, signIn].map(({ method, documentPath }) => `${method} ${documentPath}`)
  const left = (why: string) => {
    notes.add(
      `${routes.join(' and ')} look like registration and sign-in, and are left to be written: ${why}.`,
    )
    return null
  }
  if (registers.length + signIns.length > 0) return left('there are several of them')
  const given = credentialsIn(register.body)!
  const asked = credentialsIn(signIn.body)!
  const fields = fieldsOf(given, { notes, resolve, route: routes[0]! })
  const identity = IDENTITIES.flatMap((wish) =>
    asked.others.filter(({ name, required }) => required && simple(name) === wish),
  ).find(({ name, shape }) =>
    fields.some(
      (field) => field.name === name && field.required && isWithin(shape, shapeOfField(field.type, false)),
    ),
  )?.name
  if (identity === undefined) return left('what an account signs in with is not among what it registers with')
  for (const field of fields) if (field.name === identity) field.unique = true
  fields.push(...changedLater(read, [register, signIn], { fields, identity, resolve }))
  const bindings = new Map<string, SignInBinding>()
  const keyKind = keyKindIn([register, signIn])
  const about: Around = { fields, keyKind, tokenType, notes }
  for (const [operation, credentials, action] of [
    [register, given, 'register'],
    [signIn, asked, 'signIn'],
  ] as const) {
    const answer = answerOf(operation, about)
    if (typeof answer === 'string') return left(answer)
    bindings.set(operation.id, {
      action,
      bodyAt: [...credentials.bodyAt],
      password: credentials.password,
      values:
        action === 'signIn'
          ? [identity]
          : fields
              .filter(({ name }) => credentials.others.some((one) => one.name === name))
              .map(({ name }) => name),
      answer,
    })
  }
  if (![...bindings.values()].some(({ answer }) => answer.some(({ holds }) => holds === 'token')))
    return left('neither answers a token')
  notes.add(
    `Accounts register with ${routes[0]} and sign in with ${routes[1]} (${identity} and ${asked.password}): passwords are stored as hashes, and there are no routes at /auth.`,
  )
  return { fields, keyKind, identity, bindings }
}

type About = {
  readonly notes: Notes
  readonly resolve: Parameters<typeof toField>[1]['resolve']
  readonly route: string
}

function fieldsOf({ others }: Credentials, { notes, resolve, route }: About): Field[] {
  return others.flatMap((property) => {
    const { name, shape } = property
    const reason = GRANTED.test(simple(name))
      ? 'it is granted, not chosen at registration'
      : isStorable(property)
        ? null
        : 'it is not stored'
    if (reason !== null) {
      notes.add(`${name} of ${route} is accepted and ignored: ${reason}.`)
      return []
    }
    const isSet = property.required && !shape.nullable
    const field = toField(
      { ...property, shape: { ...shape, nullable: !isSet } as Shape },
      { name, isAnswered: true, sent: [property], schema: undefined, resolve },
    )
    return [
      {
        ...field,
        label: label(name),
        ...(field.required &&
          ['string', 'text'].includes(field.type.kind) &&
          shape.kind === 'string' &&
          !('min' in shape && shape.min) && { blank: true as const }),
      },
    ]
  })
}

/** A whole number where an answer has one: accounts are then numbered. */
function keyKindIn(operations: readonly ReadOperation[]): SignIn['keyKind'] {
  const isNumbered = (shape: Shape, depth: number): boolean =>
    shape.kind === 'object' &&
    shape.properties.some(
      (one) =>
        (one.name === 'id' && ['integer', 'number'].includes(one.shape.kind)) ||
        (depth < 2 && isNumbered(one.shape, depth + 1)),
    )
  const isAnswered = ({ success }: ReadOperation) => success.kind === 'json' && isNumbered(success.shape, 0)
  return operations.some(isAnswered) ? 'integer' : 'uuid'
}

type Around = {
  readonly fields: Field[]
  readonly keyKind: SignIn['keyKind']
  readonly tokenType: string
  readonly notes: Notes
}
type Place = SignInBinding['answer'][number]

/** Where the token and the properties of the account go in a response; a text says what is unknown there. */
function answerOf({ success, method, documentPath }: ReadOperation, around: Around): Place[] | string {
  if (success.kind === 'none') return []
  if (success.kind !== 'json') return `${method} ${documentPath} does not answer JSON`
  return placesIn(success.shape, [], around)
}

function placesIn(shape: Shape, at: readonly string[], around: Around): Place[] | string {
  if (shape.kind === 'string' && at.length === 0) return [{ at: [], holds: 'token' }]
  if (shape.kind !== 'object') return `nothing is known about ${at.join('.') || 'the answer'}`
  const places: Place[] = []
  for (const property of shape.properties) {
    const found = placeOf(property, [...at, property.name], around)
    if (typeof found === 'string') {
      if (property.required) return found
      around.notes.add(`${[...at, property.name].join('.')} is not in the answers of sign-in: ${found}.`)
    } else places.push(...found)
  }
  return places
}

function placeOf(property: ShapeProperty, at: string[], around: Around): Place[] | string {
  const { name, shape, required } = property
  if (isToken(property)) return [{ at, holds: 'token' }]
  if (simple(name) === 'tokentype' && shape.kind === 'string')
    return [{ at, holds: 'text', text: around.tokenType }]
  const keyKinds = around.keyKind === 'integer' ? ['integer', 'number'] : ['uuid', 'string']
  if (name === 'id' && keyKinds.includes(shape.kind)) return [{ at, holds: 'property', property: name }]
  if (/^(createdAt|updatedAt)$/.test(name) && ['datetime', 'string'].includes(shape.kind))
    return [{ at, holds: 'property', property: name }]
  const field = around.fields.find((one) => one.name === name)
  if (field) {
    return isWithin(shapeOfField(field.type, !field.required), shape)
      ? [{ at, holds: 'property', property: name }]
      : `${name} has another type there than at registration`
  }
  if (shape.kind === 'object' && at.length < 3) return placesIn(shape, at, around)
  if (shape.nullable) return [{ at, holds: 'null' }]
  if (shape.kind === 'string' && required) {
    around.notes.add(`${at.join('.')} is empty in the answers of sign-in: nothing sets it.`)
    return [{ at, holds: 'text', text: '' }]
  }
  return `nothing is known about ${at.join('.')}`
}

/** The entity of accounts that register with what the document says. */
export function signInAccount(account: Entity, { fields, keyKind }: SignIn): Entity {
  return { ...account, ...(keyKind === 'integer' && { key: { name: 'id', kind: keyKind } }), fields }
}
