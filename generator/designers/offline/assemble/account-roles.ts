import { singular, toKebab } from '../../../blueprint/words.ts'
import type { Draft, DraftEntity } from './draft.ts'
import { listed } from './sentences.ts'

/** Fields of an account that give rights, which nobody may set for himself. */
const RIGHTS =
  /^(?:role|roles|userRole|accountRole|isAdmin|admin|isStaff|staff|isSuperuser|superuser|permissions?)$/i
/** The least that an account can be. */
const ORDINARY =
  /^(?:user|member|customer|client|student|guest|viewer|reader|employee|buyer|patient|player|subscriber|participant|standard|regular|basic|normal)$/

export type AccountRoles = { readonly initial: string; readonly names: readonly string[] }

/**
 * Turns the role field of an account into roles, which are granted and never requested: as a field, everyone could
 * register as an admin. Rights in another form are left out and reported.
 */
export function takeRoles(draft: Draft, account: DraftEntity): AccountRoles | null {
  const rights = account.fields.filter(({ name }) => RIGHTS.test(name))
  account.fields = account.fields.filter((field) => !rights.includes(field))
  const role = rights.find(({ type }) => type.kind === 'enum')
  const others = rights.filter((field) => field !== role)
  if (others.length > 0)
    draft.assumptions.add(
      `Left out ${listed(others.map(({ name }) => name))} of ${account.labelPlural.toLowerCase()}, since accounts could give themselves rights. Name the roles and what each may do instead.`,
    )
  if (role?.type.kind !== 'enum') return null
  const names = [...new Set(role.type.values.map(nameOf))].filter((name) => /^[a-z][a-z0-9-]*$/.test(name))
  const initial =
    names.find((name) => name === nameOf(String(role.default ?? ''))) ??
    names.find((name) => ORDINARY.test(name)) ??
    nameOf(account.label)
  return { initial, names: names.filter((name) => name !== initial).slice(0, 7) }
}

const nameOf = (text: string): string => toKebab(singular(text.toLowerCase()))?.slice(0, 30) ?? ''
