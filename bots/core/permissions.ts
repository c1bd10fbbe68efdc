import { requesterOf, type Origin, type PreferenceHolder } from '#contract'
import type { Piece } from './reply.ts'

/** The person making a request, with the permissions the chat knows about. */
export type Caller = {
  readonly requester: string
  /** Whether the origin is in the caller's workspace or server, so that its jobs are visible. */
  isInSameWorkspace(origin: Origin): boolean
  /** Whether the settings let the caller refine this job of another person. */
  mayRefine(origin: Origin): boolean
  /** Called only when needed, since it may require a lookup. False if the lookup fails. */
  isAdmin(): Promise<boolean>
  /** Why the caller may not change these settings, in a sentence; null if they may. Never throws: not if unknown. */
  configureRefusal(holder: PreferenceHolder): Promise<string | null>
}

/** How a chat displays people: the requester of a job, and the admins. */
export type DisplayNames = {
  /** Null for a requester of another chat. */
  person(requester: string): Piece | null
  readonly admins: readonly Piece[]
}

/** Requesters see their own jobs everywhere; others only within the same workspace or server. */
export const canView = (caller: Caller, origin: Origin): boolean =>
  requesterOf(origin) === caller.requester || caller.isInSameWorkspace(origin)

/**
 * Requesters may manage their own jobs, admins every job, and the team may refine them where a setting allows it. Null:
 * allowed; otherwise text that says who may.
 */
export async function manageDenyReason(
  caller: Caller,
  origin: Origin,
  naming: DisplayNames,
  what: 'manage' | 'refine' = 'manage',
): Promise<Piece[] | null> {
  const requester = requesterOf(origin)
  if (what === 'refine' && caller.mayRefine(origin)) return null
  if (requester === caller.requester || (await caller.isAdmin())) return null
  const owner = requester === null ? null : naming.person(requester)
  const who: Piece[][] = [
    ...(owner === null ? [] : [[owner, ', who requested it,']]),
    ...naming.admins.map((admin) => [admin]),
  ]
  if (who.length === 0)
    return [
      'No one can do that from here: the job was requested in another chat and no admins are configured.',
    ]
  return [
    'Only ',
    ...who.flatMap((pieces, index) =>
      index === 0 ? pieces : [index === who.length - 1 ? ' or ' : ', ', ...pieces],
    ),
    ' can do that.',
  ]
}
