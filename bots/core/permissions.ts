import { requesterOf, type Origin } from '#contract'
import type { Piece } from './reply.ts'

/** A person who asks: as `requesterOf` names them, and with what the chat knows of their rights. */
export type Caller = {
  readonly requester: string
  /** Whether a job that was asked for there is any business of people here: of the same workspace, on the same server. */
  isInSameWorkspace(origin: Origin): boolean
  /** Asked only where it matters, since a chat may have to look it up. False when it cannot be found out. */
  isAdmin(): Promise<boolean>
}

/** How a chat names people: the requester of a job, and those who may act on any job. */
export type DisplayNames = {
  /** Null for a requester of another chat. */
  person(requester: string): Piece | null
  readonly admins: readonly Piece[]
}

/** Whoever asked for a job sees it from everywhere; to others where they are not, it is as if it were not there. */
export const canView = (caller: Caller, origin: Origin): boolean =>
  requesterOf(origin) === caller.requester || caller.isInSameWorkspace(origin)

/** Whoever asked for a job may act on it, and admins on every job. Null: may; else who may, in words. */
export async function manageDenyReason(
  caller: Caller,
  origin: Origin,
  naming: DisplayNames,
): Promise<Piece[] | null> {
  const requester = requesterOf(origin)
  if (requester === caller.requester || (await caller.isAdmin())) return null
  const owner = requester === null ? null : naming.person(requester)
  const who = [...(owner === null ? [] : [owner]), ...naming.admins]
  if (who.length === 0)
    return [
      'Nobody can do that from here: the job was not asked for in this chat, and no admins are configured.',
    ]
  return [
    'Only ',
    ...who.flatMap((piece, index) =>
      index === 0 ? [piece] : [index === who.length - 1 ? ' or ' : ', ', piece],
    ),
    ' can do that',
    owner === null ? '.' : ', since it is their job.',
  ]
}
