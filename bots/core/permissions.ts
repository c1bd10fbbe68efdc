import { requesterOf, type Origin } from '#contract'
import type { Piece } from './reply.ts'

/** A person who asks: as `requesterOf` names them, and with what the chat knows of their rights. */
export type Asker = {
  readonly requester: string
  /** Whether a job that was asked for there is any business of people here: of the same workspace, on the same server. */
  sees(origin: Origin): boolean
  /** Asked only where it matters, since a chat may have to look it up. False when it cannot be found out. */
  isAdmin(): Promise<boolean>
}

/** How a chat names people: the requester of a job, and those who may act on any job. */
export type Naming = {
  /** Null for a requester of another chat. */
  person(requester: string): Piece | null
  readonly admins: readonly Piece[]
}

/** Whoever asked for a job sees it from everywhere; to others where they are not, it is as if it were not there. */
export const maySee = (asker: Asker, origin: Origin): boolean =>
  requesterOf(origin) === asker.requester || asker.sees(origin)

/** Whoever asked for a job may act on it, and admins on every job. Null: may; else who may, in words. */
export async function refusalToManage(asker: Asker, origin: Origin, naming: Naming): Promise<Piece[] | null> {
  const requester = requesterOf(origin)
  if (requester === asker.requester || (await asker.isAdmin())) return null
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
