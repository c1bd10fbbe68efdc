import type { Auth } from '#contract'
import { reject, type Draft } from './draft.ts'
import { PASSWORD } from './field-names.ts'
import { accountOf } from './account.ts'
import { allow } from './access.ts'

/** Sign-in: the wish wins over the prompt, and a password or an access rule asks for it too. */
export function applyAuth(draft: Draft, wish: 'none' | 'jwt' | undefined): Auth {
  const { facts } = draft.reading
  const said = facts.filter((fact) => fact.kind === 'auth')
  const rules = facts.filter((fact) => fact.kind === 'access')
  const withPassword = [...draft.entities.values()].find((entity) =>
    entity.fields.some((field) => PASSWORD.test(field.name)),
  )
  const refused = said.some((fact) => !fact.on) && !said.some((fact) => fact.on)
  const asked =
    said.some((fact) => fact.on) || rules.some((rule) => rule.who !== 'public') || withPassword !== undefined
  const on = wish === undefined ? asked && !refused : wish === 'jwt'
  if (!on) {
    if (wish === 'none') for (const fact of said) if (fact.on) reject(draft, fact.tokens)
    for (const rule of rules) if (rule.who !== 'public') reject(draft, rule.tokens)
    dropPasswords(draft, false)
    return { kind: 'none' }
  }
  if (wish === 'jwt') for (const fact of said) if (!fact.on) reject(draft, fact.tokens)
  const account = accountOf(draft, said, withPassword)
  if (said.length === 0 && wish === undefined) {
    draft.assumptions.add(
      `Added sign-in for ${account.labelPlural.toLowerCase()}, since the prompt ${withPassword ? 'gives them a password' : 'says who may do what'}.`,
    )
  }
  dropPasswords(draft, true)
  allow(draft, account, rules)
  return { kind: 'jwt', account: account.name }
}

function dropPasswords(draft: Draft, on: boolean): void {
  for (const entity of draft.entities.values()) {
    const kept = entity.fields.filter((field) => !PASSWORD.test(field.name))
    if (kept.length === entity.fields.length) continue
    entity.fields = kept
    draft.assumptions.add(
      on
        ? 'The password is no field: it is set at registration and stored as a hash only.'
        : 'Left the password out, since there is no sign-in that could use it.',
    )
  }
}
