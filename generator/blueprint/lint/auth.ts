import { Operation, type Blueprint, type Entity } from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'
import { lintOwner } from './owner.ts'

/** Authentication: the account can sign in, and nothing requires an account if there is none. */
const PASSWORD = /^(password|passwordhash|hashedpassword|passwordsalt|passwd|pwd)$/i

export function lintAuth(blueprint: Blueprint, report: Report): void {
  const { auth, entities } = blueprint
  if (auth.kind === 'apiKey') lintHeader(auth, report)
  if (auth.kind !== 'jwt') {
    for (const entity of entities) lintOpen(entity, auth.kind, report)
    return
  }
  const account = entities.find(({ name }) => name === auth.account)
  if (account === undefined) {
    report.error({
      code: 'auth.no-account',
      path: 'auth.account',
      what: `The account entity ${auth.account} does not exist.`,
      why: 'Its rows are the accounts.',
      fix: `Add the entity ${auth.account} with a required, unique email field, or name another entity.`,
    })
    return
  }
  lintAccount(account, auth.identity ?? 'email', report)
  for (const entity of entities) lintOwner(entity, account, report)
}

/** Headers that clients, proxies and servers set themselves. */
const TAKEN_HEADERS =
  /^(accept(-.*)?|authorization|cache-control|connection|content-.*|cookie|date|expect|forwarded|from|host|if-.*|keep-alive|origin|pragma|proxy-.*|range|referer|sec-.*|te|trailer|transfer-encoding|upgrade|user-agent|via|x-forwarded-.*)$/i

function lintHeader(auth: Extract<Blueprint['auth'], { kind: 'apiKey' }>, report: Report): void {
  const { header } = auth
  if (header === undefined || !TAKEN_HEADERS.test(header)) return
  delete auth.header
  report.fixed({
    code: 'auth.header',
    path: 'auth.header',
    what: `The API key is in the header ${header}.`,
    why: 'Clients, proxies and servers set this header themselves.',
    fix: 'Moved to X-API-Key.',
  })
}

/** Without authentication nothing can have an owner. Making the rows public instead would not be safe. */
function lintOpen(entity: Entity, kind: 'none' | 'apiKey', report: Report): void {
  const at = `entities.${entity.name}`
  const places = [
    ['access.read', entity.access.read],
    ['access.write', entity.access.write],
    ...Operation.options.flatMap((operation) => {
      const policy = entity.policies?.[operation]
      return policy === undefined ? [] : [[`policies.${operation}`, policy.who] as const]
    }),
  ] as const
  for (const [place, who] of places) {
    if (who === 'public' || who === 'roles' || (who === 'authenticated' && kind === 'apiKey')) continue
    report.error({
      code: 'access.without-auth',
      path: `${at}.${place}`,
      what: `The ${place} of ${entity.name} is for ${who === 'owner' ? 'its owner' : 'signed-in users'} only, but there is no authentication.`,
      why: 'Access by account needs authentication.',
      fix:
        kind === 'apiKey'
          ? 'Set auth to jwt with an account entity, or allow every API key (authenticated).'
          : 'Set auth to jwt with an account entity, or make the access public.',
    })
  }
  if (entity.owner === undefined) return
  const { owner } = entity
  delete entity.owner
  report.fixed({
    code: 'owner.without-auth',
    path: `${at}.owner`,
    what: `${entity.name} has the owner ${owner}, but there is no authentication.`,
    why: 'The owner is read from the token.',
    fix: `${owner} is now an ordinary relation.`,
  })
}

function lintAccount(account: Entity, identity: string, report: Report): void {
  const at = `entities.${account.name}`
  dropWhere(account.fields, (field) => {
    if (!PASSWORD.test(field.name)) return false
    report.fixed({
      code: 'account.password',
      path: `${at}.fields.${field.name}`,
      what: `${account.name} has a password field.`,
      why: 'Passwords are set at registration, stored as a hash and never returned.',
      fix: `Removed the field ${field.name}.`,
    })
    return true
  })
  if (identity === 'email') lintEmail(account, at, report)
  else lintIdentity(account, identity, at, report)
  if (account.operations.includes('create')) {
    account.operations = account.operations.filter((operation) => operation !== 'create')
    report.fixed({
      code: 'account.create',
      path: `${at}.operations`,
      what: `${account.name} can be created at ${account.path}.`,
      why: 'Accounts come from POST /auth/register; an account without a password could never sign in.',
      fix: 'Removed the create operation.',
    })
  }
  if (account.access.write === 'public') {
    account.access.write = 'owner'
    report.fixed({
      code: 'account.public-write',
      path: `${at}.access.write`,
      what: `Anyone may change or delete any ${account.name}.`,
      why: 'Changing the email of an account takes it over.',
      fix: `Each ${account.name} may now change only itself.`,
    })
  }
  for (const change of ['update', 'delete'] as const) {
    if (account.policies?.[change]?.who !== 'public') continue
    account.policies[change] = { who: 'owner' }
    report.fixed({
      code: 'account.public-write',
      path: `${at}.policies.${change}`,
      what: `Anyone may ${change} any ${account.name}.`,
      why: 'Changing the email of an account takes it over.',
      fix: `Each ${account.name} may now ${change} only itself.`,
    })
  }
  if (account.owner !== undefined) {
    delete account.owner
    report.fixed({
      code: 'owner.account',
      path: `${at}.owner`,
      what: `The account ${account.name} has an owner.`,
      why: 'Accounts own themselves.',
      fix: 'Removed the owner.',
    })
  }
}

/** What accounts sign in with at routes of their own. */
function lintIdentity(account: Entity, identity: string, at: string, report: Report): void {
  const field = account.fields.find(({ name }) => name === identity)
  if (field?.required && field.unique) return
  report.error({
    code: 'account.identity',
    path: `${at}.fields.${identity}`,
    what: `The account ${account.name} has no required, unique field ${identity}.`,
    why: 'Accounts sign in with it.',
    fix: `Add it, or make it required and unique.`,
  })
}

function lintEmail(account: Entity, at: string, report: Report): void {
  const finding = {
    code: 'account.email',
    path: `${at}.fields.email`,
    why: 'Accounts sign in with their email.',
  }
  const email = account.fields.find((field) => field.name === 'email')
  if (email === undefined) {
    account.fields.unshift({
      name: 'email',
      label: 'Email',
      type: { kind: 'email' },
      required: true,
      unique: true,
      example: 'grace@example.com',
    })
    report.fixed({
      ...finding,
      what: `The account ${account.name} has no field email.`,
      fix: 'Added a required, unique email.',
    })
    return
  }
  if (email.type.kind === 'email' && email.required && email.unique && email.default === undefined) return
  Object.assign(email, { type: { kind: 'email' }, required: true, unique: true })
  delete email.default
  report.fixed({
    ...finding,
    what: `The email of the account ${account.name} is not a required, unique email address without a default.`,
    fix: 'Fixed.',
  })
}
