import type { Auth, Blueprint, Entity } from '#contract'
import { accountFor } from '../account.ts'
import type { ImportOptions } from '../import-result.ts'
import type { Notes } from './notes.ts'
import type { ReadOperation } from './operation.ts'
import type { Node } from './document.ts'
import { issuesToken } from './credentials-in-body.ts'
import { readSecurity } from './read-security.ts'
import { readSignIn, signInAccount, type SignIn } from './read-sign-in.ts'
import type { Resolve } from './resolve.ts'

/** Who may ask, how they say who they are, and what an account is. */

/** The request's choice overrides the document's; who asks for a token cannot have one yet. */
export function withAuth(
  read: readonly ReadOperation[],
  { auth }: ImportOptions,
  notes: Notes,
): ReadOperation[] {
  const isOpen = (one: ReadOperation) => one.isUsuallyGuarded && issuesToken(one)
  const open = read.map((one) =>
    one.isGuarded && isOpen(one) ? { ...one, isGuarded: false, isOptional: false, schemes: [] } : one,
  )
  const opened = read.filter((one, at) => one.isGuarded && !open[at]!.isGuarded)
  if (opened.length > 0)
    notes.add(
      `${opened.map(({ method, documentPath }) => `${method} ${documentPath}`).join(' and ')} ${opened.length > 1 ? 'are' : 'is'} open, although the document requires authentication everywhere: who asks for a token has none yet.`,
    )
  const guarded = open.some(({ isGuarded, isOptional }) => isGuarded || isOptional)
  if (auth === undefined || (auth !== 'none') === guarded) return open
  notes.add(
    auth === 'none'
      ? 'The document requires authentication: it was turned off, as requested.'
      : `The document requires no authentication: every operation needs ${auth === 'jwt' ? 'a token' : 'a key'}, as requested.`,
  )
  return open.map((operation) => ({
    ...operation,
    isGuarded: auth !== 'none' && !isOpen(operation),
    isOptional: false,
  }))
}

type Given = {
  readonly root: Node
  readonly resolve: Resolve
  readonly wish: ImportOptions
  readonly notes: Notes
}

export type ChosenAuth = {
  readonly auth: Auth
  readonly account: Entity | undefined
  readonly signIn: SignIn | null
}

export function chooseAuth(
  read: readonly ReadOperation[],
  entities: readonly Entity[],
  given: Given,
): ChosenAuth {
  const { wish, notes, resolve } = given
  const isGuarded = read.some((one) => one.isGuarded || one.isOptional)
  if (wish.auth === 'none') return { auth: { kind: 'none' }, account: undefined, signIn: null }
  const security = readSecurity(read, {
    ...given,
    givesTokens: read.some((one) => issuesToken(one) && one.method === 'POST'),
  })
  const usual = security.kind === 'tokens' ? security.credentials?.[0] : undefined
  const tokenType = usual?.in === 'authorization' ? usual.word : 'Bearer'
  const signIn = security.kind === 'keys' ? null : readSignIn(read, { notes, resolve, tokenType })
  if (!isGuarded && signIn === null) return { auth: { kind: 'none' }, account: undefined, signIn }
  if (security.kind === 'keys') return { auth: security.auth, account: undefined, signIn }
  const usualAccount = accountFor(entities)
  const account = signIn ? signInAccount(usualAccount, signIn) : usualAccount
  return {
    auth: {
      kind: 'jwt',
      account: account.name,
      ...(security.credentials && { credentials: security.credentials }),
      ...(signIn && { identity: signIn.identity, ownRoutes: true }),
    },
    account,
    signIn,
  }
}

/** Whether an operation has the route of built-in authentication. */
export const isBuiltIn = (auth: Blueprint['auth'], { method, path }: ReadOperation): boolean =>
  auth.kind === 'jwt' &&
  auth.ownRoutes === undefined &&
  ['POST /auth/register', 'POST /auth/login', 'GET /auth/me'].includes(`${method} ${path}`)
