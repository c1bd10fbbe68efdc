import type { Auth } from '#contract'
import type { FactOf } from '../read/facts.ts'
import { reject, type Draft } from './draft.ts'
import { PASSWORD } from './field-names.ts'
import { accountOf } from './account.ts'
import { allow } from './access.ts'
import { rejectRoles } from './roles.ts'

/** Authentication: the option overrides the prompt; a password or an access rule also requires it. */
export function applyAuth(draft: Draft, wish: Auth['kind'] | undefined): Auth {
  const { facts } = draft.reading
  const said = facts.filter((fact) => fact.kind === 'auth')
  const rules = facts.filter((fact) => fact.kind === 'access')
  const withPassword = [...draft.entities.values()].find((entity) =>
    entity.fields.some((field) => PASSWORD.test(field.name)),
  )
  const refused = said.some((fact) => !fact.on) && !said.some((fact) => fact.on)
  const asked =
    said.some((fact) => fact.on) ||
    rules.some((rule) => rule.who !== 'public') ||
    facts.some((fact) => fact.kind === 'privacy' && !fact.weak) ||
    facts.some((fact) => fact.kind === 'role' && !fact.weak) ||
    facts.some((fact) => fact.kind === 'fieldRule' && fact.only) ||
    withPassword !== undefined
  const on = wish === undefined ? asked && !refused : wish !== 'none'
  if (!on) {
    if (wish === 'none') for (const fact of said) if (fact.on) reject(draft, fact.tokens)
    for (const rule of rules) if (rule.who !== 'public') reject(draft, rule.tokens)
    rejectRoles(draft)
    dropPasswords(draft, false)
    return { kind: 'none' }
  }
  if (wish === 'apiKey' || (wish === undefined && isByKey(said))) {
    for (const rule of rules) if (rule.who === 'owner') reject(draft, rule.tokens)
    rejectRoles(draft)
    dropPasswords(draft, false)
    return { kind: 'apiKey' }
  }
  if (wish === 'jwt') for (const fact of said) if (!fact.on) reject(draft, fact.tokens)
  const account = accountOf(draft, said, withPassword)
  if (said.every(({ tokens }) => tokens.length === 0) && wish === undefined) {
    draft.assumptions.add(
      `Added sign-in for ${account.labelPlural.toLowerCase()}, since the prompt ${withPassword ? 'gives them a password' : 'has access rules'}.`,
    )
  }
  dropPasswords(draft, true)
  allow(draft, account, rules)
  return { kind: 'jwt', account: account.name }
}

const PEOPLE = /^(jwts?|log-?ins?|sign-?(in|up)|regist(er|ration)|users?|accounts?|passwords?)$/
const KEYS = /^(x-)?api-?keys?$/

/** Whether the prompt mentions API keys and no other authentication. */
const isByKey = (said: readonly FactOf<'auth'>[]): boolean => {
  const on = said.filter((fact) => fact.on)
  const words = (fact: FactOf<'auth'>) => fact.tokens.map(({ lower }) => lower)
  const byKey = (fact: FactOf<'auth'>) =>
    words(fact).some(
      (word, at, all) => KEYS.test(word) || (word === 'api' && /^keys?$/.test(all[at + 1] ?? '')),
    )
  return on.some(byKey) && !on.some((fact) => words(fact).some((word) => PEOPLE.test(word)))
}

function dropPasswords(draft: Draft, on: boolean): void {
  for (const entity of draft.entities.values()) {
    const kept = entity.fields.filter((field) => !PASSWORD.test(field.name))
    if (kept.length === entity.fields.length) continue
    entity.fields = kept
    draft.assumptions.add(
      on
        ? 'The password is not a field: it is set at registration and stored only as a hash.'
        : 'Omitted the password, since there is no authentication.',
    )
  }
}
