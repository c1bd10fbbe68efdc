import { requesterOf, type Origin } from '#contract'
import { RequestError } from '../http/errors.ts'
import { hasScope, type Caller } from './caller.ts'

/** The person named in a chat origin may cancel the job and is notified, so only a bot may name one. */
export function requireOwnOrigin(caller: Caller, origin: Origin): void {
  if (requesterOf(origin) === null || hasScope(caller, 'bot')) return
  throw new RequestError(
    403,
    'origin_not_allowed',
    `The API key "${caller.name}" may not act for a person in a chat: omit origin, or use a key with the scope bot.`,
    [{ path: 'origin', message: 'Only a key with the scope bot may name a person in a chat.' }],
  )
}
