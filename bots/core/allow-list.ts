import { makeReply, text, type Reply } from './reply.ts'
import type { Logger } from '#lib/log'
import type { HandlerResult } from './handler-result.ts'
import type { Actor, Scope } from './payloads.ts'

/** Empty lists allow everything. */
export type AllowList = {
  readonly users: readonly string[]
  readonly servers: readonly string[]
  /** Ids, and `dm` for direct messages. */
  readonly channels: readonly string[]
}

/** Why a sender is not allowed. `silent` avoids bots replying to each other in a loop. */
export type DenyReason = { readonly silent: true } | { readonly silent: false; readonly reply: Reply }

/** Runs before any other handling. Returns null when the sender is allowed. */
export function denyReason(allowList: AllowList, actor: Actor, scope: Scope): DenyReason | null {
  const { users, servers, channels } = allowList
  if (actor.isBot) return { silent: true }
  if (actor.external) return deny('Only members of the workspace where this app is installed can use it.')
  if (users.length > 0 && !users.includes(actor.userId))
    return deny('You aren’t on the list of people allowed to use this app. Ask your admin to add you.')
  if (scope.server !== null && servers.length > 0 && !servers.includes(scope.server))
    return deny('This app isn’t allowed on this server. Ask your admin to allow it.')
  if (scope.channel === null || channels.length === 0 || channels.includes(scope.channel)) return null
  const places = channels.map((id) => (id === 'dm' ? 'direct messages with the app' : { channel: id }))
  const listed = places.flatMap((place, index) => (index === 0 ? [place] : [', ', place]))
  const why = text('This app isn’t allowed here. You can use it in: ', ...listed)
  return { silent: false, reply: makeReply([why]) }
}

const deny = (why: string): DenyReason => ({ silent: false, reply: makeReply([text(why)]) })

/** Checks a payload against the chat's allow-list and logs a denial. Returns null when allowed. */
export function checkAllowList(
  chat: { readonly allowList: AllowList; readonly log: Logger },
  { actor, scope }: { readonly actor: Actor; readonly scope: Scope },
): Extract<HandlerResult<never>, { kind: 'deny' }> | null {
  const reason = denyReason(chat.allowList, actor, scope)
  if (reason === null) return null
  const { userId, external, isBot } = actor
  chat.log.info({ userId, external, isBot }, 'sender not allowed')
  return { kind: 'deny', reply: reason.silent ? null : reason.reply }
}
