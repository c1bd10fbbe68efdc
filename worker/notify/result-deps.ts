import type { ArchiveInfo, JobId } from '#contract'
import type { Logger } from '#lib/log'
import type { LinkTo } from '#lib/signed-link'
import type { JobStore } from '#store/job-store'
import type { Notification, ResultArchive } from '../../bots/core/cards/notification.ts'
import { ChatError, type Chat, type Destination, type FoundFile } from '../../bots/core/chat.ts'
import type { ConversationState } from './conversation-state.ts'
import type { Messages } from './messages.ts'

/** Upload failures before a link is sent instead. */
export const MAX_UPLOAD_FAILURES = 5

export const NOT_TAKEN = 'The archive could not be attached here.'

export type ResultDeps = {
  readonly jobId: JobId
  /** Null when the job has none. */
  readonly archive: ArchiveInfo | null
  /** The result message, by where the archive is. */
  resultWith(archive: ResultArchive | null): Notification
  /** In bytes; a larger archive is sent as a link. */
  readonly uploadLimit: number
  readonly chat: Chat
  readonly messages: Messages
  readonly place: Destination
  /** The job has no older messages. */
  readonly since: Date
  readonly state: ConversationState
  save(): Promise<void>
  resetBackoff(): void
  readonly store: Pick<JobStore, 'openArchive'>
  /** Creates a link that works without a key. Null when PUBLIC_URL is not set. */
  readonly linkTo: LinkTo | null
  /** Interval between checks for a shared file, in milliseconds. */
  readonly shareCheckMs: number
  readonly signal: AbortSignal
  readonly log: Logger
}

export async function findFile(
  { chat, place, since, log, jobId }: ResultDeps,
  archive: ArchiveInfo,
): Promise<FoundFile | null> {
  try {
    return await chat.findFile(place, archive, since)
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'refused') throw error
    // A duplicate is better than no archive.
    log.warn({ jobId, reason: error.reason }, 'cannot check for an existing archive, sharing it')
    return null
  }
}

export function settle({ state, save }: ResultDeps, by: 'upload' | 'link' | 'none', why = ''): Promise<void> {
  state.archive = { ...state.archive, by, why }
  return save()
}

/** @param resultId the message with the file; null when that is only the file, posted by an earlier version */
export function settleUpload(deps: ResultDeps, resultId: string | null): Promise<void> {
  if (resultId !== null) deps.state.result = { id: resultId, shown: null }
  return settle(deps, 'upload')
}
