import { answer, text, type Answer } from './reply.ts'
import type { Logger } from '#lib/log'
import type { Handled } from './handled.ts'
import type { Actor, Scope } from './payloads.ts'

/** Empty lists allow everything. */
export type AllowList = {
  readonly users: readonly string[]
  readonly servers: readonly string[]
  /** Ids, and `dm` for direct messages. */
  readonly channels: readonly string[]
}

/** Why a sender is not allowed; `silent` where an answer could start two machines talking. */
export type DenyReason = { readonly silent: true } | { readonly silent: false; readonly answer: Answer }

/** The first check of everything that comes in. Null: allowed. */
export function denyReason(allowList: AllowList, actor: Actor, scope: Scope): DenyReason | null {
  const { users, servers, channels } = allowList
  if (actor.machine) return { silent: true }
  if (actor.external) return because('Only members of the workspace that this app belongs to can use it.')
  if (users.length > 0 && !users.includes(actor.userId))
    return because('You are not on the list of people who may use this app. Whoever runs it can add you.')
  if (scope.server !== null && servers.length > 0 && !servers.includes(scope.server))
    return because('This app may not be used on this server. Whoever runs it can allow that.')
  if (scope.channel === null || channels.length === 0 || channels.includes(scope.channel)) return null
  const places = channels.map((id) => (id === 'dm' ? 'direct messages with the app' : { channel: id }))
  const listed = places.flatMap((place, index) => (index === 0 ? [place] : [', ', place]))
  const why = text('This app may not be used here. These are the places where it may: ', ...listed)
  return { silent: false, answer: answer([why]) }
}

const because = (why: string): DenyReason => ({ silent: false, answer: answer([text(why)]) })

/** The same for a chat, which logs it. Null: allowed. */
export function denied(
  chat: { readonly allowList: AllowList; readonly log: Logger },
  { actor, scope }: { readonly actor: Actor; readonly scope: Scope },
): Extract<Handled<never>, { kind: 'deny' }> | null {
  const reason = denyReason(chat.allowList, actor, scope)
  if (reason === null) return null
  const { userId, external, machine } = actor
  chat.log.info({ userId, external, machine }, 'sender not allowed')
  return { kind: 'deny', answer: reason.silent ? null : reason.answer }
}
